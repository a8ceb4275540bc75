#include "app/compare_options.h"

#include "app/ready_made_comparisons.h"
#include "engine/data_set.h"

#include <stdexcept>

namespace embedscope {
namespace {

std::vector<std::string> splitAtCommas(const std::string& text) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (true) {
        const std::size_t comma = text.find(',', begin);
        parts.push_back(text.substr(begin, comma - begin));
        if (comma == std::string::npos) return parts;
        begin = comma + 1;
    }
}

bool isGrid(const CompareOptions& options) {
    return !options.grid.empty() || options.source.empty();
}

Comparison gridOf(CompareOptions options) {
    if (!options.source.empty() && !options.experiment.folder.empty())
        throw std::invalid_argument("Both \"" + options.source + "\" and \"" + options.experiment.folder +
                                    "\" were given; a grid takes one folder of images.");
    if (options.experiment.folder.empty()) options.experiment.folder = options.source;
    const auto equals = options.grid.find('=');
    if (!options.grid.empty() && equals == std::string::npos)
        throw std::invalid_argument('"' + options.grid +
                                    "\" is no grid; write for example --grid loss.margin=0.2,0.5,1.");
    if (options.grid.empty() && options.seeds.empty())
        throw std::invalid_argument(
            "There is nothing to compare; name a comparison.json or a ready-made one (embedscope list comparisons), or "
            "give --grid or --seeds.");
    const Experiment experiment = experimentOf(options.experiment);
    if (options.seeds.empty()) options.seeds = {experiment.seed};
    if (options.grid.empty()) return makeGrid(experiment, "", {}, options.seeds);
    return makeGrid(experiment, options.grid.substr(0, equals), splitAtCommas(options.grid.substr(equals + 1)),
                    options.seeds);
}

Comparison storedComparison(const CompareOptions& options) {
    if (!options.experiment.experimentFile.empty())
        throw std::invalid_argument("--experiment is what a grid varies; leave it out, or give --grid.");
    std::error_code unknown;
    const bool isFile = std::filesystem::exists(options.source, unknown);
    Comparison comparison = isFile ? readComparison(options.source) : readyMadeComparison(options.source);
    for (ComparedRun& run : comparison.runs) {
        if (!isFile) run.experiment.data.folder = bundledSampleFolder();  // unless another is laid over it
        run.experiment = laidOver(run.experiment, options.experiment);
    }
    return options.seeds.empty() ? comparison : withSeeds(comparison, options.seeds);
}

}  // namespace

void addCompareOptions(CLI::App& command, CompareOptions& options) {
    command
        .add_option("comparison", options.source,
                    "A comparison.json, or a ready-made one of embedscope list comparisons; with --grid the folder of "
                    "images")
        ->type_name("COMPARISON");
    command
        .add_option("--grid", options.grid,
                    "Compare values of one setting, named as in experiment.json: loss.margin=0.2,0.5,1 or "
                    "miner=all,semi_hard")
        ->type_name("NAME=VALUES");
    command.add_option("--seeds", options.seeds, "Every run with each of these seeds, e.g. 1,2,3")
        ->delimiter(',')
        ->type_name("SEEDS")
        ->allow_extra_args(false);  // a folder may follow
    command.add_option("--goal", options.goal, "The table tells how long a run took to this Recall@1, e.g. 0.8");
    const auto setPace = [&options](const std::string& name) {
        if (name != "lock_step" && name != "free")
            throw CLI::ValidationError("--pace", '"' + name + "\" is unknown; choose one of: lock_step, free.");
        options.pace = name == "free" ? Pace::Free : Pace::LockStep;
    };
    command
        .add_option_function<std::string>("--pace", setPace,
                                          "All runs step by step together, or each as fast as it can: lock_step, free")
        ->type_name("NAME");
    command
        .add_option("--out", options.out,
                    "Folder for comparison.json, table.csv, report.html and a run folder for each run")
        ->type_name("DIR")
        ->required();
    command.add_flag("--json", options.json, "Print the result as one line of JSON");
    command.add_flag("--quiet", options.quiet, "No progress on standard error");
    command.add_option("--picture-size", options.pictureSize, "Width and height of the report's maps in pixels");
    command.add_flag("--dark", options.dark, "Maps on dark ground");
    addExperimentOptions(command, options.experiment);
}

Comparison withSeeds(const Comparison& comparison, const std::vector<std::uint64_t>& seeds) {
    Comparison all = comparison;
    all.runs.clear();
    for (const ComparedRun& run : comparison.runs)
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            ComparedRun seeded = run;
            seeded.experiment.seed = seeds[i];
            if (seeds.size() > 1) seeded.name += ", seed " + std::to_string(seeds[i]);
            if (seeded.fork) seeded.fork->parent = seeded.fork->parent * seeds.size() + i;
            all.runs.push_back(std::move(seeded));
        }
    return all;
}

Comparison comparisonOf(const CompareOptions& options) {
    Comparison comparison = isGrid(options) ? gridOf(options) : storedComparison(options);
    if (options.pace) comparison.pace = *options.pace;
    if (options.goal) comparison.recallGoal = *options.goal;
    std::string wrong;
    for (const std::string& problem : problems(comparison)) wrong += (wrong.empty() ? "" : "\n") + problem;
    if (!wrong.empty()) throw std::invalid_argument(wrong);
    return comparison;
}

}  // namespace embedscope
