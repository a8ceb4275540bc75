#include "tests/support/random_points.h"
#include "ui/scatter/point_grid.h"

#include <QtTest>

namespace embedscope {
namespace {

DrawnPoints randomPoints(std::size_t count, std::uint64_t seed, double outlier = 0) {
    RandomPoints random(seed);
    DrawnPoints points(count);
    for (DrawnPoint& point : points) {
        point.fromX = point.toX = static_cast<float>(random.normal());
        point.fromY = point.toY = static_cast<float>(random.normal());
        if (random.uniform() < 0.2) point.style |= kHiddenStyle;
    }
    if (outlier > 0 && count > 0) points.front().toX = static_cast<float>(outlier);
    return points;
}

double squareTo(const DrawnPoint& point, QPointF world) {
    const double dx = point.toX - world.x(), dy = point.toY - world.y();
    return dx * dx + dy * dy;
}

std::optional<std::size_t> bruteForce(const DrawnPoints& points, QPointF world, double radius) {
    std::optional<std::size_t> best;
    double bestSquare = radius * radius;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].style & kHiddenStyle || squareTo(points[i], world) > bestSquare) continue;
        best = i;
        bestSquare = squareTo(points[i], world);
    }
    return best;
}

}  // namespace

class ScatterGridTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void NearestIsWhatBruteForceFinds();
    void OneFarPointDoesNotChangeTheAnswer();
    void TheLaterDrawnOfTwoInOnePlaceWins();
    void NothingIsFoundWhereNothingIs();
    void AMillionPointsNeverLoseTheHoveredOne();
};

void ScatterGridTest::NearestIsWhatBruteForceFinds() {
    RandomPoints random(3);
    for (const std::size_t count : {1UL, 2UL, 17UL, 3000UL}) {
        const DrawnPoints points = randomPoints(count, count);
        PointGrid grid;
        grid.build(points);
        for (int i = 0; i < 500; ++i) {
            const QPointF world(random.normal() * 1.5, random.normal() * 1.5);
            const double radius = std::pow(10, random.uniform() * 3 - 2.5);
            QCOMPARE(grid.nearest(points, world, radius), bruteForce(points, world, radius));
        }
    }
}

void ScatterGridTest::OneFarPointDoesNotChangeTheAnswer() {
    const DrawnPoints points = randomPoints(2000, 5, 1e6);
    PointGrid grid;
    grid.build(points);
    RandomPoints random(6);
    for (int i = 0; i < 200; ++i) {
        const QPointF world(random.normal(), random.normal());
        QCOMPARE(grid.nearest(points, world, 0.1), bruteForce(points, world, 0.1));
    }
}

void ScatterGridTest::TheLaterDrawnOfTwoInOnePlaceWins() {
    DrawnPoints points(3);
    PointGrid grid;
    grid.build(points);
    QCOMPARE(grid.nearest(points, {0, 0}, 1), std::optional<std::size_t>(2));
    points[2].style |= kHiddenStyle;
    QCOMPARE(grid.nearest(points, {0, 0}, 1), std::optional<std::size_t>(1));
}

void ScatterGridTest::NothingIsFoundWhereNothingIs() {
    PointGrid grid;
    QCOMPARE(grid.nearest({}, {0, 0}, 1), std::nullopt);
    grid.build({});
    QCOMPARE(grid.nearest({}, {0, 0}, 1), std::nullopt);
    const DrawnPoints points(1);
    grid.build(points);
    QCOMPARE(grid.nearest(points, {2, 0}, 1), std::nullopt);
}

void ScatterGridTest::AMillionPointsNeverLoseTheHoveredOne() {
    const DrawnPoints points = randomPoints(1'000'000, 9);
    PointGrid grid;
    grid.build(points);
    RandomPoints random(10);
    for (int i = 0; i < 1000; ++i) {
        const std::size_t chosen = random.below(points.size());
        if (points[chosen].style & kHiddenStyle) continue;
        const QPointF world(points[chosen].toX, points[chosen].toY);
        const auto found = grid.nearest(points, world, 1e-3);
        QVERIFY(found.has_value());
        QCOMPARE(squareTo(points[*found], world), 0.0);
    }
}

}  // namespace embedscope

QTEST_GUILESS_MAIN(embedscope::ScatterGridTest)
#include "scatter_grid_test.moc"
