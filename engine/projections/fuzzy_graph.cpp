#include "engine/projections/fuzzy_graph.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

// McInnes, Healy, Melville 2018 ("UMAP: Uniform manifold approximation and projection"), 1802.03426.

namespace embedscope {
namespace {

constexpr std::size_t kRowsAtOnce = 256;
constexpr int kMaxRounds = 200;
constexpr double kSettled = 1e-13;
constexpr double kLeastSigma = 1e-3;  // of the mean distance
constexpr int kCurvePoints = 300;     // from 0 to three times the spread

double membershipSum(std::span<const double> distances, const LocalScale& scale) {
    double sum = 0;
    for (const double distance : distances) sum += membership(distance, scale);
    return sum;
}

double solveSigma(std::span<const double> distances, double rho, double wanted) {
    double low = 0, high = std::numeric_limits<double>::infinity(), sigma = 1;
    for (int round = 0; round < kMaxRounds; ++round) {
        const double excess = membershipSum(distances, {rho, sigma}) - wanted;
        if (std::abs(excess) < kSettled) break;
        (excess > 0 ? high : low) = sigma;
        const double next = std::isfinite(high) ? (low + high) / 2 : 2 * sigma;
        if (next == sigma || !std::isfinite(next)) break;
        sigma = next;
    }
    return sigma;
}

double curveAim(double distance, double minDist, double spread) {
    return distance < minDist ? 1.0 : std::exp(-(distance - minDist) / spread);
}

/// Normal equations of one Gauss-Newton step in (log a, log b), and the squared error.
struct CurveStep {
    double aa = 0, ab = 0, bb = 0, ra = 0, rb = 0, error = 0;
};

CurveStep curveStep(const MapCurve& curve, double minDist, double spread) {
    CurveStep step;
    for (int i = 0; i < kCurvePoints; ++i) {
        const double x = 3 * spread * i / (kCurvePoints - 1);
        const double power = x > 0 ? curve.a * std::pow(x, 2 * curve.b) : 0;
        const double value = 1 / (1 + power);
        const double rest = curveAim(x, minDist, spread) - value;
        const double byA = -value * value * power;
        const double byB = x > 0 ? byA * 2 * curve.b * std::log(x) : 0;
        step.aa += byA * byA;
        step.ab += byA * byB;
        step.bb += byB * byB;
        step.ra += byA * rest;
        step.rb += byB * rest;
        step.error += rest * rest;
    }
    return step;
}

}  // namespace

double membership(double distance, const LocalScale& scale) {
    if (distance <= scale.rho) return 1;
    return scale.sigma > 0 ? std::exp(-(distance - scale.rho) / scale.sigma) : 1;
}

LocalScale localScale(std::span<const double> distances, double meanDistance) {
    LocalScale scale;
    double nearest = std::numeric_limits<double>::infinity();
    for (const double distance : distances)
        if (distance > 0) nearest = std::min(nearest, distance);
    scale.rho = std::isfinite(nearest) ? nearest : 0;
    const auto withSelf = static_cast<double>(distances.size() + 1);
    scale.sigma = solveSigma(distances, scale.rho, std::log2(withSelf));
    const double ownMean = std::accumulate(distances.begin(), distances.end(), 0.0) / withSelf;
    scale.sigma = std::max(scale.sigma, kLeastSigma * (scale.rho > 0 ? ownMean : meanDistance));
    return scale;
}

SparseRows<float> fuzzyUnion(const NeighborGraph& graph, Workers& workers) {
    const double total = workers.sum(graph.distances.size(), 65'536, [&](std::size_t begin, std::size_t end) {
        return std::accumulate(graph.distances.begin() + static_cast<std::ptrdiff_t>(begin),
                               graph.distances.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
    });
    const double mean = total / std::max(1.0, static_cast<double>(graph.distances.size() + graph.count()));
    std::vector<float> weights(graph.rows.size());
    workers.forBlocks(graph.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        std::vector<double> distances(graph.width());
        for (std::size_t i = begin; i < end; ++i) {
            std::ranges::copy(graph.distancesOf(i), distances.begin());
            const LocalScale scale = localScale(distances, mean);
            for (std::size_t j = 0; j < distances.size(); ++j)
                weights[i * graph.width() + j] = static_cast<float>(membership(distances[j], scale));
        }
    });
    return symmetrized(
        graph, weights, [](float a, float b) { return a + b - a * b; }, workers);
}

MapCurve fitMapCurve(double minDist, double spread) {
    MapCurve curve;
    CurveStep now = curveStep(curve, minDist, spread);
    double damping = 1e-3;  // Levenberg, Marquardt
    for (int round = 0; round < kMaxRounds && damping < 1e12; ++round) {
        const double aa = now.aa * (1 + damping), bb = now.bb * (1 + damping);
        const double determinant = aa * bb - now.ab * now.ab;
        const double stepA = (now.ra * bb - now.rb * now.ab) / determinant;
        const double stepB = (now.rb * aa - now.ra * now.ab) / determinant;
        const MapCurve next{curve.a * std::exp(std::clamp(stepA, -1.0, 1.0)),
                            curve.b * std::exp(std::clamp(stepB, -1.0, 1.0))};
        const CurveStep then = curveStep(next, minDist, spread);
        if (then.error <= now.error) {
            const bool settled = std::abs(stepA) + std::abs(stepB) < 1e-12;
            curve = next;
            now = then;
            damping /= 10;
            if (settled) break;
        } else {
            damping *= 10;
        }
    }
    return curve;
}

}  // namespace embedscope
