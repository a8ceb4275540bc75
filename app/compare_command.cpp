#include "app/compare_command.h"

#include "app/compared_runs.h"
#include "app/headless_pictures.h"
#include "app/load_images.h"
#include "engine/comparison_report.h"
#include "engine/layout_alignment.h"
#include "engine/projection.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr int kInterrupted = 130;  // What a shell expects after Ctrl+C.

/// Before the images are read, which may take minutes.
void refuseUsedFolder(const std::filesystem::path& out) {
    if (std::filesystem::exists(out / "comparison.json"))
        throw std::runtime_error("\"" + out.string() + "\" already holds a comparison; choose another folder.");
}

void makeFolder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        throw std::runtime_error("The folder \"" + folder.string() + "\" cannot be made: " + failure.message() +
                                 "; choose another.");
}

/// Each folder is read once, whoever uses it. @return Empty if interrupted.
RunImages loadAll(const Comparison& comparison, const ImageCache& cache, Doorbell& bell, const Interrupt& interrupt,
                  Progress& progress) {
    std::vector<std::pair<DataSettings, std::shared_ptr<const DataSet>>> read;
    RunImages images;
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        const Experiment& experiment = comparison.runs[i].experiment;
        auto known = std::ranges::find(read, experiment.data, &decltype(read)::value_type::first);
        if (known == read.end()) {
            read.emplace_back(experiment.data, loadImages(experiment.data, cache, bell, interrupt, progress));
            known = read.end() - 1;
        }
        if (!known->second) return {};
        const auto alike = [&](const ComparedRun& other) {
            return other.experiment.seed == experiment.seed && other.experiment.data == experiment.data;
        };
        const auto twin =
            static_cast<std::size_t>(std::ranges::find_if(comparison.runs, alike) - comparison.runs.begin());
        // Twins share one hold-out; what is wrong with the data is told before the first run starts.
        const std::shared_ptr<const DataSet> own = preparedFor(experiment, *known->second);
        images.push_back(twin < i ? images[twin] : own);
    }
    return images;
}

std::string inWords(const DataSet& data) {
    const auto held = std::ranges::count(data.samples, Split::HoldOut, &Sample::split);
    return data.name + ": " + std::to_string(data.size()) + " images of " + std::to_string(data.classNames.size()) +
           " classes, " + std::to_string(held) + " of them held out.";
}

std::string remarkOn(const Snapshot& last) {
    if (last.phase == RunPhase::Failed) return last.message;
    if (last.phase == RunPhase::Stopped) return "Stopped at step " + std::to_string(last.step) + '.';
    return "";
}

/// In one frame: each is turned onto the first, so that a cluster lies in the same place in all. None of a run whose
/// embeddings are not finite any more.
std::vector<std::vector<std::uint8_t>> maps(const Snapshots& last, const RunImages& images, const PictureStyle& style) {
    std::vector<std::vector<std::uint8_t>> pictures;
    std::shared_ptr<const Layout> first;
    for (std::size_t run = 0; run < last.size(); ++run) {
        std::shared_ptr<const Layout> layout = last[run]->bank ? projectOnce(last[run]->bank) : nullptr;
        if (layout && first) layout = moved(*layout, motionOnto(*first, *layout));
        if (!first) first = layout;
        pictures.push_back(layout ? pictureBytes(*layout, *images[run], style) : std::vector<std::uint8_t>{});
    }
    return pictures;
}

ComparisonReport reportOf(const Comparison& comparison, const Snapshots& last, const RunImages& images,
                          const CompareOptions& options) {
    const PictureStyle style{{options.pictureSize.first, options.pictureSize.second}, options.dark};
    ComparisonReport report;
    report.comparison = comparison;
    report.images = inWords(*images.front());
    report.folder = options.out;
    for (std::size_t run = 0; run < last.size(); ++run) {
        report.rows.push_back(rowOf(*last[run], comparison.recallGoal));
        report.remarks.push_back(remarkOn(*last[run]));
    }
    report.pictures = maps(last, images, style);
    return report;
}

std::string textOf(const ComparisonReport& report) {
    std::string text;
    for (std::size_t run = 0; run < report.rows.size(); ++run) {
        text += report.comparison.runs[run].name + ':';
        for (const ComparisonColumn& column : comparisonColumns())
            text += (column.id == "epoch" ? " " : ", ") + column.label + ' ' +
                    writtenNumber(column, report.rows[run].*column.number);
        text += '\n';
    }
    for (const std::string& verdict : verdicts(report.comparison, report.rows)) text += verdict + '\n';
    return text + "Stored in \"" + report.folder.string() + "\"; open report.html there.";
}

int codeOf(const Comparison& comparison, const Snapshots& last, const Interrupt& interrupt) {
    int code = 0;
    for (std::size_t run = 0; run < last.size(); ++run) {
        if (last[run]->phase != RunPhase::Failed) continue;
        std::cerr << "embedscope: " << comparison.runs[run].name << ": " << last[run]->message << '\n';
        code = 1;
    }
    return interrupt.raised() ? kInterrupted : code;
}

}  // namespace

int runCompare(const CompareOptions& options, const RunFactory& startRun) {
    const Comparison comparison = comparisonOf(options);
    refuseUsedFolder(options.out);
    prepareHeadlessPictures();

    Doorbell bell;
    const Interrupt interrupt(bell);
    Progress progress(options.quiet);
    const RunImages images = loadAll(comparison, imageCacheOf(options.experiment), bell, interrupt, progress);
    if (images.empty()) return kInterrupted;
    for (const std::string& warning : twinWarnings(comparison)) progress.say("Not quite twins: " + warning);
    const Starts starts = forkStarts(comparison, images, startRun, bell, interrupt, progress);
    if (starts.empty()) return kInterrupted;
    makeFolder(options.out);
    writeComparison(options.out / "comparison.json", comparison);

    const Snapshots last = trainTogether(comparison, images, options.out, starts, startRun, bell, interrupt, progress);
    const ComparisonReport report = reportOf(comparison, last, images, options);
    writeText(options.out / "table.csv", tableCsv(comparison, report.rows));
    writeText(options.out / "report.html", htmlReport(report));
    progress.finishLine();
    std::cout << (options.json ? resultJson(report) : textOf(report)) << std::endl;
    return codeOf(comparison, last, interrupt);
}

}  // namespace embedscope
