#include "engine/projections/umap.h"

#include "engine/projections/umap_kernel.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr std::size_t kRowsAtOnce = 256;
constexpr std::size_t kManyPoints = 10'000;
constexpr std::size_t kAskedPairs = 200;  // a point, for the cross-entropy

int epochsFor(const UmapOptions& options, std::size_t count) {
    if (options.epochs > 0) return options.epochs;
    return count <= kManyPoints ? 500 : 200;
}

}  // namespace

Umap::Umap(const UmapOptions& options, Workers& workers)
    : options_(options), workers_(workers), curve_(fitMapCurve(options.minDist, options.spread)) {}

void Umap::setPoints(MapPoints<float> points) {
    points_ = next_ = std::move(points);
    epoch_ = firstEpoch_ = 0;
    firstRate_ = 1;
    lastEpoch_ = epochsFor(options_, points_.count());
}

void Umap::setGraph(SparseRows<float> graph) {
    graph_ = std::move(graph);
    const auto largest = std::ranges::max_element(graph_.values);
    const float scale = graph_.values.empty() || !(*largest > 0) ? 0 : 1 / *largest;
    shares_.resize(graph_.values.size());
    std::ranges::transform(graph_.values, shares_.begin(), [scale](float value) { return value * scale; });
}

void Umap::setOptions(const UmapOptions& options) {
    options_ = options;
    curve_ = fitMapCurve(options.minDist, options.spread);
}

void Umap::warmUp(double rate, int epochs) {
    firstEpoch_ = epoch_;
    lastEpoch_ = epoch_ + epochs;
    firstRate_ = rate;
}

double Umap::rate() const {
    const auto length = static_cast<double>(std::max(lastEpoch_ - firstEpoch_, 1));
    return firstRate_ * std::max(0.0, 1 - (epoch_ - firstEpoch_) / length);
}

bool Umap::runTo(int epoch, std::stop_token stop) {
    while (epoch_ < epoch) {
        if (stop.stop_requested()) return false;
        advance();
        ++epoch_;
    }
    return true;
}

void Umap::advance() {
    const auto speed = static_cast<float>(rate());
    if (points_.count() < 2 || !(speed > 0)) return;
    const UmapEpoch epoch{graph_.begins.data(),
                          graph_.columns.data(),
                          shares_.data(),
                          points_.count(),
                          points_.dims,
                          static_cast<float>(curve_.a),
                          static_cast<float>(curve_.b),
                          speed,
                          options_.negatives,
                          epoch_ + 1,
                          options_.seed};
    const std::array<const float*, 3> from{points_.axis[0].data(), points_.axis[1].data(), points_.axis[2].data()};
    const std::array<float*, 3> to{next_.axis[0].data(), next_.axis[1].data(), next_.axis[2].data()};
    workers_.forBlocks(points_.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        umapRows(epoch, from.data(), to.data(), begin, end);
    });
    std::swap(points_, next_);
}

double Umap::crossEntropy() {
    const std::size_t count = points_.count();
    if (count < 2) return 0;
    const auto likeness = [&](std::size_t i, std::size_t j) {
        double squared = 0;
        for (int d = 0; d < points_.dims; ++d)
            squared += std::pow(static_cast<double>(points_.at(d)[i]) - points_.at(d)[j], 2);
        return std::clamp(1 / (1 + curve_.a * std::pow(squared, curve_.b)), 1e-12, 1 - 1e-12);
    };
    const std::size_t step = std::max<std::size_t>(1, count / kAskedPairs);
    const double sum = workers_.sum(count, kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        double total = 0;
        for (std::size_t i = begin; i < end; ++i) {
            for (std::uint32_t at = graph_.begins[i]; at < graph_.begins[i + 1]; ++at) {
                const double q = likeness(i, static_cast<std::size_t>(graph_.columns[at]));
                const auto w = static_cast<double>(graph_.values[at]);
                if (w > 0) total += w * std::log(w / q);
                if (w < 1) total += (1 - w) * std::log((1 - w) / (1 - q));
                total += std::log(1 - q);  // is among all pairs below
            }
            for (std::size_t j = i % step; j < count; j += step)
                if (j != i) total -= static_cast<double>(step) * std::log(1 - likeness(i, j));
        }
        return total;
    });
    return sum / static_cast<double>(count);
}

}  // namespace embedscope
