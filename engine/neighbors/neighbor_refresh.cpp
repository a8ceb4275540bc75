#include "engine/neighbors/exact_rows.h"
#include "engine/neighbors/tile_kernel.h"

#include <algorithm>

// A neighbour of a neighbour is likely to be a neighbour: Dong, Charikar, Li 2011 ("Efficient k-nearest neighbor graph
// construction for generic similarity measures").

namespace embedscope {
namespace {

constexpr std::size_t kHopNeighbors = 16;
constexpr std::size_t kExactEvery = 16;         // a row looks at everybody in one refresh of so many
constexpr std::size_t kRowsForOneScan = 2'000;  // looking at so many costs what looking at the surroundings does
constexpr std::size_t kRowsAtOnce = 64;

/// The row's neighbours and the nearest neighbours of its nearest ones, each once, itself left out.
void gatherCandidates(const NeighborGraph& graph, std::size_t row, std::vector<std::int32_t>& candidates) {
    const auto own = graph.rowsOf(row);
    candidates.assign(own.begin(), own.end());
    for (const std::int32_t near : own.first(std::min(kHopNeighbors, own.size()))) {
        const auto theirs = graph.rowsOf(static_cast<std::size_t>(near));
        const auto some = theirs.first(std::min(kHopNeighbors, theirs.size()));
        candidates.insert(candidates.end(), some.begin(), some.end());
    }
    std::ranges::sort(candidates);
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    std::erase(candidates, static_cast<std::int32_t>(row));
}

}  // namespace

struct NeighborRefresh::Impl {
    const NeighborGraph& graph;
    SpaceView space;
    NeighborGraph next;
    std::size_t exactFirst, exactLast;  ///< Rows that look at everybody.
    std::size_t done = 0;
    bool cut = true;
    std::optional<TiledRows> gallery = std::nullopt;

    /// Where a slice ends that costs about as much as `rows` rows which look at their surroundings, or less if cut.
    std::size_t sliceEnd(std::size_t rows) {
        const bool exact = done >= exactFirst && done < exactLast;
        const std::size_t dearer = exact ? std::max<std::size_t>(1, space.count() / kRowsForOneScan) : 1;
        const std::size_t wanted = done + std::max<std::size_t>(1, rows / dearer);
        const std::size_t limit = exact ? exactLast : done < exactFirst ? exactFirst : space.count();
        cut = wanted > limit;
        return std::min(wanted, limit);
    }

    void scan(std::size_t first, std::size_t last, Workers& workers) {
        if (first >= last) return;
        if (!gallery) gallery.emplace(space, std::span<const std::int32_t>());
        scanExactRows(next, space, *gallery, first, last, workers, {});
    }

    void hop(std::size_t first, std::size_t last, Workers& workers) {
        workers.forBlocks(last - first, kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
            std::vector<std::int32_t> candidates;
            NearestList list;
            for (std::size_t row = first + begin; row < first + end; ++row) {
                gatherCandidates(graph, row, candidates);
                list.clear(graph.width());
                for (const std::int32_t other : candidates)
                    list.add(
                        squaredDistance(space.row(row), space.row(static_cast<std::size_t>(other)), space.dimension),
                        other);
                writeRow(list, next, row);
            }
        });
    }
};

NeighborRefresh::NeighborRefresh(const NeighborGraph& graph, SpaceView space, int neighbors, std::size_t round) {
    NeighborGraph next = emptyGraph(space.count(), neighbors);
    const bool everybody = next.neighbors != graph.neighbors || graph.count() != space.count();
    const std::size_t part = round % kExactEvery, count = space.count();
    const std::size_t first = everybody ? 0 : part * count / kExactEvery;
    const std::size_t last = everybody ? count : (part + 1) * count / kExactEvery;
    impl_ = std::make_unique<Impl>(Impl{graph, space, std::move(next), first, last});
}

NeighborRefresh::~NeighborRefresh() = default;

bool NeighborRefresh::advance(std::size_t rows, Workers& workers) {
    Impl& refresh = *impl_;
    const std::size_t count = refresh.space.count();
    if (refresh.next.neighbors == 0) refresh.done = count;
    if (refresh.done == count) return true;
    const std::size_t end = refresh.sliceEnd(rows);
    if (end <= refresh.exactFirst || end > refresh.exactLast)
        refresh.hop(refresh.done, end, workers);
    else
        refresh.scan(refresh.done, end, workers);
    refresh.done = end;
    return refresh.done == count;
}

const NeighborGraph& NeighborRefresh::graph() const {
    return impl_->next;
}

std::size_t NeighborRefresh::done() const {
    return impl_->done;
}

bool NeighborRefresh::wasCut() const {
    return impl_->cut;
}

NeighborGraph NeighborRefresh::take() {
    return std::move(impl_->next);
}

}  // namespace embedscope
