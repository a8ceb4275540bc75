#pragma once

#include "engine/distance_statistics.h"
#include "engine/experiment.h"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace embedscope {

/// The latest known embedding of every tracked sample.
struct BankFrame {
    std::uint64_t runId = 0;
    std::int64_t step = 0;
    int dimension = 0;
    std::shared_ptr<const std::vector<std::int32_t>> samples;  ///< [N] index into DataSet::samples; fixed for a run.
    std::vector<float> embeddings;                             ///< [N, dimension] row-major.
    std::vector<std::int64_t> computedAtStep;                  ///< [N] how old each row is.
    bool exact = false;  ///< All rows were computed with the weights of `step`, in evaluation mode.

    std::size_t count() const { return computedAtStep.size(); }
    std::span<const float> row(std::size_t i) const { return std::span(embeddings).subspan(i * dimension, dimension); }
};

/// One report: a row of metrics.csv. NaN: not measured at this step.
struct MetricsRow {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    std::int64_t step = 0;
    double epoch = 0;    ///< Fractional.
    double seconds = 0;  ///< Of training, pauses left out.
    double imagesPerSecond = kNone;
    double loss = kNone;
    double activeFraction = kNone;  ///< Share of pairs or triplets with non-zero loss, 0..1.
    double learningRate = kNone;
    double gradientNorm = kNone;
    double similarMean = kNone, similarP10 = kNone, similarP90 = kNone;  ///< Euclidean distances.
    double dissimilarMean = kNone, dissimilarP10 = kNone, dissimilarP90 = kNone;
    double recallAt1 = kNone;  ///< On the hold-out, leave-one-out, 0..1; at epoch ends and at step 0.
    /// All of measureCatalog() on the hold-out by id; null where they were not measured.
    std::shared_ptr<const std::map<std::string, double>> measures;
};

/// How data-set-wide mining stands.
struct MiningReport {
    std::int64_t indexedAtStep = 0;           ///< The index holds the bank as it was then.
    std::size_t indexed = 0;                  ///< Embeddings in it.
    double refreshSeconds = 0;                ///< Building the newest index, in the background.
    double recallAt10 = MetricsRow::kNone;    ///< Of the index against brute force, on a sample.
    double guardedShare = MetricsRow::kNone;  ///< Of the candidates, left out as likely false negatives.
};

/// Points that the loss owns and trains, one or more a class.
struct ProxyFrame {
    std::vector<float> rows;           ///< [C, dimension] row-major, in the space of the embeddings.
    std::vector<std::int32_t> labels;  ///< [C] index into DataSet::classNames.
};

/// Where the margin of the loss stands on the axis of Euclidean distances.
struct MarginMark {
    double distance = 0;
    std::string label;  ///< e.g. "margin: d² = 1" or "similar mean + margin".
};

enum class RunPhase { Preparing, Running, Paused, Finished, Stopped, Failed };

/// What the worker publishes. Immutable.
struct Snapshot {
    std::uint64_t runId = 0;
    RunPhase phase = RunPhase::Preparing;
    std::int64_t step = 0;
    std::int64_t stepsPerEpoch = 0;
    double epoch = 0;
    int epochs = 0;
    double seconds = 0;
    std::string deviceName;  ///< "CPU, 2 threads", "CUDA: <name>".

    std::shared_ptr<const BankFrame> bank;
    std::shared_ptr<const DistanceStatistics> distances;
    std::shared_ptr<const std::vector<MetricsRow>> history;  ///< At most a few thousand rows; older ones coarser.
    std::optional<MarginMark> marginMark;
    std::optional<MiningReport> mining;
    std::shared_ptr<const ProxyFrame> proxies;  ///< Null if the loss has none.
    Experiment settings;                        ///< As they are now, live changes included.
    std::string message;  ///< Failed: one sentence that names the setting or file and the cure. Else a remark or empty.

    bool ended() const {
        return phase == RunPhase::Finished || phase == RunPhase::Stopped || phase == RunPhase::Failed;
    }
};

}  // namespace embedscope
