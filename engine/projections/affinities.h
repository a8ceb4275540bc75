#pragma once

#include "engine/projections/sparse_rows.h"

#include <span>

namespace embedscope {

/// Neighbours that a perplexity needs: three times as many (van der Maaten 2014).
int neighborsForPerplexity(double perplexity);

/// The conditional probabilities of one row of t-SNE, p_j ~ exp(-beta d_j²), for which exp(entropy) = perplexity. With
/// fewer neighbours than that they are all alike.
/// @return beta = 1 / (2 sigma²); 0 where no finite one answers.
double conditionalProbabilities(std::span<const double> squaredDistances, double perplexity,
                                std::span<double> probabilities);

/// p_j|i of the rows [begin, end) of a graph, so that a map can find them a slice at a time.
/// @param conditional [count, k] beside the graph's rows.
void conditionalRows(const NeighborGraph& graph, double perplexity, std::size_t begin, std::size_t end,
                     std::span<float> conditional, Workers& workers);
/// The joint probabilities p_ij = (p_j|i + p_i|j) / 2n of t-SNE; they sum up to 1.
SparseRows<float> jointFromConditional(const NeighborGraph& graph, const std::vector<float>& conditional,
                                       Workers& workers);
SparseRows<float> jointProbabilities(const NeighborGraph& graph, double perplexity, Workers& workers);

}  // namespace embedscope
