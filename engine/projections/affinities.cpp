#include "engine/projections/affinities.h"

#include <algorithm>
#include <cmath>
#include <limits>

// van der Maaten, Hinton 2008 ("Visualizing data using t-SNE"); the sparse form: van der Maaten 2014.

namespace embedscope {
namespace {

constexpr int kMaxRounds = 200;
constexpr double kSettled = 1e-10;  // of the entropy in nats
constexpr std::size_t kRowsAtOnce = 256;

struct Weights {
    double sum = 0, mean = 0, meanSquare = 0;  ///< Of the excess over the nearest distance, under the weights.
    double entropy(double beta) const { return std::log(sum) + beta * mean; }
    double slope(double beta) const { return -beta * (meanSquare - mean * mean); }  ///< d entropy / d beta.
};

Weights weigh(std::span<const double> squared, double nearest, double beta, std::span<double> weights) {
    Weights result;
    for (std::size_t j = 0; j < squared.size(); ++j) {
        const double excess = squared[j] - nearest;
        weights[j] = std::exp(-beta * excess);
        result.sum += weights[j];
        result.mean += weights[j] * excess;
        result.meanSquare += weights[j] * excess * excess;
    }
    result.mean /= result.sum;
    result.meanSquare /= result.sum;
    return result;
}

}  // namespace

int neighborsForPerplexity(double perplexity) {
    return static_cast<int>(std::ceil(3 * perplexity));
}

double conditionalProbabilities(std::span<const double> squaredDistances, double perplexity,
                                std::span<double> probabilities) {
    if (squaredDistances.empty()) return 0;
    const auto count = static_cast<double>(squaredDistances.size());
    const auto [low, high] = std::ranges::minmax(squaredDistances);
    std::ranges::fill(probabilities, 1 / count);
    if (perplexity >= count || !(high > low)) return 0;

    const double wanted = std::log(perplexity);
    double below = 0, above = std::numeric_limits<double>::infinity();
    double beta = 4 / (high - low);  // not far from the answer where the perplexity is a third of the neighbours
    Weights weights;
    for (int round = 0; round < kMaxRounds; ++round) {
        weights = weigh(squaredDistances, low, beta, probabilities);
        const double excess = weights.entropy(beta) - wanted;
        if (std::abs(excess) < kSettled) break;
        (excess > 0 ? below : above) = beta;
        // Newton's step where it stays inside the bracket, else half of it: as many duplicates as the perplexity
        // have no finite answer, and the bracket runs off to where exp() is 0.
        const double slope = weights.slope(beta);
        double next = slope < 0 ? beta - excess / slope : below;
        if (!(next > below && next < above)) next = std::isfinite(above) ? (below + above) / 2 : 2 * beta;
        if (next == beta || !std::isfinite(next)) break;
        beta = next;
    }
    for (double& probability : probabilities) probability /= weights.sum;
    return beta;
}

void conditionalRows(const NeighborGraph& graph, double perplexity, std::size_t begin, std::size_t end,
                     std::span<float> conditional, Workers& workers) {
    workers.forBlocks(end - begin, kRowsAtOnce, [&](std::size_t first, std::size_t last) {
        std::vector<double> squared(graph.width()), row(graph.width());
        for (std::size_t i = begin + first; i < begin + last; ++i) {
            const auto distances = graph.distancesOf(i);
            for (std::size_t j = 0; j < squared.size(); ++j)
                squared[j] = static_cast<double>(distances[j]) * static_cast<double>(distances[j]);
            conditionalProbabilities(squared, perplexity, row);
            std::ranges::transform(row, conditional.begin() + static_cast<std::ptrdiff_t>(i * graph.width()),
                                   [](double p) { return static_cast<float>(p); });
        }
    });
}

SparseRows<float> jointFromConditional(const NeighborGraph& graph, const std::vector<float>& conditional,
                                       Workers& workers) {
    const auto scale = static_cast<float>(0.5 / static_cast<double>(std::max<std::size_t>(graph.count(), 1)));
    return symmetrized(
        graph, conditional, [scale](float a, float b) { return scale * (a + b); }, workers);
}

SparseRows<float> jointProbabilities(const NeighborGraph& graph, double perplexity, Workers& workers) {
    std::vector<float> conditional(graph.rows.size());
    conditionalRows(graph, perplexity, 0, graph.count(), conditional, workers);
    return jointFromConditional(graph, conditional, workers);
}

}  // namespace embedscope
