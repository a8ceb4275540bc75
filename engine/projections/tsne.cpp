#include "engine/projections/tsne.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr std::size_t kExactUpTo = 1'500;  // points; beyond that a grid is quicker
constexpr std::size_t kRowsAtOnce = 1'024;
constexpr double kRoughSpacing = 0.5, kRoughAngle = 1;
constexpr float kEarlyMomentum = 0.5F, kMomentum = 0.8F;
constexpr float kGainUp = 0.2F, kGainDown = 0.8F, kLeastGain = 0.01F;  // Jacobs 1988, delta-bar-delta

RepulsionKind kindFor(const TsneOptions& options, std::size_t count) {
    if (options.repulsion != RepulsionKind::Automatic) return options.repulsion;
    if (count <= kExactUpTo) return RepulsionKind::Exact;
    return options.dims == 2 ? RepulsionKind::Grid : RepulsionKind::Tree;
}

std::unique_ptr<Repulsion> makeRepulsion(RepulsionKind kind, bool rough) {
    if (kind == RepulsionKind::Exact) return makeExactRepulsion();
    if (kind == RepulsionKind::Tree) return rough ? makeTreeRepulsion(kRoughAngle) : makeTreeRepulsion();
    return rough ? makeGridRepulsion(kRoughSpacing) : makeGridRepulsion();
}

}  // namespace

Tsne::Tsne(TsneOptions options, Workers& workers) : options_(options), workers_(workers) {}

void Tsne::setPoints(MapPoints<float> points) {
    points_ = std::move(points);
    attraction_ = repulsion_ = velocity_ = MapPoints<float>(points_.dims, points_.count());
    gains_ = velocity_;
    for (int d = 0; d < gains_.dims; ++d) std::ranges::fill(gains_.at(d), 1.0F);
    step_ = 0;
}

void Tsne::setAffinities(SparseRows<float> p) {
    p_ = std::move(p);
}

void Tsne::setOptions(const TsneOptions& options) {
    options_ = options;
}

void Tsne::skipEarlySteps() {
    step_ = std::max(step_, options_.earlySteps);
}

bool Tsne::runTo(int step, std::stop_token stop) {
    while (step_ < step) {
        if (stop.stop_requested()) return false;
        advance();
        ++step_;
    }
    return true;
}

void Tsne::advance() {
    if (points_.count() < 2) return;  // nobody to move away from
    const RepulsionKind kind = kindFor(options_, points_.count());
    if (!repulsionSum_ || kind != kindInUse_ || options_.rough != roughInUse_)
        repulsionSum_ = makeRepulsion(kindInUse_ = kind, roughInUse_ = options_.rough);
    attraction(p_, points_, attraction_, workers_);
    const double z = std::max(repulsionSum_->add(points_, repulsion_, workers_), 1e-12);

    const double exaggeration = exaggerationNow();
    const double rate = options_.learningRate > 0 ? options_.learningRate
                                                  : static_cast<double>(points_.count()) / std::max(exaggeration, 1.0);
    const auto pull = static_cast<float>(4 * exaggeration), push = static_cast<float>(4 / z);
    const auto learningRate = static_cast<float>(rate), longest = static_cast<float>(options_.longestStep);
    const float momentum = step_ < options_.earlySteps ? kEarlyMomentum : kMomentum;
    const double squares = workers_.sum(points_.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i) {
            float squared = 0;
            for (int d = 0; d < points_.dims; ++d) {
                const float gradient = pull * attraction_.at(d)[i] - push * repulsion_.at(d)[i];
                float& gain = gains_.at(d)[i];
                float& velocity = velocity_.at(d)[i];
                const float agreement = -gradient * velocity;  // 0 in the first step: a mirrored start stays mirrored
                if (agreement > 0) gain += kGainUp;
                if (agreement < 0) gain = std::max(gain * kGainDown, kLeastGain);
                velocity = momentum * velocity - learningRate * gain * gradient;
                squared += velocity * velocity;
            }
            const float shorten = squared > longest * longest ? longest / std::sqrt(squared) : 1.0F;
            for (int d = 0; d < points_.dims; ++d) {
                velocity_.at(d)[i] *= shorten;
                points_.at(d)[i] += velocity_.at(d)[i];
            }
            sum += static_cast<double>(squared * shorten * shorten);
        }
        return sum;
    });
    newestMove_ = std::sqrt(squares / static_cast<double>(points_.count()));
    centre();
}

void Tsne::centre() {
    for (int d = 0; d < points_.dims; ++d) {
        std::vector<float>& values = points_.at(d);
        double sum = 0;
        for (const float value : values) sum += static_cast<double>(value);
        const auto mean = static_cast<float>(sum / static_cast<double>(values.size()));
        for (float& value : values) value -= mean;
    }
}

double Tsne::exactKl() {
    if (points_.count() < 2) return 0;
    MapPoints<float> unused(points_.dims, points_.count());
    const double z = exactRepulsion(points_, unused, workers_);
    return klDivergence(p_, points_, z, workers_);
}

}  // namespace embedscope
