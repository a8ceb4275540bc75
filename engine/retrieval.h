#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// Recall@1 (= Precision@1 = CMC@1): share of queries whose nearest other sample (Euclidean, self excluded) has their
/// label; ties: the lowest row. Unlabelled samples are left out, as queries and as neighbours; so are queries alone in
/// their class. A row that is not finite is a miss. Exact on all cores; blocked: O(N) memory.
/// @param embeddings [N, dimension] row-major. @return NaN if there is no query or if stopped.
double recallAt1(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels,
                 std::stop_token stop = {});

/// Means over queries, each 0..1. R is the number of other samples with the query's label (Musgrave et al. 2020).
struct RetrievalValues {
    std::size_t queries = 0;                                            ///< Without any, the values are NaN.
    double recallAt1 = 0, recallAt2 = 0, recallAt4 = 0, recallAt8 = 0;  ///< A match among the K nearest.
    double rPrecision = 0;                                              ///< Share of matches among the R nearest.
    double meanAveragePrecisionAtR = 0;  ///< 1/R times the sum of the precisions at the matches among the R nearest.
    double meanReciprocalRank = 0;       ///< 1 / rank of the nearest match.
};

struct ClassRetrieval {
    std::int32_t label = 0;
    RetrievalValues values;
};

struct RetrievalMeasures {
    RetrievalValues overall;               ///< Every query counts the same.
    RetrievalValues classMean;             ///< Every class counts the same.
    std::vector<ClassRetrieval> perClass;  ///< By label; classes with a query only.
    double knnAccuracy = 0;  ///< Majority of the k nearest; a tie goes to the tied class with the nearest sample.
};

/// Leave-one-out, as for recallAt1. @param k Voters of the k-NN accuracy, which counts lone samples too (as misses).
/// @return nothing if stopped.
std::optional<RetrievalMeasures> retrievalMeasures(std::span<const float> embeddings, int dimension,
                                                   std::span<const std::int32_t> labels, int k = 20,
                                                   std::stop_token stop = {});

/// Queries searched among other samples, e.g. the hold-out among the training samples.
std::optional<RetrievalMeasures> retrievalMeasures(std::span<const float> queries,
                                                   std::span<const std::int32_t> queryLabels,
                                                   std::span<const float> references,
                                                   std::span<const std::int32_t> referenceLabels, int dimension,
                                                   int k = 20, std::stop_token stop = {});

}  // namespace embedscope
