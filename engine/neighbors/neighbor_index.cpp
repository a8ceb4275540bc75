// Y. Malkov, D. Yashunin: Efficient and Robust Approximate Nearest Neighbor Search Using Hierarchical Navigable Small
// World Graphs. TPAMI 2020 (1603.09320); the authors' hnswlib.
#include "engine/neighbor_index.h"

#include <Eigen/Core>
// Its header defines functions that are not inline: this must stay the only file that includes it.
#ifdef __SANITIZE_ADDRESS__
// Its vectorised search looks one link beyond a list to fetch ahead, within the block that malloc gave.
#define NO_MANUAL_VECTORIZATION
#endif
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

/// A query that wants more of the graph than this is quicker by looking at every row.
constexpr std::size_t kMostOfGraph = 1024;
constexpr std::size_t kBorder = 32;

bool nearer(const Neighbor& a, const Neighbor& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
}

void keepNearest(std::vector<Neighbor>& found, std::size_t count) {
    if (found.size() <= count) return;
    std::ranges::nth_element(found, found.begin() + static_cast<std::ptrdiff_t>(count), nearer);
    found.resize(count);
}

bool isFinite(std::span<const float> values) {
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

}  // namespace

struct NeighborIndex::Impl {
    std::vector<float> rows;
    int dimension = 0;
    Eigen::VectorXf norms;  ///< Squared.
    std::unique_ptr<hnswlib::L2Space> space;
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> graph;  ///< Null: exact.

    std::size_t count() const { return rows.size() / static_cast<std::size_t>(dimension); }
    std::span<const float> row(std::size_t index) const {
        return std::span(rows).subspan(index * dimension, dimension);
    }

    /// @return false if stopped.
    bool link(const IndexSettings& settings, const std::stop_token& stop) {
        space = std::make_unique<hnswlib::L2Space>(dimension);
        graph = std::make_unique<hnswlib::HierarchicalNSW<float>>(space.get(), count(), settings.links,
                                                                  settings.construction, settings.seed);
        for (std::size_t i = 0; i < count(); ++i) {
            if (stop.stop_requested()) return false;
            // One thread, in order: only so is the graph the same every time.
            if (isFinite(row(i))) graph->addPoint(row(i).data(), i);
        }
        graph->setEf(settings.search);
        return true;
    }

    std::vector<Neighbor> ofGraph(std::span<const float> query, std::size_t k, const Excluded& excluded) const {
        std::vector<Neighbor> found;
        for (auto near = graph->searchKnn(query.data(), k); !near.empty(); near.pop()) {
            const auto [square, label] = near.top();
            const auto index = static_cast<std::int32_t>(label);
            if (!excluded || !excluded(index)) found.push_back({index, std::sqrt(square)});
        }
        std::ranges::sort(found, nearer);
        return found;
    }
};

NeighborIndex::NeighborIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
NeighborIndex::~NeighborIndex() = default;

std::shared_ptr<const NeighborIndex> NeighborIndex::build(std::vector<float> rows, int dimension,
                                                          const IndexSettings& settings, const std::stop_token& stop) {
    assert(dimension > 0 && rows.size() % static_cast<std::size_t>(dimension) == 0);
    auto impl = std::make_unique<Impl>();
    impl->rows = std::move(rows);
    impl->dimension = dimension;
    impl->norms = Rows(impl->rows.data(), static_cast<Eigen::Index>(impl->count()), dimension).rowwise().squaredNorm();
    if (impl->count() > settings.exactUpTo && !impl->link(settings, stop)) return nullptr;
    return std::shared_ptr<const NeighborIndex>(new NeighborIndex(std::move(impl)));
}

std::size_t NeighborIndex::count() const {
    return impl_->count();
}

int NeighborIndex::dimension() const {
    return impl_->dimension;
}

bool NeighborIndex::exact() const {
    return !impl_->graph;
}

std::span<const float> NeighborIndex::row(std::size_t index) const {
    return impl_->row(index);
}

std::vector<Neighbor> NeighborIndex::nearest(std::span<const float> query, int k, const Excluded& excluded) const {
    if (k <= 0 || !isFinite(query)) return {};
    const auto wanted = static_cast<std::size_t>(k);
    const std::size_t most = std::min(impl_->count() / 4, std::max(wanted, kMostOfGraph));
    for (std::size_t asked = wanted; impl_->graph && asked <= most; asked *= 4) {
        std::vector<Neighbor> found = impl_->ofGraph(query, asked, excluded);
        if (found.size() < wanted) continue;
        found.resize(wanted);
        return found;
    }
    return nearestExact(query, k, excluded);
}

std::vector<Neighbor> NeighborIndex::nearestExact(std::span<const float> query, int k, const Excluded& excluded) const {
    if (k <= 0 || count() == 0) return {};
    const Rows all(impl_->rows.data(), static_cast<Eigen::Index>(count()), impl_->dimension);
    const Eigen::Map<const Eigen::VectorXf> from(query.data(), impl_->dimension);
    // |x|² - 2 x·q orders rows as their distance does, at a third of its cost; rounding may swap rows at the border, so
    // some more than k are kept, and those are measured by differences: a duplicate is at distance 0 exactly.
    const Eigen::VectorXf order = impl_->norms - 2 * (all * from);
    std::vector<Neighbor> found;
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(count()); ++i)
        if (std::isfinite(order[i]) && (!excluded || !excluded(i))) found.push_back({i, order[i]});
    keepNearest(found, static_cast<std::size_t>(k) + kBorder);
    for (Neighbor& neighbor : found) neighbor.distance = (all.row(neighbor.row).transpose() - from).norm();
    keepNearest(found, static_cast<std::size_t>(k));
    std::ranges::sort(found, nearer);
    return found;
}

double NeighborIndex::recallAt(int k, std::size_t queries, const std::stop_token& stop) const {
    if (exact()) return 1;
    queries = std::min(queries, count());
    std::size_t hits = 0, all = 0;
    for (std::size_t q = 0; q < queries && !stop.stop_requested(); ++q) {
        const auto self = static_cast<std::int32_t>(q * count() / queries);
        const auto itself = [self](std::int32_t index) { return index == self; };
        std::vector<Neighbor> found = impl_->ofGraph(row(self), static_cast<std::size_t>(k) + 1, itself);
        found.resize(std::min(found.size(), static_cast<std::size_t>(k)));
        const std::vector<Neighbor> truth = nearestExact(row(self), k, itself);
        for (const Neighbor& neighbor : truth) hits += std::ranges::count(found, neighbor.row, &Neighbor::row);
        all += truth.size();
    }
    return all > 0 ? static_cast<double>(hits) / static_cast<double>(all) : 1;
}

}  // namespace embedscope
