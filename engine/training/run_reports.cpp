#include "engine/training/run_reports.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

void StepMeans::add(double loss, double activeFraction, double gradientNorm, std::int64_t images) {
    ++steps_;
    images_ += images;
    loss_ += loss;
    gradient_ += gradientNorm;
    if (std::isnan(activeFraction)) return;
    ++measured_;
    active_ += activeFraction;
}

void StepMeans::moveInto(MetricsRow& row, double seconds) {
    if (steps_ > 0) {
        row.loss = loss_ / static_cast<double>(steps_);
        row.gradientNorm = gradient_ / static_cast<double>(steps_);
        row.imagesPerSecond = static_cast<double>(images_) / (seconds - since_);
    }
    if (measured_ > 0) row.activeFraction = active_ / static_cast<double>(measured_);
    *this = {};
    since_ = seconds;
}

void writeDistances(const DistanceStatistics& distances, MetricsRow& row) {
    if (distances.similar.count > 0) {
        row.similarMean = distances.similar.mean;
        row.similarP10 = distances.similar.p10;
        row.similarP90 = distances.similar.p90;
    }
    if (distances.dissimilar.count > 0) {
        row.dissimilarMean = distances.dissimilar.mean;
        row.dissimilarP10 = distances.dissimilar.p10;
        row.dissimilarP90 = distances.dissimilar.p90;
    }
}

double similarMeanSquare(const DistanceStatistics& distances) {
    const DistanceDistribution& similar = distances.similar;
    return similar.mean * similar.mean + similar.deviation * similar.deviation;
}

void SnapshotClock::end() {
    const auto now = Clock::now();
    next_ = now + std::max<Clock::duration>(every_, (now - began_) * share_);
}

void StepMeans::save(const StateWriter& state) const {
    state.numbers("counts", std::vector<std::int64_t>{steps_, measured_, images_});
    state.numbers("sums", std::vector<double>{loss_, active_, gradient_, since_});
}

void StepMeans::load(const StateReader& state) {
    const auto counts = state.numbers<std::int64_t>("counts", 3);
    const auto sums = state.numbers<double>("sums", 4);
    steps_ = counts[0];
    measured_ = counts[1];
    images_ = counts[2];
    loss_ = sums[0];
    active_ = sums[1];
    gradient_ = sums[2];
    since_ = sums[3];
}

}  // namespace embedscope
