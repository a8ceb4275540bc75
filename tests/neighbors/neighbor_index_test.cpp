#include "engine/neighbor_index.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace embedscope;

namespace {

std::vector<std::int32_t> rowsOf(const std::vector<Neighbor>& neighbors) {
    std::vector<std::int32_t> rows;
    for (const Neighbor& neighbor : neighbors) rows.push_back(neighbor.row);
    return rows;
}

std::shared_ptr<const NeighborIndex> indexOf(std::size_t count, int dimension, IndexSettings settings = {}) {
    return NeighborIndex::build(RandomPoints(5).rows(count, dimension), dimension, settings, {});
}

}  // namespace

class NeighborIndexTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void FewRowsAreSearchedExactly() {
        const auto index = indexOf(300, 7);
        QVERIFY(index->exact());
        QCOMPARE(index->recallAt(10, 50, {}), 1.0);
        const auto found = index->nearest(index->row(11), 5);
        QCOMPARE(found[0].row, 11);
        QCOMPARE(found[0].distance, 0.0F);
        std::vector<std::pair<double, int>> all;
        for (int i = 0; i < 300; ++i) {
            double sum = 0;
            for (int k = 0; k < 7; ++k) sum += std::pow(double(index->row(11)[k]) - index->row(i)[k], 2);
            all.emplace_back(std::sqrt(sum), i);
        }
        std::ranges::sort(all);
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(found[i].row, all[i].second);
            QVERIFY(std::abs(found[i].distance - all[i].first) < 1e-5);
        }
    }

    void TheGraphFindsMostOfTheNearest() {
        const auto index = indexOf(4000, 16);
        QVERIFY(!index->exact());
        QVERIFY(index->recallAt(10, 100, {}) > 0.9);
    }

    void ExcludedRowsAreNotReturned() {
        const auto index = indexOf(4000, 8);
        const auto odd = [](std::int32_t row) { return row % 2 == 1; };
        const auto found = index->nearest(index->row(42), 20, odd);
        QCOMPARE(found.size(), 20U);
        for (const Neighbor& neighbor : found) QCOMPARE(neighbor.row % 2, 0);
        // Where nearly all are excluded, it looks at every row and misses none.
        const auto rare = [](std::int32_t row) { return row % 400 != 0; };
        QCOMPARE(rowsOf(index->nearest(index->row(42), 6, rare)), rowsOf(index->nearestExact(index->row(42), 6, rare)));
    }

    void TheSameRowsGiveTheSameAnswers() {
        const auto one = indexOf(3000, 8), two = indexOf(3000, 8);
        for (std::size_t row = 0; row < 3000; row += 100)
            QCOMPARE(rowsOf(one->nearest(one->row(row), 10)), rowsOf(two->nearest(two->row(row), 10)));
    }

    void RowsThatAreNotFiniteAreNeverFound() {
        for (const std::size_t exactUpTo : {0U, 2000U}) {
            std::vector<float> rows = RandomPoints(5).rows(500, 4);
            rows[4 * 20] = std::numeric_limits<float>::quiet_NaN();
            const auto index = NeighborIndex::build(rows, 4, {.exactUpTo = exactUpTo}, {});
            for (const Neighbor& neighbor : index->nearest(index->row(3), 499)) QVERIFY(neighbor.row != 20);
            QVERIFY(index->nearest(index->row(20), 3).empty());
        }
    }

    void AStoppedBuildGivesNothing() {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!NeighborIndex::build(RandomPoints(5).rows(5000, 4), 4, {}, stop.get_token()));
    }

    void AnEmptyIndexAnswersNothing() {
        const auto index = NeighborIndex::build({}, 4, {}, {});
        QVERIFY(index->nearest(std::vector<float>(4), 3).empty());
        QCOMPARE(index->recallAt(10, 5, {}), 1.0);
    }
};

QTEST_APPLESS_MAIN(NeighborIndexTest)
#include "neighbor_index_test.moc"
