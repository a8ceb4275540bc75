#include "engine/training/metrics_history.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kRowsAfterMerge = 3000;
constexpr std::size_t kRecentRows = 1000;

double meanOf(double a, double b) {
    if (std::isnan(a)) return b;
    if (std::isnan(b)) return a;
    return (a + b) / 2;
}

constexpr double MetricsRow::*kMeasured[] = {
    &MetricsRow::imagesPerSecond, &MetricsRow::loss,          &MetricsRow::activeFraction, &MetricsRow::learningRate,
    &MetricsRow::gradientNorm,    &MetricsRow::similarMean,   &MetricsRow::similarP10,     &MetricsRow::similarP90,
    &MetricsRow::dissimilarMean,  &MetricsRow::dissimilarP10, &MetricsRow::dissimilarP90,  &MetricsRow::recallAt1,
};

/// Stands at the later row's step.
MetricsRow merged(MetricsRow earlier, MetricsRow later) {
    for (const auto member : kMeasured) later.*member = meanOf(earlier.*member, later.*member);
    if (!later.measures) later.measures = std::move(earlier.measures);
    return later;
}

}  // namespace

void MetricsHistory::add(const MetricsRow& row) {
    rows_.push_back(row);
    mergedFrom_.push_back(1);
    published_.reset();
    if (rows_.size() <= kMaximumRows) return;
    while (rows_.size() > kRowsAfterMerge) mergeFinest();
}

/// Halves the rows that stand for the fewest reports. The first row, the untrained encoder, and the recent ones stay.
void MetricsHistory::mergeFinest() {
    const std::size_t recent = rows_.size() - kRecentRows;
    const auto finest = *std::min_element(mergedFrom_.begin() + 1, mergedFrom_.begin() + recent);
    std::size_t kept = 1;
    for (std::size_t next = 1; next < rows_.size(); ++next, ++kept) {
        rows_[kept] = rows_[next];
        mergedFrom_[kept] = mergedFrom_[next];
        // A row without a partner of its own size joins the next one, or it would stay the finest for ever.
        if (next >= recent || mergedFrom_[next] != finest) continue;
        ++next;
        rows_[kept] = merged(rows_[kept], rows_[next]);
        mergedFrom_[kept] += mergedFrom_[next];
    }
    rows_.resize(kept);
    mergedFrom_.resize(kept);
}

std::shared_ptr<const std::vector<MetricsRow>> MetricsHistory::rows() const {
    if (!published_) published_ = std::make_shared<const std::vector<MetricsRow>>(rows_);
    return published_;
}

}  // namespace embedscope
