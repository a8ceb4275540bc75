#include "engine/training/metrics_history.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

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
MetricsRow merged(const MetricsRow& earlier, MetricsRow later) {
    for (const auto member : kMeasured) later.*member = meanOf(earlier.*member, later.*member);
    return later;
}

/// The first row, the untrained encoder, stays as it is.
void mergeOlderHalf(std::vector<MetricsRow>& rows) {
    const std::size_t half = rows.size() / 2;
    std::size_t kept = 1;
    std::size_t next = 1;
    for (; next + 1 < half; next += 2) rows[kept++] = merged(rows[next], rows[next + 1]);
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.begin() + static_cast<std::ptrdiff_t>(next));
}

}  // namespace

void MetricsHistory::add(const MetricsRow& row) {
    rows_.push_back(row);
    if (rows_.size() > kMaximumRows) mergeOlderHalf(rows_);
    published_.reset();
}

std::shared_ptr<const std::vector<MetricsRow>> MetricsHistory::rows() const {
    if (!published_) published_ = std::make_shared<const std::vector<MetricsRow>>(rows_);
    return published_;
}

}  // namespace embedscope
