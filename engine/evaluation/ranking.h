#pragma once

#include "engine/evaluation/query_rows.h"

#include <optional>
#include <stop_token>

namespace embedscope {

/// What the neighbours of one query say. Read by retrievalMeasures, which takes the means.
struct QueryRanking {
    std::size_t matches = 0;     ///< R: entries with the query's label, itself left out.
    std::size_t firstMatch = 0;  ///< Rank of the nearest of them from 1; 0 if there is none at a finite distance.
    double rPrecision = 0;
    double averagePrecisionAtR = 0;
    bool voteIsRight = false;
};

/// One ranking a query. Instantiated for float and double. @return nothing if stopped.
template <typename Scalar>
std::optional<std::vector<QueryRanking>> rankings(const Gallery<Scalar>& gallery, const QueryRows<Scalar>& queries,
                                                  int k, std::stop_token stop);

}  // namespace embedscope
