#include "engine/losses/measure.h"

#include "engine/choice_table.h"
#include "engine/losses/matrix_product.h"
#include "engine/used_parameters.h"

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

/// (Σ |dk|^p)^(1/p) of every row; the slope at 0 is 0. The largest component is taken out first, so no power overflows.
torch::Tensor normOfRows(const torch::Tensor& differences, double p) {
    const torch::Tensor sizes = differences.abs();
    const torch::Tensor largest = sizes.detach().amax(1);
    const torch::Tensor none = largest == 0;
    const torch::Tensor powers = (sizes / largest.masked_fill(none, 1).unsqueeze(1)).pow(p).sum(1);
    return (largest * powers.masked_fill(none, 1).pow(1 / p)).masked_fill(none, 0);
}

bool onNormalizedRows(Measure measure) {
    return measure == Measure::NormalizedEuclidean || measure == Measure::NormalizedSquared ||
           measure == Measure::Cosine || measure == Measure::NormalizedSignalNoise ||
           measure == Measure::NormalizedManhattan || measure == Measure::NormalizedLargest ||
           measure == Measure::NormalizedPower;
}

bool hasExponent(Measure measure) {
    return measure == Measure::NormalizedPower || measure == Measure::Power;
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
                         "largest difference (L∞)",
                         "Lp, normalised",
                         "Lp"};
    parameter.maximum = static_cast<double>(parameter.options.size() - 1);
    parameter.step = 1;
    parameter.standard = static_cast<double>(standard);
    return parameter;
}

// Above 16 the powers of small differences leave a float's range; the limit has a measure of its own.
Parameter exponentParameter() {
    return numberParameter("exponent", "Exponent p of Lp", "", {1, 16, 0.5, 3},
                           "1 adds up the differences of the components, 2 is Euclidean, and the higher, the more the "
                           "largest difference alone counts. Only the distances called Lp read it.");
}

Distance distanceOf(const ParameterValues& values) {
    const auto measure = static_cast<Measure>(static_cast<int>(values.at("distance")));
    // What is not read must not make two equal distances differ.
    return hasExponent(measure) ? Distance(measure, values.at("exponent")) : Distance(measure);
}

bool isRead(const ParameterValues& values, std::string_view id) {
    return id != "exponent" || hasExponent(distanceOf(values).measure);
}

double direction(const Distance& distance) {
    return distance.measure == Measure::Cosine || distance.measure == Measure::Dot ? -1 : 1;
}

torch::Tensor measured(const torch::Tensor& embeddings, const Distance& distance, Slope slope) {
    const Measure measure = distance.measure;
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
        case Measure::NormalizedPower:
        case Measure::Power:
            return normDistances(measure == Measure::Power ? embeddings : normalizedRows(embeddings),
                                 distance.exponent);
    }
    throw std::invalid_argument("The distance is none of the listed ones; choose one of the options.");
}

torch::Tensor measuredPairs(const torch::Tensor& embeddings, const torch::Tensor& anchors, const torch::Tensor& others,
                            const Distance& distance) {
    const Measure measure = distance.measure;
    torch::Tensor rows = onNormalizedRows(measure) ? normalizedRows(embeddings) : embeddings;
    const bool signalNoise = measure == Measure::NormalizedSignalNoise || measure == Measure::SignalNoise;
    if (signalNoise) rows = rows - rows.mean(1, true);
    const torch::Tensor from = rows.index_select(0, anchors), to = rows.index_select(0, others);
    if (direction(distance) < 0) return (from * to).sum(1).neg();
    const torch::Tensor difference = from - to;
    if (measure == Measure::NormalizedManhattan || measure == Measure::Manhattan) return difference.abs().sum(1);
    if (measure == Measure::NormalizedLargest || measure == Measure::Largest) return difference.abs().amax(1);
    if (hasExponent(measure)) return normOfRows(difference, distance.exponent);
    const torch::Tensor squares = difference.square().sum(1);
    if (measure == Measure::NormalizedSquared || measure == Measure::Squared) return squares;
    if (!signalNoise) return safeRoot(squares);
    const torch::Tensor signal = from.square().sum(1);
    return squares / signal.masked_fill(signal <= 1e-20, 1);
}

}  // namespace embedscope
