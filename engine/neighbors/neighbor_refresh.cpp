#include "engine/neighbors/exact_rows.h"
#include "engine/neighbors/tile_kernel.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstring>

// A neighbour of a neighbour is likely to be a neighbour: Dong, Charikar, Li 2011 ("Efficient k-nearest neighbor graph
// construction for generic similarity measures").

namespace embedscope {
namespace {

constexpr std::size_t kHopNeighbors = 16;
constexpr std::size_t kExactEvery = 32;         // a row looks at everybody in one refresh of so many
constexpr std::size_t kRowsForOneScan = 2'000;  // looking at so many costs what looking at the surroundings does
constexpr std::size_t kRowsAtOnce = 64;

/// Which rows are not what they were.
std::vector<char> movedRows(SpaceView before, SpaceView now) {
    std::vector<char> moved(now.count(), 1);
    if (before.dimension != now.dimension || before.rows.size() != now.rows.size()) return moved;
    const std::size_t bytes = static_cast<std::size_t>(now.dimension) * sizeof(float);
    for (std::size_t i = 0; i < moved.size(); ++i)
        moved[i] = static_cast<char>(std::memcmp(before.row(i), now.row(i), bytes) != 0);
    return moved;
}

/// What one thread needs to look at the surroundings of rows.
class Surroundings {
public:
    Surroundings(const NeighborGraph& graph, SpaceView space, const std::vector<char>& moved)
        : graph_(graph), space_(space), moved_(moved), seen_(space.count()) {}

    /// Writes the row's neighbours in `next`. A distance that cannot have changed is not computed.
    void look(std::size_t row, NeighborGraph& next) {
        const auto own = graph_.rowsOf(row);
        const auto distances = graph_.distancesOf(row);
        known_.clear();
        found_.clear();
        seen_[row] = 1;
        float farthest = 0;
        for (std::size_t j = 0; j < own.size(); ++j) {
            const auto other = static_cast<std::size_t>(own[j]);
            const bool known = !moved_[row] && !moved_[other];
            const float squared = known ? distances[j] * distances[j] : squaredTo(row, other);
            (known ? known_ : found_).push_back({squared, own[j]});
            farthest = std::max(farthest, squared);
            seen_[other] = 1;
        }
        gather(row, moved_[row] || farthest > distances.back() * distances.back());
        for (const std::int32_t other : candidates_) {
            seen_[static_cast<std::size_t>(other)] = 0;
            const float squared = squaredTo(row, static_cast<std::size_t>(other));
            if (squared < farthest) found_.push_back({squared, other});
        }
        seen_[row] = 0;
        for (const std::int32_t other : own) seen_[static_cast<std::size_t>(other)] = 0;
        write(row, next);
    }

private:
    float squaredTo(std::size_t row, std::size_t other) const {
        return squaredDistance(space_.row(row), space_.row(other), space_.dimension);
    }

    /// The nearest neighbours of the row's nearest ones, each once.
    void gather(std::size_t row, bool all) {
        candidates_.clear();
        const auto own = graph_.rowsOf(row);
        for (const std::int32_t near : own.first(std::min(kHopNeighbors, own.size()))) {
            const auto theirs = graph_.rowsOf(static_cast<std::size_t>(near));
            for (const std::int32_t other : theirs.first(std::min(kHopNeighbors, theirs.size()))) {
                const auto at = static_cast<std::size_t>(other);
                if (seen_[at] || !(all || moved_[at])) continue;
                seen_[at] = 1;
                candidates_.push_back(other);
            }
        }
    }

    /// The nearest of both lists, of which the known ones are in order already.
    void write(std::size_t row, NeighborGraph& next) {
        std::ranges::sort(found_);
        const std::size_t width = next.width();
        std::size_t fromKnown = 0, fromFound = 0;
        for (std::size_t at = row * width; at < (row + 1) * width; ++at) {
            const bool takeKnown =
                fromFound == found_.size() || (fromKnown < known_.size() && known_[fromKnown] < found_[fromFound]);
            const Found& nearest = takeKnown ? known_[fromKnown++] : found_[fromFound++];
            next.rows[at] = nearest.row;
            next.distances[at] = std::sqrt(nearest.squared);
        }
    }

    struct Found {
        float squared;
        std::int32_t row;
        auto operator<=>(const Found&) const = default;
    };

    const NeighborGraph& graph_;
    SpaceView space_;
    const std::vector<char>& moved_;
    std::vector<Found> known_, found_;
    std::vector<char> seen_;
    std::vector<std::int32_t> candidates_;
};

}  // namespace

struct NeighborRefresh::Impl {
    const NeighborGraph& graph;
    SpaceView space;
    std::vector<char> moved;  ///< [count]
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
            Surroundings surroundings(graph, space, moved);
            for (std::size_t row = first + begin; row < first + end; ++row) surroundings.look(row, next);
        });
    }
};

NeighborRefresh::NeighborRefresh(const NeighborGraph& graph, SpaceView before, SpaceView space, int neighbors,
                                 std::size_t round, Reach reach) {
    NeighborGraph next = emptyGraph(space.count(), neighbors);
    const bool everybody =
        reach == Reach::Everybody || next.neighbors != graph.neighbors || graph.count() != space.count();
    const std::size_t part = round % kExactEvery, count = space.count();
    const std::size_t first = everybody ? 0 : part * count / kExactEvery;
    const std::size_t last = everybody ? count : (part + 1) * count / kExactEvery;
    impl_ = std::make_unique<Impl>(Impl{graph, space, movedRows(before, space), std::move(next), first, last});
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
