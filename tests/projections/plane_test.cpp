#include "engine/projections/plane.h"

#include "engine/projections/alignment.h"
#include "tests/support/random_points.h"

#include <Eigen/QR>

#include <QTest>

#include <limits>

using namespace embedscope;

namespace {

using Points = Eigen::Matrix<float, Eigen::Dynamic, 2, Eigen::RowMajor>;

BankFrame bankOf(const Eigen::MatrixXd& rows) {
    BankFrame bank;
    bank.dimension = int(rows.cols());
    bank.computedAtStep.resize(std::size_t(rows.rows()));
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
        for (Eigen::Index k = 0; k < rows.cols(); ++k) bank.embeddings.push_back(float(rows(i, k)));
    return bank;
}

Points pointsOf(const PlaneTracker::Frame& frame) {
    return Eigen::Map<const Points>(frame.coordinates.data(), Eigen::Index(frame.coordinates.size() / 2), 2);
}

Eigen::MatrixXd randomMatrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
    RandomPoints random(seed);
    Eigen::MatrixXd matrix(rows, columns);
    for (double& value : matrix.reshaped()) value = random.normal();
    return matrix;
}

/// Independent columns with these spreads.
Eigen::MatrixXd spread(const Eigen::MatrixXd& normals, std::initializer_list<double> deviations) {
    Eigen::MatrixXd rows = normals;
    Eigen::Index k = 0;
    for (const double deviation : deviations) rows.col(k++) *= deviation;
    return rows;
}

/// Mean step of a point from one frame to the next, relative to the map's size.
double movement(const Points& before, const Points& after) {
    return (after - before).rowwise().norm().mean() / before.rowwise().norm().mean();
}

}  // namespace

class PlaneTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void SameAxesDrawAnotherBankWhereTheFrameBeforeWouldHave() {
        const Eigen::MatrixXd rows = spread(randomMatrix(200, 7, 1), {5, 3});
        PlaneTracker tracker;
        QVERIFY(!tracker.onSameAxes(bankOf(rows)));
        const Points first = pointsOf(*tracker.next(bankOf(rows), false));
        const auto again = tracker.onSameAxes(bankOf(rows));
        QVERIFY(again.has_value());
        QVERIFY(movement(first, pointsOf({*again, {}})) < 1e-6);
        PlaneTracker frozen;
        frozen.next(bankOf(rows), false);
        const Eigen::MatrixXd moved = 1.5 * rows;
        const auto same = tracker.onSameAxes(bankOf(moved));
        QVERIFY(movement(pointsOf(*frozen.next(bankOf(moved), true)), pointsOf({*same, {}})) < 1e-6);
        QVERIFY(!tracker.onSameAxes(bankOf(rows.topRows(150))));
    }

    void UnchangedEmbeddingsLeaveTheMapStill() {
        const BankFrame bank = bankOf(spread(randomMatrix(300, 6, 1), {3, 2, 1, 1, 1, 1}));
        PlaneTracker tracker;
        const Points first = pointsOf(*tracker.next(bank, false));
        for (int i = 0; i < 20; ++i) QVERIFY(movement(first, pointsOf(*tracker.next(bank, false))) < 1e-6);
    }

    void RotatedEmbeddingGivesTheSameMap() {
        const Eigen::MatrixXd rows = spread(randomMatrix(300, 8, 2), {3, 2, 1, 1, 1, 1, 1, 1});
        const Eigen::MatrixXd rotation = Eigen::HouseholderQR<Eigen::MatrixXd>(randomMatrix(8, 8, 3)).householderQ();
        PlaneTracker tracker;
        const Points first = pointsOf(*tracker.next(bankOf(rows), false));
        QVERIFY(movement(first, pointsOf(*tracker.next(bankOf(rows * rotation), false))) < 1e-4);
        QVERIFY(movement(first, pointsOf(*tracker.next(bankOf(-rows), false))) < 1e-4);
    }

    void SlowDriftNeverFlips() {
        // What varies changes, and so do the directions in which it varies: both a little in every frame.
        const Eigen::MatrixXd from = spread(randomMatrix(400, 2, 4), {4, 3}),
                              to = spread(randomMatrix(400, 2, 5), {3, 4});
        PlaneTracker tracker;
        Points before;
        for (int i = 0; i <= 200; ++i) {
            const double t = i / 200.0;
            Eigen::MatrixXd rows = randomMatrix(400, 7, 6);
            rows.leftCols(2) = std::cos(5 * t) * ((1 - t) * from + t * to);
            rows.middleCols(2, 2) = std::sin(5 * t) * ((1 - t) * from + t * to);
            const Points after = pointsOf(*tracker.next(bankOf(rows), false));
            if (i > 0) QVERIFY2(movement(before, after) < 0.05, std::to_string(i).c_str());
            before = after;
        }
    }

    void CrossingVariancesKeepTheirAxes() {
        // x shrinks and y grows: the principal axes exchange in the middle, the picture must not.
        const Eigen::MatrixXd normals = randomMatrix(500, 5, 6);
        PlaneTracker tracker;
        Points before;
        for (int i = 0; i <= 100; ++i) {
            const double x = 4 - i * 0.02, y = 2 + i * 0.02;
            const auto frame = *tracker.next(bankOf(spread(normals, {x, y, 0.5, 0.5, 0.5})), false);
            const Points after = pointsOf(frame);
            if (i > 0) QVERIFY2(movement(before, after) < 0.03, std::to_string(i).c_str());
            if (i == 0) QVERIFY(frame.axisNames[0].starts_with("PC 1 (") && frame.axisNames[1].starts_with("PC 2 ("));
            if (i == 100) QVERIFY(frame.axisNames[0].starts_with("PC 2 (") && frame.axisNames[1].starts_with("PC 1 ("));
            before = after;
        }
    }

    void EqualVariancesDoNotSpin() {
        // Each frame's noise turns the principal axes anywhere inside their plane.
        const Eigen::MatrixXd normals = randomMatrix(400, 4, 7);
        PlaneTracker tracker;
        Points before;
        for (int i = 0; i < 30; ++i) {
            const Eigen::MatrixXd rows = spread(normals, {3, 3, 1, 1}) + 0.1 * randomMatrix(400, 4, 100 + i);
            const Points after = pointsOf(*tracker.next(bankOf(rows), false));
            if (i > 0) QVERIFY(movement(before, after) < 0.15);
            before = after;
        }
    }

    void FirstFrameShowsPrincipalAxesWithTheirShares() {
        const auto frame = *PlaneTracker().next(bankOf(spread(randomMatrix(20'000, 3, 8), {2, 1, 1})), false);
        QCOMPARE(frame.axisNames[0], std::string("PC 1 (67 %)"));
        QVERIFY(frame.axisNames[1].starts_with("PC 2 (17 %)") || frame.axisNames[1].starts_with("PC 2 (16 %)"));
    }

    void FrozenAxesAreALinearMap() {
        const Eigen::MatrixXd rows = spread(randomMatrix(200, 5, 9), {3, 2, 1, 1, 1});
        PlaneTracker tracker;
        const Points first = pointsOf(*tracker.next(bankOf(rows), false));
        const Eigen::MatrixXd other = randomMatrix(200, 5, 10);
        const Points alone = pointsOf(*tracker.next(bankOf(other), true));
        const Points mixed = pointsOf(*tracker.next(bankOf(0.5 * rows + 0.5 * other), true));
        QVERIFY((mixed - 0.5F * first - 0.5F * alone).cwiseAbs().maxCoeff() < 1e-5F);
        QVERIFY(tracker.next(bankOf(other), true)->axisNames[0].starts_with("frozen PC 1 ("));
        QVERIFY(movement(first, pointsOf(*tracker.next(bankOf(rows), true))) < 1e-6);
    }

    void TwoDimensionsAreDrawnAsTheyAre() {
        const BankFrame bank = bankOf(randomMatrix(30, 2, 11));
        const auto frame = *PlaneTracker().next(bank, false);
        QCOMPARE(frame.coordinates, bank.embeddings);
        QCOMPARE(frame.axisNames, (std::vector<std::string>{"x1", "x2"}));
    }

    void ThreeAxesStandStillAndFollowTurns() {
        const Eigen::MatrixXd rows = spread(randomMatrix(300, 6, 21), {5, 3, 1.5, 0.5, 0.5, 0.5});
        const Eigen::MatrixXd rotation = Eigen::HouseholderQR<Eigen::MatrixXd>(randomMatrix(6, 6, 22)).householderQ();
        PlaneTracker tracker;
        tracker.setDimensions(3);
        const auto first = *tracker.next(bankOf(rows), false);
        QCOMPARE(first.coordinates.size(), 900U);
        QCOMPARE(first.axisNames.size(), 3U);
        for (const Eigen::MatrixXd& other : {rows, Eigen::MatrixXd(rows * rotation), Eigen::MatrixXd(-rows)}) {
            const auto next = *tracker.next(bankOf(other), false);
            QVERIFY(meanDisplacement(next.coordinates, first.coordinates, 3) < 1e-4);
        }
        const auto sphere = bankOf(randomMatrix(30, 3, 23));
        QCOMPARE(tracker.next(sphere, false)->coordinates, sphere.embeddings);
        const auto flat = *tracker.next(bankOf(randomMatrix(30, 2, 24)), false);
        QCOMPARE(flat.coordinates.size(), 90U);
        QCOMPARE(flat.coordinates[2], 0.F);
    }

    void NotFiniteIsNotDrawnAndForgetsNothing() {
        Eigen::MatrixXd rows = spread(randomMatrix(50, 4, 12), {3, 2, 1, 1});
        PlaneTracker tracker;
        const Points first = pointsOf(*tracker.next(bankOf(rows), false));
        Eigen::MatrixXd broken = rows;
        broken(7, 2) = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!tracker.next(bankOf(broken), false));
        broken(7, 2) = std::numeric_limits<double>::infinity();
        QVERIFY(!tracker.next(bankOf(broken), true));
        QVERIFY(movement(first, pointsOf(*tracker.next(bankOf(rows), false))) < 1e-6);
    }

    void DuplicatesConstantsAndOnePointGiveNoNaN() {
        for (const Eigen::Index count : {0, 1, 2, 40})
            for (const Eigen::Index dimension : {3, 200}) {
                PlaneTracker tracker;
                for (int i = 0; i < 3; ++i) {
                    const auto frame = *tracker.next(bankOf(Eigen::MatrixXd::Constant(count, dimension, 0.7)), false);
                    QVERIFY(pointsOf(frame).allFinite());
                    QCOMPARE(frame.axisNames[0], std::string("PC 1 (0 %)"));
                }
                const auto opened = *tracker.next(bankOf(randomMatrix(count, dimension, 1)), false);
                QVERIFY(pointsOf(opened).allFinite());
            }
    }

    void AnotherNumberOfRowsStartsFresh() {
        PlaneTracker tracker;
        QVERIFY(tracker.next(bankOf(randomMatrix(40, 4, 1)), false));
        QCOMPARE(tracker.next(bankOf(randomMatrix(50, 200, 1)), true)->coordinates.size(), 100U);
        QCOMPARE(tracker.next(bankOf(randomMatrix(50, 6, 1)), false)->coordinates.size(), 100U);
    }
};

QTEST_APPLESS_MAIN(PlaneTest)
#include "plane_test.moc"
