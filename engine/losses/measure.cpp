#include "engine/losses/measure.h"

#include "engine/losses/matrix_product.h"

#include <ATen/Functions.h>

#include <limits>
#include <stdexcept>

namespace embedscope {
namespace {

/// R. Yuan et al.: Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning. CVPR 2019. The variance
/// over components is the mean square of the centred row, so the ratio needs one matrix of squared distances.
torch::Tensor signalNoise(const torch::Tensor& rows) {
    const torch::Tensor centred = rows - rows.mean(1, true);
    const torch::Tensor signal = centred.square().sum(1, true);
    // An anchor that does not vary has no signal to compare with: its noise stands as it is.
    return squaredDistances(centred) / signal.masked_fill(signal <= 1e-20, 1);
}

constexpr double kLargest = std::numeric_limits<double>::infinity();

/// (Σ |xk - yk|^p)^(1/p); torch computes these without a [B, B, D] tensor, and its slope at 0 is 0.
torch::Tensor normDistances(const torch::Tensor& rows, double p) {
    return at::cdist(rows, rows, p);
}

bool onNormalizedRows(Measure measure) {
    return measure == Measure::NormalizedEuclidean || measure == Measure::NormalizedSquared ||
           measure == Measure::Cosine || measure == Measure::NormalizedSignalNoise ||
           measure == Measure::NormalizedManhattan || measure == Measure::NormalizedLargest;
}

}  // namespace

Parameter measureParameter(Measure standard) {
    Parameter parameter;
    parameter.id = "distance";
    parameter.label = "Distance";
    parameter.help =
        "What near and far mean. On normalised embeddings only directions count, and points arrange on a sphere; "
        "without, lengths can grow. Squared distances pull far pairs harder than near ones.";
    parameter.options = {"Euclidean, normalised",
                         "Euclidean",
                         "squared Euclidean, normalised",
                         "squared Euclidean",
                         "cosine similarity",
                         "dot product",
                         "signal to noise, normalised",
                         "signal to noise",
                         "Manhattan (L1), normalised",
                         "Manhattan (L1)",
                         "largest difference (L∞), normalised",
                         "largest difference (L∞)"};
    parameter.maximum = static_cast<double>(parameter.options.size() - 1);
    parameter.step = 1;
    parameter.standard = static_cast<double>(standard);
    return parameter;
}

Measure measureOf(double value) {
    return static_cast<Measure>(static_cast<int>(value));
}

double direction(Measure measure) {
    return measure == Measure::Cosine || measure == Measure::Dot ? -1 : 1;
}

torch::Tensor measured(const torch::Tensor& embeddings, Measure measure, Slope slope) {
    switch (measure) {
        case Measure::NormalizedEuclidean:
            return distances(normalizedRows(embeddings), slope);
        case Measure::Euclidean:
            return distances(embeddings, slope);
        case Measure::NormalizedSquared:
            return squaredDistances(normalizedRows(embeddings), slope);
        case Measure::Squared:
            return squaredDistances(embeddings, slope);
        case Measure::Cosine:
            return rowProducts(normalizedRows(embeddings)).neg();
        case Measure::Dot:
            return rowProducts(embeddings).neg();
        case Measure::NormalizedSignalNoise:
            return signalNoise(normalizedRows(embeddings));
        case Measure::SignalNoise:
            return signalNoise(embeddings);
        case Measure::NormalizedManhattan:
        case Measure::Manhattan:
            return normDistances(measure == Measure::Manhattan ? embeddings : normalizedRows(embeddings), 1);
        case Measure::NormalizedLargest:
        case Measure::Largest:
            return normDistances(measure == Measure::Largest ? embeddings : normalizedRows(embeddings), kLargest);
    }
    throw std::invalid_argument("The distance is none of the listed ones; choose one of the options.");
}

torch::Tensor measuredPairs(const torch::Tensor& embeddings, const torch::Tensor& anchors, const torch::Tensor& others,
                            Measure measure) {
    torch::Tensor rows = onNormalizedRows(measure) ? normalizedRows(embeddings) : embeddings;
    const bool signalNoise = measure == Measure::NormalizedSignalNoise || measure == Measure::SignalNoise;
    if (signalNoise) rows = rows - rows.mean(1, true);
    const torch::Tensor from = rows.index_select(0, anchors), to = rows.index_select(0, others);
    if (direction(measure) < 0) return (from * to).sum(1).neg();
    const torch::Tensor difference = from - to;
    if (measure == Measure::NormalizedManhattan || measure == Measure::Manhattan) return difference.abs().sum(1);
    if (measure == Measure::NormalizedLargest || measure == Measure::Largest) return difference.abs().amax(1);
    const torch::Tensor squares = difference.square().sum(1);
    if (measure == Measure::NormalizedSquared || measure == Measure::Squared) return squares;
    if (!signalNoise) return safeRoot(squares);
    const torch::Tensor signal = from.square().sum(1);
    return squares / signal.masked_fill(signal <= 1e-20, 1);
}

}  // namespace embedscope
