#include "engine/neighbors/neighbor_graph.h"

#include "engine/neighbors/cluster_graph.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>

using namespace embedscope;

namespace {

std::vector<float> blobs(std::size_t count, int dimension, std::size_t blobCount, std::uint64_t seed) {
    RandomPoints random(seed);
    const std::vector<float> centres = random.rows(blobCount, dimension);
    std::vector<float> rows = random.rows(count, dimension);
    const auto width = static_cast<std::size_t>(dimension);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = 0.4F * rows[i] + 2 * centres[i / width % blobCount * width + i % width];
    return rows;
}

/// Distances of all others, nearest first, in double.
std::vector<double> sortedDistances(SpaceView space, std::size_t row) {
    std::vector<double> distances;
    for (std::size_t i = 0; i < space.count(); ++i) {
        double sum = 0;
        for (int k = 0; k < space.dimension; ++k) sum += std::pow(double(space.row(i)[k]) - space.row(row)[k], 2);
        if (i != row) distances.push_back(std::sqrt(sum));
    }
    std::ranges::sort(distances);
    return distances;
}

/// Share of the true neighbours that are found.
double recall(const NeighborGraph& found, const NeighborGraph& truth) {
    std::size_t common = 0;
    for (std::size_t i = 0; i < truth.count(); ++i)
        for (const std::int32_t row : truth.rowsOf(i)) common += std::ranges::count(found.rowsOf(i), row) > 0;
    return static_cast<double>(common) / static_cast<double>(truth.rows.size());
}

}  // namespace

class NeighborGraphTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ExactGraphHoldsTheNearestOfEveryRow() {
        Workers workers(2);
        for (const auto& [count, dimension, k] :
             {std::tuple(300, 7, 10), std::tuple(1100, 64, 33), std::tuple(17, 3, 16)}) {
            const auto rows = blobs(static_cast<std::size_t>(count), dimension, 4, 1);
            const SpaceView space{rows, dimension};
            const auto graph = exactNeighborGraph(space, k, workers);
            QCOMPARE(graph->neighbors, k);
            for (std::size_t i = 0; i < space.count(); ++i) {
                const auto expected = sortedDistances(space, i);
                for (std::size_t j = 0; j < graph->width(); ++j) {
                    QVERIFY(std::abs(graph->distancesOf(i)[j] - expected[j]) < 1e-4);
                    QVERIFY(graph->rowsOf(i)[j] != static_cast<std::int32_t>(i));
                }
            }
        }
    }

    void FewRowsAndDuplicatesAreFine() {
        Workers workers(2);
        QCOMPARE(exactNeighborGraph({std::vector<float>{1, 2}, 2}, 5, workers)->neighbors, 0);
        QCOMPARE(exactNeighborGraph({{}, 2}, 5, workers)->neighbors, 0);
        const std::vector<float> duplicates(60, 0.25F);
        const auto graph = exactNeighborGraph({duplicates, 3}, 5, workers);
        for (const float distance : graph->distances) QCOMPARE(distance, 0.0F);
        for (std::size_t i = 0; i < graph->count(); ++i)
            QVERIFY(std::ranges::count(graph->rowsOf(i), static_cast<std::int32_t>(i)) == 0);
    }

    void ClustersFindMostNeighbours() {
        Workers workers(2);
        const auto rows = blobs(6'000, 16, 40, 2);
        const auto truth = exactNeighborGraph({rows, 16}, 15, workers);
        const auto found = clusterNeighborGraph({rows, 16}, 15, workers);
        const double share = recall(*found, *truth);
        qInfo("recall %.4f", share);
        QVERIFY(share >= 0.95);
        Workers one(1);
        QCOMPARE(clusterNeighborGraph({rows, 16}, 15, one)->rows, found->rows);
    }

    void RefreshFollowsAMovingSpace() {
        Workers workers(2);
        auto rows = blobs(6'000, 16, 10, 3);
        NeighborGraph graph = *exactNeighborGraph({rows, 16}, 30, workers);
        RandomPoints random(9);
        for (std::size_t round = 0; round < 5; ++round) {
            for (float& value : rows) value += 0.04F * static_cast<float>(random.normal());
            NeighborRefresh refresh(graph, {rows, 16}, 30, round);
            while (!refresh.advance(workers)) {
            }
            graph = refresh.take();
        }
        const double share = recall(graph, *exactNeighborGraph({rows, 16}, 30, workers));
        qInfo("recall %.4f after five moves", share);
        QVERIFY(share >= 0.95);
    }

    /// As early in a training: the former neighbours say nothing any more.
    void RefreshFindsTheNeighboursOfASpaceThatIsAnother() {
        Workers workers(2);
        const auto before = RandomPoints(8).rows(6'000, 16), rows = blobs(6'000, 16, 10, 3);
        const SpaceView space{rows, 16};
        const NeighborGraph former = *exactNeighborGraph({before, 16}, 30, workers);
        NeighborRefresh refresh(former, space, 30, 7);
        while (!refresh.advance(workers)) {
        }
        const NeighborGraph graph = refresh.take(), truth = *exactNeighborGraph(space, 30, workers);
        const double share = recall(graph, truth);
        qInfo("recall %.4f, of the former neighbours %.4f", share, recall(former, truth));
        QVERIFY(share >= 0.9);
        for (std::size_t i = 0; i < space.count(); ++i) {
            std::vector<std::int32_t> each(graph.rowsOf(i).begin(), graph.rowsOf(i).end());
            QVERIFY(std::ranges::is_sorted(graph.distancesOf(i)));
            for (std::size_t j = 0; j < each.size(); ++j) {
                double squared = 0;
                for (std::size_t k = 0; k < 16; ++k)
                    squared += std::pow(double(space.row(i)[k]) - space.row(static_cast<std::size_t>(each[j]))[k], 2);
                QVERIFY(std::abs(graph.distancesOf(i)[j] - std::sqrt(squared)) < 1e-4);
            }
            std::ranges::sort(each);
            QVERIFY(std::ranges::adjacent_find(each) == each.end());
            QVERIFY(!std::ranges::binary_search(each, static_cast<std::int32_t>(i)));
        }
    }

    void RefreshWhereNothingMovedChangesNothingButMistakes() {
        Workers workers(1);
        const auto rows = blobs(6'000, 8, 5, 4);
        const NeighborGraph exact = *exactNeighborGraph({rows, 8}, 12, workers);
        NeighborRefresh refresh(exact, {rows, 8}, 12, 5);
        while (!refresh.advance(workers)) {
        }
        const NeighborGraph after = refresh.take();
        QVERIFY(recall(after, exact) > 0.9999);  // but for ties
        for (std::size_t i = 0; i < after.distances.size(); ++i)
            QVERIFY(std::abs(after.distances[i] - exact.distances[i]) < 1e-6);
    }

    /// As early in a training: nobody's surroundings are what they were.
    void RefreshAmongEverybodyIsExactWhereverTheSpaceWent() {
        const std::vector<float> before = RandomPoints(4).rows(500, 6), now = RandomPoints(5).rows(500, 6);
        Workers workers(2);
        const NeighborGraph graph = *exactNeighborGraph({before, 6}, 15, workers);
        NeighborRefresh refresh(graph, {now, 6}, 15, 1, NeighborRefresh::Reach::Everybody);
        while (!refresh.advance(workers)) {
        }
        QCOMPARE(refresh.take().rows, exactNeighborGraph({now, 6}, 15, workers)->rows);
    }

    /// As in a collapse: a part of all of them would be compared with itself, row by row.
    void RefreshOfEqualRowsTakesFewPieces() {
        constexpr std::size_t kRows = 20'000;
        Workers workers(1);
        const std::vector<float> rows(kRows * 4, 0.5F);
        NeighborRefresh refresh(NeighborGraph{}, {rows, 4}, 10, 0);
        std::size_t pieces = 1;
        while (!refresh.advance(workers)) QVERIFY(++pieces < kRows / 8);
        const NeighborGraph after = refresh.take();
        QCOMPARE(after.count(), kRows);
        QVERIFY(std::ranges::all_of(after.distances, [](float distance) { return distance == 0; }));
    }

    void RefreshWithMoreNeighboursIsExact() {
        Workers workers(1);
        const auto rows = blobs(500, 8, 5, 4);
        const NeighborGraph few = *exactNeighborGraph({rows, 8}, 5, workers);
        NeighborRefresh refresh(few, {rows, 8}, 20, 3);
        while (!refresh.advance(workers)) {
        }
        QCOMPARE(refresh.take().rows, exactNeighborGraph({rows, 8}, 20, workers)->rows);
    }

    void WorkersVisitEveryBlockOnceAndPassFailuresOn() {
        Workers workers(3);
        std::vector<std::atomic<int>> visits(1000);
        for (int round = 0; round < 50; ++round)
            workers.forBlocks(1000, 7, [&](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i) ++visits[i];
            });
        for (const auto& count : visits) QCOMPARE(count.load(), 50);
        QVERIFY_EXCEPTION_THROWN(
            workers.forBlocks(100, 1, [](std::size_t, std::size_t) { throw std::runtime_error("x"); }),
            std::runtime_error);
        QCOMPARE(workers.sum(10, 3, [](std::size_t begin, std::size_t end) { return double(end - begin); }), 10.0);
    }
};

QTEST_APPLESS_MAIN(NeighborGraphTest)
#include "neighbor_graph_test.moc"
