#include "engine/projections/tsne_forces.h"

#include <algorithm>
#include <limits>
#include <numeric>

// Barnes, Hut 1986; for t-SNE: van der Maaten 2014 ("Accelerating t-SNE using tree-based algorithms").

namespace embedscope {
namespace {

constexpr std::size_t kLeaf = 8;
constexpr int kDeepest = 32;  // below that points are duplicates
constexpr std::size_t kRowsAtOnce = 128;

template <int Dims>
class Tree {
public:
    using Place = std::array<float, Dims>;

    explicit Tree(const MapPoints<float>& points) : order_(points.count()), places_(points.count()) {
        std::iota(order_.begin(), order_.end(), 0);
        Place low, high;
        float side = 0;
        for (int d = 0; d < Dims; ++d) {
            const auto [least, most] = std::ranges::minmax_element(points.at(d));
            low[at(d)] = *least;
            high[at(d)] = *most;
            side = std::max(side, *most - *least);
        }
        Place middle;
        for (int d = 0; d < Dims; ++d) middle[at(d)] = (low[at(d)] + high[at(d)]) / 2;
        nodes_.reserve(points.count());
        nodes_.emplace_back();
        build(points, 0, 0, static_cast<std::uint32_t>(order_.size()), middle, side, 0);
        for (std::size_t i = 0; i < order_.size(); ++i)
            for (int d = 0; d < Dims; ++d) places_[i][at(d)] = points.at(d)[order_[i]];
    }

    std::uint32_t rowAt(std::size_t place) const { return order_[place]; }

    /// @return The sum of q for the point at `place`, itself left out.
    float repel(std::size_t place, float angle, Place& force) const {
        const Place own = places_[place];
        float sum = 0;
        force.fill(0);
        std::array<std::uint32_t, (1 << Dims) * (kDeepest + 2)> stack;
        std::size_t top = 0;
        stack[top++] = 0;
        while (top > 0) {
            const Node& node = nodes_[stack[--top]];
            if (node.children == 0) {
                for (std::uint32_t i = node.begin; i < node.end; ++i)
                    if (i != place) sum += push(own, places_[i], 1, force);
            } else if (const float squared = distance(own, node.centre);
                       node.side * node.side < angle * angle * squared) {
                sum += push(own, node.centre, static_cast<float>(node.end - node.begin), force);
            } else {
                for (std::uint32_t child = 0; child < node.children; ++child) stack[top++] = node.first + child;
            }
        }
        return sum;
    }

private:
    struct Node {
        Place centre{};  ///< Of mass.
        float side = 0;
        std::uint32_t begin = 0, end = 0;       ///< Places of its points.
        std::uint32_t first = 0, children = 0;  ///< None: a leaf.
    };

    static constexpr std::size_t at(int d) { return static_cast<std::size_t>(d); }

    static float distance(const Place& a, const Place& b) {
        float squared = 0;
        for (int d = 0; d < Dims; ++d) squared += (a[at(d)] - b[at(d)]) * (a[at(d)] - b[at(d)]);
        return squared;
    }

    static float push(const Place& own, const Place& other, float weight, Place& force) {
        const float q = 1 / (1 + distance(own, other));
        for (int d = 0; d < Dims; ++d) force[at(d)] += weight * q * q * (own[at(d)] - other[at(d)]);
        return weight * q;
    }

    void build(const MapPoints<float>& points, std::uint32_t node, std::uint32_t begin, std::uint32_t end,
               const Place& middle, float side, int depth) {
        nodes_[node].begin = begin;
        nodes_[node].end = end;
        nodes_[node].side = side;
        for (int d = 0; d < Dims; ++d) {
            double sum = 0;
            for (std::uint32_t i = begin; i < end; ++i) sum += static_cast<double>(points.at(d)[order_[i]]);
            nodes_[node].centre[at(d)] = static_cast<float>(sum / std::max(1U, end - begin));
        }
        if (end - begin <= kLeaf || depth >= kDeepest) return;
        const auto cuts = split(points, begin, end, middle);
        std::vector<std::uint32_t> cells;
        for (std::uint32_t cell = 0; cell < cuts.size() - 1; ++cell)
            if (cuts[cell + 1] > cuts[cell]) cells.push_back(cell);
        const auto first = static_cast<std::uint32_t>(nodes_.size());
        nodes_[node].first = first;
        nodes_[node].children = static_cast<std::uint32_t>(cells.size());
        nodes_.resize(nodes_.size() + cells.size());
        for (std::uint32_t child = 0; child < cells.size(); ++child) {
            Place centre = middle;
            for (int d = 0; d < Dims; ++d) centre[at(d)] += (cells[child] >> d & 1 ? side : -side) / 4;
            build(points, first + child, cuts[cells[child]], cuts[cells[child] + 1], centre, side / 2, depth + 1);
        }
    }

    /// Sorts the places [begin, end) by cell: bit d is set on the far side of the middle along d.
    std::array<std::uint32_t, (1 << Dims) + 1> split(const MapPoints<float>& points, std::uint32_t begin,
                                                     std::uint32_t end, const Place& middle) {
        std::array<std::uint32_t, (1 << Dims) + 1> cuts;
        cuts.front() = begin;
        cuts.back() = end;
        for (int d = Dims - 1; d >= 0; --d) {
            const std::size_t step = std::size_t{1} << (d + 1);
            for (std::size_t cell = 0; cell + step < cuts.size(); cell += step) {
                const auto from = order_.begin() + cuts[cell], to = order_.begin() + cuts[cell + step];
                const auto cut =
                    std::partition(from, to, [&](std::uint32_t row) { return points.at(d)[row] < middle[at(d)]; });
                cuts[cell + step / 2] = static_cast<std::uint32_t>(cut - order_.begin());
            }
        }
        return cuts;
    }

    std::vector<std::uint32_t> order_;
    std::vector<Place> places_;
    std::vector<Node> nodes_;
};

class TreeRepulsion : public Repulsion {
public:
    explicit TreeRepulsion(double angle) : angle_(static_cast<float>(angle)) {}

    double add(const MapPoints<float>& points, MapPoints<float>& force, Workers& workers) override {
        if (points.count() == 0) return 0;
        return points.dims == 2 ? addIn<2>(points, force, workers) : addIn<3>(points, force, workers);
    }

private:
    template <int Dims>
    double addIn(const MapPoints<float>& points, MapPoints<float>& force, Workers& workers) {
        const Tree<Dims> tree(points);
        return workers.sum(points.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
            double sum = 0;
            typename Tree<Dims>::Place pushed;
            for (std::size_t place = begin; place < end; ++place) {
                sum += static_cast<double>(tree.repel(place, angle_, pushed));
                for (int d = 0; d < Dims; ++d) force.at(d)[tree.rowAt(place)] = pushed[static_cast<std::size_t>(d)];
            }
            return sum;
        });
    }

    float angle_;
};

}  // namespace

std::unique_ptr<Repulsion> makeTreeRepulsion(double angle) {
    return std::make_unique<TreeRepulsion>(angle);
}

}  // namespace embedscope
