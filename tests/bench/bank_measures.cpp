#include "tests/bench/bank_measures.h"

#include "engine/neighbors/neighbor_graph.h"
#include "engine/projections/affinities.h"

#include <Eigen/SVD>

#include <algorithm>
#include <cmath>

namespace embedscope::bench {

double embeddingDisplacement(const BankFrame& before, const BankFrame& now) {
    using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
    const auto centred = [](const BankFrame& bank) {
        const Rows rows(bank.embeddings.data(), static_cast<Eigen::Index>(bank.count()), bank.dimension);
        return Eigen::MatrixXf(rows.rowwise() - rows.colwise().mean());
    };
    if (&before == &now) return 0;
    const Eigen::MatrixXf from = centred(before), to = centred(now);
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd((from.transpose() * to).cast<double>(),
                                                Eigen::ComputeFullU | Eigen::ComputeFullV);
    const Eigen::MatrixXf turn = (svd.matrixU() * svd.matrixV().transpose()).cast<float>();
    const double radius = std::sqrt(static_cast<double>(to.squaredNorm()) / static_cast<double>(to.rows()));
    return static_cast<double>((from * turn - to).rowwise().norm().mean()) / radius;
}

double recallAlong(const Banks& banks) {
    const auto spaceOf = [](const BankFrame& bank) { return SpaceView{bank.embeddings, bank.dimension}; };
    const int neighbors = neighborsForPerplexity(30);
    Workers workers;
    NeighborGraph graph = *exactNeighborGraph(spaceOf(*banks[0]), neighbors, workers);
    for (std::size_t i = 1; i < banks.size(); ++i) {
        NeighborRefresh refresh(graph, spaceOf(*banks[i]), neighbors, i);
        while (!refresh.advance(workers)) continue;
        graph = refresh.take();
    }
    const NeighborGraph truth = *exactNeighborGraph(spaceOf(*banks.back()), neighbors, workers);
    std::size_t found = 0;
    for (std::size_t i = 0; i < truth.count(); ++i)
        for (const std::int32_t row : truth.rowsOf(i)) found += std::ranges::count(graph.rowsOf(i), row) > 0;
    return static_cast<double>(found) / static_cast<double>(truth.rows.size());
}

}  // namespace embedscope::bench
