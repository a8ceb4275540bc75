#pragma once

#include "engine/evaluation/gallery.h"
#include "engine/evaluation/parallel_blocks.h"

namespace embedscope {

/// Who asks a gallery.
template <typename Scalar>
struct QueryRows {
    std::span<const Scalar> embeddings;  ///< [N, dimension] row-major.
    std::vector<std::size_t> rows;       ///< Rows of the embeddings.
    std::vector<std::int32_t> labels;    ///< Of these.
    bool leaveOneOut = false;            ///< Query i is the gallery's entry i, and no neighbour of its own.

    std::size_t size() const { return rows.size(); }
};

/// The gallery's own entries as its queries.
template <typename Scalar>
QueryRows<Scalar> leaveOneOut(const Gallery<Scalar>& gallery, std::span<const Scalar> embeddings) {
    QueryRows<Scalar> queries{embeddings, {}, {gallery.labels().begin(), gallery.labels().end()}, true};
    for (std::size_t i = 0; i < gallery.size(); ++i) queries.rows.push_back(gallery.row(i));
    return queries;
}

/// Calls use(query, distances) for every query on all cores, each once, in any order. `distances` [gallery size] are
/// squared and scaled; a query's own entry and entries that are not finite are infinite; empty if the query is not
/// finite. @return false if stopped.
template <typename Scalar, typename Use>
bool forQueries(const Gallery<Scalar>& gallery, const QueryRows<Scalar>& queries, std::stop_token stop, Use use) {
    constexpr std::size_t kBlock = 8 * kKernelQueries;
    const auto dimension = static_cast<std::size_t>(gallery.dimension());
    return forBlocks(queries.size(), kBlock, stop, [&](std::size_t begin, std::size_t end) {
        std::vector<const Scalar*> pointers;
        std::vector<std::size_t> asked;
        for (std::size_t query = begin; query < end; ++query) {
            const auto row = queries.embeddings.subspan(queries.rows[query] * dimension, dimension);
            if (!isFinite(row)) {
                use(query, std::span<Scalar>());
                continue;
            }
            pointers.push_back(row.data());
            asked.push_back(query);
        }
        std::vector<Scalar> distances;
        gallery.squaredDistances(pointers, distances);
        for (std::size_t q = 0; q < asked.size() && !stop.stop_requested(); ++q) {
            const std::span line(distances.data() + q * gallery.stride(), gallery.size());
            if (queries.leaveOneOut) line[asked[q]] = std::numeric_limits<Scalar>::infinity();
            use(asked[q], line);
        }
    });
}

}  // namespace embedscope
