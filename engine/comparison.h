#pragma once

#include "engine/experiment.h"
#include "engine/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Where a run leaves another one.
struct Fork {
    std::size_t parent = 0;  ///< Index into Comparison::runs; always smaller than the index of the fork.
    std::int64_t step = 0;   ///< The last one that both share.
};

struct ComparedRun {
    std::string name;
    Experiment experiment;
    std::optional<Fork> fork;  ///< None: starts at step 0.
};

/// In which order twins take their steps. It changes no number, only what can be seen together and when it is done.
enum class Pace {
    LockStep,  ///< Step k of all runs, then step k + 1: each is as far as the others at any moment.
    Free       ///< Each as fast as it can.
};

/// Runs under conditions that make them comparable, and how they are looked at. Saved as comparison.json.
struct Comparison {
    std::string name;
    std::string about;              ///< What there is to see, in a sentence or two; of ready-made ones.
    std::vector<ComparedRun> runs;  ///< 2..6 in the window; a grid may have up to 64 without one.
    Pace pace = Pace::LockStep;
    double recallGoal = 0.8;  ///< The table tells how long each run took to this Recall@1, 0..1.
};

inline constexpr std::size_t kMostPanes = 6;
inline constexpr std::size_t kMostComparedRuns = 64;

/// One sentence for each setting that cannot work; empty if all can.
std::vector<std::string> problems(const Comparison& comparison);

/// As text, every setting written out, and back; what is left out keeps its standard value.
/// @throws std::runtime_error naming the key for text that is no comparison; unknown keys are errors.
std::string toJson(const Comparison& comparison);
Comparison comparisonFromJson(std::string_view text);

/// @throws std::runtime_error naming the file if it cannot be read, is larger than 1 MiB or is no comparison.
Comparison readComparison(const std::filesystem::path& file);
/// In full or not at all. @throws std::runtime_error naming the file if it cannot be written.
void writeComparison(const std::filesystem::path& file, const Comparison& comparison);

/// A setting in which some of the runs differ.
struct SettingDifference {
    std::string id;                   ///< Path in experiment.json, e.g. "loss.margin".
    std::string label;                ///< As the form calls it, e.g. "Margin".
    std::vector<std::string> values;  ///< [runs] as the form writes them; empty where a run has no such setting.
};

/// Of all settings that count; parameters of a choice (loss, miner) with their standard values where none are set.
/// A setting that only some runs have is listed if these differ in it or it was set. Seed and name come last.
std::vector<SettingDifference> differences(const Comparison& comparison);

/// What keeps these runs from being twins, one sentence each, with what therefore differs, e.g. "“B” draws batches of
/// 64 images and “A” of 128: they do not see the same images in the same step." Empty for true twins.
std::vector<std::string> twinWarnings(const Comparison& comparison);

/// One parameter in several values, each with several seeds, from one experiment.
/// @param path As SettingDifference::id, or empty with no values: seeds alone. @param values As JSON, "0.2", or a name
/// without quotes: "triplet_margin" for "loss", the name of an option for a parameter. @param seeds At least one.
/// @throws std::invalid_argument with one sentence if there is no such setting or a value does not fit it.
Comparison makeGrid(const Experiment& experiment, const std::string& path, const std::vector<std::string>& values,
                    const std::vector<std::uint64_t>& seeds);

/// A row of the table of a comparison. NaN: not known.
struct ComparisonRow {
    std::int64_t step = 0;
    double epoch = 0, seconds = 0;  ///< Seconds of training, pauses left out.
    double loss = MetricsRow::kNone;
    double recallAt1 = MetricsRow::kNone;    ///< The newest one on the hold-out.
    double mapAtR = MetricsRow::kNone;       ///< As the measure of the same name.
    double auc = MetricsRow::kNone;          ///< Of similar against dissimilar pairs.
    double distanceGap = MetricsRow::kNone;  ///< (mean dissimilar - mean similar) / pooled standard deviation.
    double effectiveRank = MetricsRow::kNone;
    double activeFraction = MetricsRow::kNone;
    double imagesPerSecond = MetricsRow::kNone;
    double secondsToGoal = MetricsRow::kNone;  ///< Until Recall@1 first reached Comparison::recallGoal.
};

ComparisonRow rowOf(const Snapshot& snapshot, double recallGoal);

/// Runs that differ only in their seed, taken together.
struct SeedGroup {
    std::vector<std::size_t> runs;  ///< Indices into Comparison::runs.
    std::string name;               ///< What they share and others do not, e.g. "margin 0.5".
};

std::vector<SeedGroup> seedGroups(const Comparison& comparison);

/// Which of two groups is ahead in Recall@1, paired by seed (Student's t, two-sided), in one sentence a person can
/// read, e.g. "“semi-hard” is ahead of “contrastive” by 2.1 ± 0.6 points of Recall@1 over 5 seeds (p = 0.004)."
/// Over more than two groups the p-values are Holm's, which allow for so many tests.
/// @param rows [Comparison::runs]. @return Empty if there are no two groups with at least two seeds in common.
std::vector<std::string> verdicts(const Comparison& comparison, const std::vector<ComparisonRow>& rows);

}  // namespace embedscope
