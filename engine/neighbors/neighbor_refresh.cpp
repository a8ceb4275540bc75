#include "engine/neighbors/exact_rows.h"
#include "engine/neighbors/nearest_scan.h"
#include "engine/neighbors/row_clusters.h"
#include "engine/neighbors/tile_kernel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

// The inverted file of Jégou, Douze, Schmid 2011, as in cluster_graph.cpp, with quickly found centres; and the former
// neighbours as candidates, so that what one refresh misses another finds.

namespace embedscope {
namespace {

constexpr std::size_t kCandidates = 1'000;
constexpr double kCentres = 2;                       // times the root of the number of rows: small parts fit better
constexpr std::size_t kSampledOneOf = 4;             // rows that the centres are moved by
constexpr std::size_t kDistancesAtOnce = 1U << 16U;  // of a piece: some tenths of a millisecond
constexpr std::size_t kLeastRows = 16;               // of a piece: fewer read the others too often
constexpr std::size_t kRowsOfAThread = 128;
constexpr std::size_t kGoldenStep = 0x9E3779B1;  // from refresh to refresh the centres wander over all rows

/// @param others That each row is compared with.
std::size_t rowsOfAPiece(std::size_t others) {
    return std::max(kLeastRows, kDistancesAtOnce / std::max<std::size_t>(others, 1));
}

}  // namespace

struct NeighborRefresh::Impl {
    Impl(const NeighborGraph& former, SpaceView of, int neighbors, std::size_t round, Reach reach)
        : graph(former), space(of), next(emptyGraph(of.count(), neighbors)) {
        order.resize(space.count());
        if (reach == Reach::Everybody || next.neighbors == 0) {
            std::iota(order.begin(), order.end(), 0);
            return;
        }
        const auto wanted = static_cast<std::size_t>(kCentres * std::sqrt(static_cast<double>(space.count())));
        const std::size_t count = std::clamp<std::size_t>(wanted, 1, space.count());
        clusters = centresAmong(space, count, round * kGoldenStep % (space.count() / count));
        for (std::size_t first = 0; first < kSampledOneOf; ++first)
            for (std::size_t row = (first + round) % kSampledOneOf; row < order.size(); row += kSampledOneOf)
                order[sampled++] = static_cast<std::int32_t>(row);
        sampled = (order.size() + kSampledOneOf - 1) / kSampledOneOf;
    }

    /// All rows among all.
    void scanEverybody(Workers& workers) {
        if (!gallery) gallery.emplace(space, std::span<const std::int32_t>());
        const std::size_t end = std::min(done + rowsOfAPiece(space.count()), space.count());
        scanExactRows(next, space, *gallery, done, end, workers, {});
        done = end;
    }

    /// First some rows, which the centres are moved by, then all.
    void part(Workers& workers) {
        const bool samples = !moved;
        const std::size_t limit = samples ? sampled : order.size();
        const std::size_t end = std::min(parted + rowsOfAPiece(clusters->count(space.dimension)), limit);
        if (parted == 0)
            gallery.emplace(SpaceView{clusters->centres, space.dimension}, std::span<const std::int32_t>());
        assign(*clusters, *gallery, space, std::span(order).subspan(parted, end - parted), workers);
        parted = end;
        if (parted < limit) return;
        if (!samples) return beginSearch();
        moveCentres(*clusters, space);
        moved = true;
        parted = 0;
    }

    void beginSearch() {
        splitLarge(*clusters, space.dimension, 2 * kCandidates);
        members = membersOf(*clusters, space.dimension);
        searches = true;
    }

    /// The nearest clusters until there are candidates enough: they are compared with each member of this one.
    void open() {
        const SpaceView centres{clusters->centres, space.dimension};
        std::vector<std::pair<float, std::size_t>> near(members.size());
        for (std::size_t c = 0; c < near.size(); ++c)
            near[c] = {c == cluster ? -1 : squaredDistance(centres.row(cluster), centres.row(c), space.dimension), c};
        std::ranges::sort(near);
        const std::size_t enough = std::max(kCandidates, 4 * next.width() + 1);
        isOpen.assign(members.size(), 0);
        candidates.clear();
        for (const auto& [distance, c] : near) {
            isOpen[c] = 1;
            candidates.insert(candidates.end(), members[c].begin(), members[c].end());
            if (candidates.size() >= enough) break;
        }
        gallery.emplace(space, candidates);
    }

    /// Some rows of one cluster.
    void search(Workers& workers) {
        if (memberAt == members[cluster].size()) {
            memberAt = 0;
            ++cluster;
            return;
        }
        if (memberAt == 0) open();
        const std::size_t count = std::min(rowsOfAPiece(candidates.size()), members[cluster].size() - memberAt);
        const auto rows = std::span<const std::int32_t>(members[cluster]).subspan(memberAt, count);
        workers.forBlocks(count, kRowsOfAThread,
                          [&](std::size_t begin, std::size_t end) { look(rows.subspan(begin, end - begin)); });
        memberAt += count;
        done += count;
    }

    void look(std::span<const std::int32_t> rows) {
        std::vector<NearestList> lists(rows.size());
        for (std::size_t q = 0; q < rows.size(); ++q) {
            lists[q].clear(next.width());
            addFormer(static_cast<std::size_t>(rows[q]), lists[q]);
        }
        scanNearest(space, rows, *gallery, candidates, lists);
        for (std::size_t q = 0; q < rows.size(); ++q) writeRow(lists[q], next, static_cast<std::size_t>(rows[q]));
    }

    /// The former neighbours that are not among the candidates.
    void addFormer(std::size_t row, NearestList& list) const {
        if (graph.count() != space.count()) return;
        for (const std::int32_t other : graph.rowsOf(row)) {
            const auto at = static_cast<std::size_t>(other);
            if (!isOpen[static_cast<std::size_t>(clusters->clusterOf[at])])
                list.add(squaredDistance(space.row(row), space.row(at), space.dimension), other);
        }
    }

    const NeighborGraph& graph;
    SpaceView space;
    NeighborGraph next;
    std::size_t done = 0;                 ///< Rows of `next`.
    std::optional<RowClusters> clusters;  ///< Empty: everybody is looked at.
    std::vector<std::int32_t> order;      ///< All rows, those of the sample first.
    std::size_t sampled = 0, parted = 0;  ///< Of `order`.
    bool moved = false, searches = false;
    std::vector<std::vector<std::int32_t>> members;
    std::size_t cluster = 0, memberAt = 0;  ///< What comes next.
    std::vector<char> isOpen;               ///< [C]
    std::vector<std::int32_t> candidates;   ///< The rows of the open clusters.
    std::optional<TiledRows> gallery;       ///< Of them; before, of the centres.
};

NeighborRefresh::NeighborRefresh(const NeighborGraph& graph, SpaceView space, int neighbors, std::size_t round,
                                 Reach reach)
    : impl_(std::make_unique<Impl>(graph, space, neighbors, round, reach)) {}

NeighborRefresh::~NeighborRefresh() = default;

bool NeighborRefresh::advance(Workers& workers) {
    Impl& refresh = *impl_;
    if (complete()) return true;
    if (!refresh.clusters)
        refresh.scanEverybody(workers);
    else if (!refresh.searches)
        refresh.part(workers);
    else
        refresh.search(workers);
    return complete();
}

bool NeighborRefresh::complete() const {
    return impl_->next.neighbors == 0 || impl_->done == impl_->space.count();
}

const NeighborGraph& NeighborRefresh::graph() const {
    return impl_->next;
}

NeighborGraph NeighborRefresh::take() {
    return std::move(impl_->next);
}

}  // namespace embedscope
