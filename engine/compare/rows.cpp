#include "engine/comparison.h"

#include <cmath>
#include <span>

namespace embedscope {
namespace {

using History = std::span<const MetricsRow>;

double newest(History history, double MetricsRow::*column) {
    for (std::size_t i = history.size(); i-- > 0;)
        if (std::isfinite(history[i].*column)) return history[i].*column;
    return MetricsRow::kNone;
}

/// Over the last epoch: that of a few batches alone jumps about.
double meanOfLastEpoch(History history, double MetricsRow::*column) {
    double sum = 0;
    int count = 0;
    for (const MetricsRow& row : history) {
        if (row.epoch <= history.back().epoch - 1 || !std::isfinite(row.*column)) continue;
        sum += row.*column;
        ++count;
    }
    return count > 0 ? sum / count : MetricsRow::kNone;
}

double newestMeasure(History history, const std::string& id) {
    for (std::size_t i = history.size(); i-- > 0;) {
        if (!history[i].measures) continue;
        const auto found = history[i].measures->find(id);
        if (found != history[i].measures->end()) return found->second;
    }
    return MetricsRow::kNone;
}

/// Each report counts for the time since the one before.
double meanSpeed(History history) {
    double images = 0, seconds = 0;
    for (std::size_t i = 1; i < history.size(); ++i) {
        if (!std::isfinite(history[i].imagesPerSecond)) continue;
        const double span = history[i].seconds - history[i - 1].seconds;
        images += span * history[i].imagesPerSecond;
        seconds += span;
    }
    return seconds > 0 ? images / seconds : MetricsRow::kNone;
}

double secondsTo(History history, double goal) {
    for (const MetricsRow& row : history)
        if (row.recallAt1 >= goal) return row.seconds;
    return MetricsRow::kNone;
}

double squared(double value) {
    return value * value;
}

double gapOf(const DistanceStatistics& distances) {
    const DistanceDistribution &near = distances.similar, &far = distances.dissimilar;
    if (near.count < 2 || far.count < 2) return MetricsRow::kNone;
    const double degrees = static_cast<double>(near.count + far.count - 2);
    const double variance = (static_cast<double>(near.count - 1) * squared(near.deviation) +
                             static_cast<double>(far.count - 1) * squared(far.deviation)) /
                            degrees;
    return variance > 0 ? (far.mean - near.mean) / std::sqrt(variance) : MetricsRow::kNone;
}

}  // namespace

ComparisonRow rowOf(const Snapshot& snapshot, double recallGoal) {
    ComparisonRow row;
    row.step = snapshot.step;
    row.epoch = snapshot.epoch;
    row.seconds = snapshot.seconds;
    if (snapshot.distances) row.distanceGap = gapOf(*snapshot.distances);
    if (!snapshot.history || snapshot.history->empty()) return row;
    const History history(*snapshot.history);
    row.loss = meanOfLastEpoch(history, &MetricsRow::loss);
    row.activeFraction = meanOfLastEpoch(history, &MetricsRow::activeFraction);
    row.recallAt1 = newest(history, &MetricsRow::recallAt1);
    row.mapAtR = newestMeasure(history, "map_at_r");
    row.auc = newestMeasure(history, "roc_auc");
    row.effectiveRank = newestMeasure(history, "effective_rank");
    row.imagesPerSecond = meanSpeed(history);
    row.secondsToGoal = secondsTo(history, recallGoal);
    return row;
}

}  // namespace embedscope
