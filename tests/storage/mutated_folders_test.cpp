// Folders in which one file was changed at random: what is in them is read as far as it goes, or refused with a
// sentence (std::runtime_error), never a crash, and memory stays bounded.

#include "engine/data_load.h"
#include "engine/machine.h"
#include "engine/run_description.h"
#include "engine/run_export.h"
#include "engine/run_list.h"
#include "engine/run_notes.h"
#include "engine/run_points.h"
#include "engine/run_resume.h"
#include "engine/storage/growing_lines.h"
#include "engine/storage/metrics_columns.h"
#include "engine/storage/run_lock.h"
#include "engine/training/metrics_history.h"
#include "engine/viewing/run_events.h"
#include "tests/support/kept_run.h"
#include "tests/support/mutations.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <opencv2/imgcodecs.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <optional>
#include <vector>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kRoom = std::uint64_t{768} << 20;

/// As the follower of a live run does.
void follow(const fs::path& folder) {
    std::optional<MetricsColumns> columns;
    MetricsHistory history;
    for (const std::string& line : GrowingLines(folder / "metrics.csv").next())
        if (!columns)
            columns.emplace(line);
        else if (const auto row = columns->rowOf(line))
            history.add(*row);
    RunEvents events;
    for (const std::string& line : GrowingLines(folder / "events.jsonl").next()) takeEvent(line, events);
}

std::vector<fs::path> filesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

}  // namespace

class MutatedFoldersTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path at(const std::string& name) const { return fs::path(temporary_.path().toStdString()) / name; }

    /// @return Whether it was refused.
    static bool refused(const std::function<void()>& read, int mutation) {
        try {
            read();
        } catch (const std::runtime_error& sentence) {
            if (std::string(sentence.what()).size() < 20) qFatal("mutation %d: %s", mutation, sentence.what());
            return true;
        }
        return false;
    }

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void ARunFolderIsReadOrRefused() {
        const fs::path run = at("run");
        trainInto(run, smallExperiment(), syntheticData());
        writeRunNotes(run, {"a note", "tag, another"});
        fs::remove(run / "weights.safetensors");  // large, and read as the checkpoints are
        const std::vector<fs::path> files = filesIn(run);
        std::mt19937 random(5);
        const MemoryBound bound(kRoom);
        const std::vector<std::function<void()>> readers{[&] { describeRun(run); },
                                                         [&] { samplesWithoutPictures(run, describeRun(run)); },
                                                         [&] { keptRuns(run); },
                                                         [&] { newestPoints(run); },
                                                         [&] { resumePointOf(run); },
                                                         [&] { follow(run); },
                                                         [&] { readRunNotes(run); },
                                                         [&] { writerOf(run); },
                                                         [&] { exportRun(run, "csv", at("out.csv")); },
                                                         [&] { exportRun(run, "tensorboard", at("events")); },
                                                         [&] { exportRun(run, "onnx", at("out.onnx")); }};
        int refusals = 0;
        for (int i = 0; i < mutationCount(400); ++i) {
            const fs::path& file = files[random() % files.size()];
            const std::string whole = textOf(file);
            if (random() % 8 == 0)
                fs::remove(file);
            else
                replaceFile(file, mutated(whole, random));
            for (const auto& read : readers) refusals += refused(read, i);
            replaceFile(file, whole);
        }
        QVERIFY(refusals > 100);
        QCOMPARE(describeRun(run).samples, syntheticData()->size());
    }

    void AFolderWithADamagedImageOpensWithoutIt() {
        cv::Mat picture(12, 9, CV_8UC3);
        cv::randu(picture, 0, 255);
        const char* const kNames[] = {"a.png", "b.jpg", "c.bmp", "d.ppm", "e.tif", "f.webp"};
        std::vector<fs::path> files;
        fs::create_directories(at("images/x"));
        fs::create_directories(at("images/y"));
        for (const char* name : kNames) {
            files.push_back(at("images/x") / name);
            QVERIFY(cv::imwrite(files.back().string(), picture));
        }
        cv::imwrite(at("images/y/good.png").string(), picture);
        const std::size_t all = std::size(kNames) + 1;
        QCOMPARE(loadDataSet({.folder = at("images")})->size(), all);
        std::mt19937 random(6);
        const MemoryBound bound(kRoom);
        int skipped = 0;
        for (int i = 0; i < mutationCount(400); ++i) {
            const fs::path& file = files[random() % files.size()];
            const std::string whole = textOf(file);
            replaceFile(file, mutated(whole, random));
            const bool refusal = refused(
                [&] {
                    const auto data = loadDataSet({.folder = at("images")});
                    if (data->size() + data->skipped.size() != all) qFatal("mutation %d: a file was lost", i);
                    skipped += static_cast<int>(data->skipped.size());
                },
                i);
            QVERIFY(!refusal);
            replaceFile(file, whole);
        }
        QVERIFY(skipped > 20);
    }
};

QTEST_GUILESS_MAIN(MutatedFoldersTest)
#include "mutated_folders_test.moc"
