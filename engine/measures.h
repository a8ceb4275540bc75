#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

/// One number that says how good an embedding is. Reports, the command line and the help read this table.
struct MeasureEntry {
    std::string id;  ///< e.g. "recall_at_1"; the key in saved files.
    std::string label;
    std::string group;
    std::string help;  ///< The definition, in words: libraries differ.
    std::string formula;
    std::string source;
    double worst = 0, best = 1;  ///< Range; best < worst where lower is better. Infinite where there is no bound.
};

const std::vector<MeasureEntry>& measureCatalog();

struct MeasureOptions {
    int voters = 20;  ///< Of the k-NN accuracy; never more than the mates of a sample in the smallest class.
    std::size_t pairsEach = 50'000;  ///< Similar and dissimilar pairs drawn for verification.
    std::uint64_t seed = 1;          ///< Of these pairs and of k-means.

    /// What the linear probe learns from: embeddings and labels of training samples, not of those that are measured.
    std::span<const float> fitted;
    std::span<const std::int32_t> fittedLabels;
};

/// Every measure of the table by id; NaN where the data does not allow it (no labels, one class).
/// @param embeddings [N, dimension] row-major. @return nothing if stopped.
std::optional<std::map<std::string, double>> measureAll(std::span<const float> embeddings, int dimension,
                                                        std::span<const std::int32_t> labels,
                                                        const MeasureOptions& options = {}, std::stop_token stop = {});

}  // namespace embedscope
