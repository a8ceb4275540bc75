#include "engine/neighbors.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace embedscope;

namespace {

BankFrame bankOf(std::vector<float> rows, int dimension) {
    BankFrame bank;
    bank.dimension = dimension;
    bank.computedAtStep.resize(rows.size() / std::size_t(dimension));
    bank.embeddings = std::move(rows);
    return bank;
}

std::vector<std::int32_t> rowsOf(const std::vector<Neighbor>& neighbors) {
    std::vector<std::int32_t> rows;
    for (const Neighbor& neighbor : neighbors) rows.push_back(neighbor.row);
    return rows;
}

}  // namespace

class NeighborsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MatchBruteForce() {
        const BankFrame bank = bankOf(RandomPoints(3).rows(400, 9), 9);
        std::vector<std::pair<double, int>> all;
        for (int i = 0; i < 400; ++i) {
            double sum = 0;
            for (int k = 0; k < 9; ++k) sum += std::pow(double(bank.row(37)[k]) - bank.row(i)[k], 2);
            if (i != 37) all.emplace_back(std::sqrt(sum), i);
        }
        std::ranges::sort(all);
        const auto neighbors = nearestNeighbors(bank, 37, 15);
        QCOMPARE(neighbors.size(), 15U);
        for (std::size_t i = 0; i < 15; ++i) {
            QCOMPARE(neighbors[i].row, all[i].second);
            QVERIFY(std::abs(neighbors[i].distance - all[i].first) < 1e-5);
        }
    }

    void TiesGoToTheLowerRow() {
        const BankFrame bank = bankOf({1, 0, -1, 0, 1, 0, 0, 1, 0, 0}, 2);
        QCOMPARE(rowsOf(nearestNeighbors(bank, 4, 3)), (std::vector<std::int32_t>{0, 1, 2}));
    }

    void APointThatIsARowHasThatRowFirst() {
        const BankFrame bank = bankOf(RandomPoints(5).rows(60, 4), 4);
        const auto to = nearestTo(bank, bank.row(7), 6);
        QCOMPARE(to[0].row, 7);
        QCOMPARE(to[0].distance, 0.0F);
        const auto others = rowsOf(nearestNeighbors(bank, 7, 5));
        const auto all = rowsOf(to);
        QVERIFY(std::equal(others.begin(), others.end(), all.begin() + 1));
    }

    void DuplicateIsAtDistanceZero() {
        const BankFrame bank = bankOf({0.1F, 0.7F, 3, 3, 0.1F, 0.7F}, 2);
        const auto neighbors = nearestNeighbors(bank, 2, 1);
        QCOMPARE(neighbors[0].row, 0);
        QCOMPARE(neighbors[0].distance, 0.0F);
    }

    void MoreThanThereAreGivesAllOthers() {
        const BankFrame bank = bankOf({1, 2, 3}, 1);
        QCOMPARE(rowsOf(nearestNeighbors(bank, 0, 10)), (std::vector<std::int32_t>{1, 2}));
        QVERIFY(nearestNeighbors(bank, 0, 0).empty());
        QVERIFY(nearestNeighbors(bank, 0, -1).empty());
        QVERIFY(nearestNeighbors(bankOf({1}, 1), 0, 5).empty());
    }

    void BrokenRowIsNobodysNeighbour() {
        const BankFrame bank = bankOf({1, std::numeric_limits<float>::quiet_NaN(), 3}, 1);
        QCOMPARE(rowsOf(nearestNeighbors(bank, 0, 5)), (std::vector<std::int32_t>{2}));
        QVERIFY(nearestNeighbors(bank, 1, 5).empty());
    }

    void TenThousandRowsAreQuick() {
        const BankFrame bank = bankOf(RandomPoints(1).rows(10'000, 64), 64);
        QBENCHMARK {
            QCOMPARE(nearestNeighbors(bank, 5, 20).size(), 20U);
        }
    }
};

QTEST_APPLESS_MAIN(NeighborsTest)
#include "neighbors_test.moc"
