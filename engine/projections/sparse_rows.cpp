#include "engine/projections/sparse_rows.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr std::size_t kRowsAtOnce = 512;

/// Who has a row among its neighbours, and with which weight: the graph turned round, by rows.
struct Backwards {
    std::vector<std::uint32_t> begins;
    std::vector<std::int32_t> from;
    std::vector<float> weights;
};

Backwards turned(const NeighborGraph& graph, const std::vector<float>& weights) {
    Backwards back;
    back.begins.assign(graph.count() + 1, 0);
    for (const std::int32_t row : graph.rows) ++back.begins[static_cast<std::size_t>(row) + 1];
    for (std::size_t i = 0; i < graph.count(); ++i) back.begins[i + 1] += back.begins[i];
    back.from.resize(graph.rows.size());
    back.weights.resize(graph.rows.size());
    std::vector<std::uint32_t> next(back.begins.begin(), back.begins.end() - 1);
    for (std::size_t at = 0; at < graph.rows.size(); ++at) {
        const std::uint32_t place = next[static_cast<std::size_t>(graph.rows[at])]++;
        back.from[place] = static_cast<std::int32_t>(at / graph.width());
        back.weights[place] = weights[at];
    }
    return back;
}

/// The graph turned twice: the neighbours of a row by rising number, without sorting them.
struct Ordered {
    std::vector<std::int32_t> columns;
    std::vector<float> weights;
};

Ordered ordered(const NeighborGraph& graph, const Backwards& back) {
    Ordered result{std::vector<std::int32_t>(graph.rows.size()), std::vector<float>(graph.rows.size())};
    std::vector<std::size_t> next(graph.count());
    for (std::size_t row = 0; row < next.size(); ++row) next[row] = row * graph.width();
    for (std::size_t column = 0; column < graph.count(); ++column)
        for (std::uint32_t at = back.begins[column]; at < back.begins[column + 1]; ++at) {
            const std::size_t place = next[static_cast<std::size_t>(back.from[at])]++;
            result.columns[place] = static_cast<std::int32_t>(column);
            result.weights[place] = back.weights[at];
        }
    return result;
}

/// Both ways of a row, by rising column, each column once: calls take(column, weight there, weight back).
template <typename Take>
void merge(const NeighborGraph& graph, const Ordered& there, const Backwards& back, std::size_t row, Take take) {
    std::size_t own = row * graph.width();
    std::uint32_t other = back.begins[row];
    const std::size_t ownEnd = own + graph.width();
    const std::uint32_t otherEnd = back.begins[row + 1];
    while (own < ownEnd || other < otherEnd) {
        const bool isOwn = other == otherEnd || (own < ownEnd && there.columns[own] <= back.from[other]);
        const bool isOther = own == ownEnd || (other < otherEnd && back.from[other] <= there.columns[own]);
        const std::int32_t column = isOwn ? there.columns[own] : back.from[other];
        take(column, isOwn ? there.weights[own++] : 0, isOther ? back.weights[other++] : 0);
    }
}

}  // namespace

SparseRows<float> symmetrized(const NeighborGraph& graph, const std::vector<float>& weights,
                              const std::function<float(float, float)>& combine, Workers& workers) {
    const Backwards back = turned(graph, weights);
    const Ordered there = ordered(graph, back);
    SparseRows<float> result;
    result.begins.assign(graph.count() + 1, 0);
    workers.forBlocks(graph.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            std::uint32_t columns = 0;
            merge(graph, there, back, row, [&columns](std::int32_t, float, float) { ++columns; });
            result.begins[row + 1] = columns;
        }
    });
    for (std::size_t i = 0; i < graph.count(); ++i) result.begins[i + 1] += result.begins[i];
    result.columns.resize(result.begins.back());
    result.values.resize(result.begins.back());
    workers.forBlocks(graph.count(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        std::size_t place = result.begins[begin];
        for (std::size_t row = begin; row < end; ++row)
            merge(graph, there, back, row, [&](std::int32_t column, float forth, float backwards) {
                result.columns[place] = column;
                result.values[place++] = combine(forth, backwards);
            });
    });
    return result;
}

float changedShare(const SparseRows<float>& a, const SparseRows<float>& b) {
    if (a.count() != b.count()) return 1;
    double difference = 0, sumA = 0, sumB = 0;
    for (std::size_t i = 0; i < a.count(); ++i) {
        std::uint32_t atA = a.begins[i], atB = b.begins[i];
        while (atA < a.begins[i + 1] || atB < b.begins[i + 1]) {
            const bool fromA = atB == b.begins[i + 1] || (atA < a.begins[i + 1] && a.columns[atA] <= b.columns[atB]);
            const bool fromB = atA == a.begins[i + 1] || (atB < b.begins[i + 1] && b.columns[atB] <= a.columns[atA]);
            const double valueA = fromA ? a.values[atA++] : 0, valueB = fromB ? b.values[atB++] : 0;
            difference += std::abs(valueA - valueB);
            sumA += valueA;
            sumB += valueB;
        }
    }
    const double larger = std::max(sumA, sumB);
    return larger > 0 ? static_cast<float>(difference / (2 * larger)) : 0;
}

}  // namespace embedscope
