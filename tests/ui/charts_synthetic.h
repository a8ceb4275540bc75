#pragma once

#include "engine/snapshot.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

namespace embedscope::test {

/// A bell of distances round `mean`, cut to the bins of [0, 2].
inline DistanceDistribution bellOfDistances(double mean, double deviation) {
    DistanceDistribution pairs;
    pairs.count = 5000;
    pairs.mean = pairs.median = mean;
    pairs.deviation = deviation;
    pairs.p10 = mean - 1.28 * deviation;
    pairs.p90 = mean + 1.28 * deviation;
    double total = 0;
    for (int bin = 0; bin < kHistogramBins; ++bin) {
        const double x = (2.0 * (bin + 0.5) / kHistogramBins - mean) / deviation;
        pairs.share.push_back(static_cast<float>(std::exp(-x * x / 2)));
        total += pairs.share.back();
    }
    for (float& share : pairs.share) share = static_cast<float>(share / total);
    return pairs;
}

/// How a run looks after `steps` steps of 100 an epoch: distances part, the loss falls, Recall@1 rises.
inline MetricsRow rowAt(std::int64_t step) {
    const double epoch = static_cast<double>(step) / 100;
    const double done = 1 - std::exp(-epoch / 2);
    const double noise = 0.02 * std::sin(static_cast<double>(step) * 12.9898) * (1 + std::cos(step * 0.7));
    MetricsRow row;
    row.step = step;
    row.epoch = epoch;
    row.seconds = static_cast<double>(step) * 0.08;
    row.imagesPerSecond = 1612;
    row.loss = 0.5 * (1 - done) + 0.05 + noise;
    row.activeFraction = 0.9 * (1 - done) + 0.08 + noise;
    row.similarMean = 0.9 - 0.5 * done;
    row.similarP10 = row.similarMean - 0.2;
    row.similarP90 = row.similarMean + 0.25;
    row.dissimilarMean = 1.0 + 0.3 * done;
    row.dissimilarP10 = row.dissimilarMean - 0.25;
    row.dissimilarP90 = row.dissimilarMean + 0.15;
    if (step % 100 == 0) row.recallAt1 = 0.744 + 0.125 * done;
    return row;
}

inline Snapshot snapshotAt(std::int64_t step) {
    Snapshot snapshot;
    snapshot.runId = 1;
    snapshot.phase = RunPhase::Running;
    snapshot.step = step;
    snapshot.stepsPerEpoch = 100;
    snapshot.epoch = static_cast<double>(step) / 100;
    auto history = std::make_shared<std::vector<MetricsRow>>();
    for (std::int64_t at = 0; at <= step; at += 4) history->push_back(rowAt(at));
    auto distances = std::make_shared<DistanceStatistics>();
    distances->upperEdge = 2;
    distances->similar = bellOfDistances(history->back().similarMean, 0.18);
    distances->dissimilar = bellOfDistances(history->back().dissimilarMean, 0.16);
    distances->auc = 0.97;
    snapshot.history = std::move(history);
    snapshot.distances = std::move(distances);
    snapshot.marginMark = MarginMark{0.87, "similar mean + margin"};
    return snapshot;
}

}  // namespace embedscope::test
