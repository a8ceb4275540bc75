#include "engine/neighbors/row_clusters.h"

#include <algorithm>
#include <numeric>

namespace embedscope {
namespace {

constexpr std::size_t kQueriesAtOnce = 128;

}  // namespace

RowClusters centresAmong(SpaceView space, std::size_t count, std::size_t offset) {
    const std::size_t rows = space.count();
    RowClusters clusters;
    clusters.clusterOf.assign(rows, -1);
    for (std::size_t c = 0; c < count; ++c) {
        const float* const row = space.row((c * rows / count + offset) % rows);
        clusters.centres.insert(clusters.centres.end(), row, row + space.dimension);
    }
    return clusters;
}

void assign(RowClusters& clusters, const TiledRows& centres, SpaceView space, std::span<const std::int32_t> rows,
            Workers& workers, const std::stop_token& stop) {
    const std::vector<std::int32_t> names = namesOfAnotherSpace(centres.count());
    workers.forBlocks(rows.size(), kQueriesAtOnce, [&](std::size_t begin, std::size_t end) {
        if (stop.stop_requested()) return;
        const auto queries = rows.subspan(begin, end - begin);
        std::vector<NearestList> lists(queries.size());
        for (NearestList& list : lists) list.clear(1);
        scanNearest(space, queries, centres, names, lists);
        for (std::size_t q = 0; q < lists.size(); ++q) {
            std::int32_t name = -1;
            float distance = 0;
            lists[q].write({&name, 1}, {&distance, 1});
            clusters.clusterOf[static_cast<std::size_t>(queries[q])] = rowNamed(name);
        }
    });
}

void moveCentres(RowClusters& clusters, SpaceView space) {
    const auto width = static_cast<std::size_t>(space.dimension);
    std::vector<double> sums(clusters.centres.size());
    std::vector<std::size_t> counts(clusters.count(space.dimension));
    for (std::size_t i = 0; i < space.count(); ++i) {
        if (clusters.clusterOf[i] < 0) continue;
        const auto cluster = static_cast<std::size_t>(clusters.clusterOf[i]);
        ++counts[cluster];
        for (std::size_t k = 0; k < width; ++k) sums[cluster * width + k] += space.row(i)[k];
    }
    for (std::size_t c = 0; c < counts.size(); ++c)
        for (std::size_t k = 0; k < width && counts[c] > 0; ++k)
            clusters.centres[c * width + k] = static_cast<float>(sums[c * width + k] / static_cast<double>(counts[c]));
}

void splitLarge(RowClusters& clusters, int dimension, std::size_t most) {
    const auto width = static_cast<std::size_t>(dimension);
    std::vector<std::size_t> counts(clusters.count(dimension));
    std::vector<std::int32_t> newest(counts.size());
    std::iota(newest.begin(), newest.end(), 0);
    for (std::int32_t& cluster : clusters.clusterOf) {
        if (cluster < 0) continue;
        const auto whole = static_cast<std::size_t>(cluster);
        if (counts[whole] == most) {
            newest[whole] = static_cast<std::int32_t>(clusters.count(dimension));
            counts[whole] = 0;
            const std::size_t end = clusters.centres.size();
            clusters.centres.resize(end + width);
            std::copy_n(clusters.centres.begin() + static_cast<std::ptrdiff_t>(whole * width), width,
                        clusters.centres.begin() + static_cast<std::ptrdiff_t>(end));
        }
        ++counts[whole];
        cluster = newest[whole];
    }
}

std::vector<std::vector<std::int32_t>> membersOf(const RowClusters& clusters, int dimension) {
    std::vector<std::vector<std::int32_t>> members(clusters.count(dimension));
    for (std::size_t i = 0; i < clusters.clusterOf.size(); ++i)
        if (clusters.clusterOf[i] >= 0)
            members[static_cast<std::size_t>(clusters.clusterOf[i])].push_back(static_cast<std::int32_t>(i));
    return members;
}

}  // namespace embedscope
