#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/scatter/embedding_view.h"

#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <numbers>

namespace embedscope {
namespace {

constexpr float kQuarter = std::numbers::pi_v<float> / 2;

double distance(QPointF a, QPointF b) {
    return std::hypot(a.x() - b.x(), a.y() - b.y());
}

Orbit someOrbit(RandomPoints& random) {
    Orbit orbit;
    orbit.yaw = static_cast<float>(random.normal());
    orbit.pitch = static_cast<float>(random.uniform() - 0.5);
    orbit.nearness = random.uniform() < 0.5 ? 0 : kPerspective;
    orbit.pivot = {0.2F, -0.3F, 0.1F};
    orbit.reach = 3;
    return orbit;
}

struct Cloud {
    DrawnPoints points;
    PointDepths depths;
    MapPlace at(std::size_t row) const { return {points[row].toX, points[row].toY, depths[row].to}; }
};

Cloud makeCloud(std::size_t count, std::uint64_t seed) {
    RandomPoints random(seed);
    Cloud cloud{DrawnPoints(count), PointDepths(count)};
    for (std::size_t i = 0; i < count; ++i) {
        cloud.points[i].fromX = cloud.points[i].toX = static_cast<float>(random.normal());
        cloud.points[i].fromY = cloud.points[i].toY = static_cast<float>(random.normal());
        cloud.depths[i].from = cloud.depths[i].to = static_cast<float>(random.normal());
        if (random.uniform() < 0.1) cloud.points[i].style |= kHiddenStyle;
    }
    return cloud;
}

/// The corners of a cube and its middle.
std::shared_ptr<const Layout> cube(std::int64_t step = 0) {
    std::vector<float> places, depths;
    for (int corner = 0; corner < 8; ++corner) {
        places.push_back(corner & 1 ? 1 : -1);
        places.push_back(corner & 2 ? 1 : -1);
        depths.push_back(corner & 4 ? 1 : -1);
    }
    places.insert(places.end(), {0, 0});
    depths.push_back(0);
    auto layout = std::make_shared<Layout>(*test::makeLayout(places, step));
    layout->depths = depths;
    layout->axisNames.push_back("PC 3 (9 %)");
    return layout;
}

std::shared_ptr<const Layout> flat(const Layout& space) {
    auto layout = std::make_shared<Layout>(space);
    layout->depths.clear();
    layout->axisNames.pop_back();
    return layout;
}

struct Shown {
    std::shared_ptr<const DataSet> data = test::makeScatterData(9, 3);
    std::shared_ptr<const Layout> layout = cube();
    EmbeddingView view;

    Shown() {
        view.resize(600, 500);
        view.setDataSet(data);
        view.show();
        view.showLayout(layout);
    }
    QPoint at(int sample) { return view.screenPositionOf(sample)->toPoint(); }
};

}  // namespace

class ScatterSpaceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void FromTheFrontSpaceIsThePlane();
    void ATurnKeepsDistancesAndPerspectiveMagnifiesWhatIsNear();
    void APointBehindTheEyeIsNotTurnedUpsideDown();
    void PointsAreSortedFromBackToFrontOnAnyNumberOfThreads();
    void AShareIsSpreadEvenlyAndSparesTheSelected();
    void LevelsHoldTheirDepths();
    void EverySampleIsHitWhereItIsDrawn();
    void TheNearestOfTwoInOnePlaceIsHit();
    void AMillionPointsInSpaceNeverLoseTheHoveredOne();
    void ALassoInSpaceHoldsWhatPointInPolygonHolds();
    void DraggingTurnsAndCtrlMoves();
    void TheSelectionOutlivesTheWayToSpaceAndBack();
    void TheWayBackEndsInThePlane();
    void PerspectiveAndSidesGlideAndKeepThePoints();
    void TurningDoesNotPumpTheCamera();
    void FitShowsAllPointsFromEverySide();
};

void ScatterSpaceTest::FromTheFrontSpaceIsThePlane() {
    RandomPoints random(1);
    Orbit orbit;
    orbit.pivot = {1, 2, 3};
    for (int i = 0; i < 50; ++i) {
        const auto x = static_cast<float>(random.normal()), y = static_cast<float>(random.normal());
        const OrbitLens::Seen seen = OrbitLens(orbit).see(x, y, static_cast<float>(random.normal()));
        QVERIFY(distance({seen.x, seen.y}, {x, y}) < 1e-5);
    }
}

void ScatterSpaceTest::ATurnKeepsDistancesAndPerspectiveMagnifiesWhatIsNear() {
    RandomPoints random(2);
    for (int i = 0; i < 50; ++i) {
        Orbit orbit = someOrbit(random);
        const MapPlace place{static_cast<float>(random.normal()), static_cast<float>(random.normal()),
                             static_cast<float>(random.normal())};
        orbit.nearness = 0;
        const OrbitLens::Seen plain = OrbitLens(orbit).see(place);
        const float x = plain.x - orbit.pivot.x, y = plain.y - orbit.pivot.y, z = plain.depth * orbit.reach;
        const MapPlace from{place.x - orbit.pivot.x, place.y - orbit.pivot.y, place.z - orbit.pivot.z};
        QVERIFY(std::abs(std::hypot(x, y, z) - std::hypot(from.x, from.y, from.z)) < 1e-4);
        orbit.nearness = kPerspective;
        const OrbitLens::Seen near = OrbitLens(orbit).see(place);
        const double factor = 1 / (1 - kPerspective * plain.depth);
        QVERIFY(distance({near.x - orbit.pivot.x, near.y - orbit.pivot.y}, QPointF(x, y) * factor) < 1e-3);
    }
}

void ScatterSpaceTest::APointBehindTheEyeIsNotTurnedUpsideDown() {
    Orbit orbit;
    orbit.nearness = kPerspective;
    const OrbitLens::Seen seen = OrbitLens(orbit).see(1, 1, 50);
    QVERIFY(seen.x > 0 && seen.y > 0 && std::isfinite(seen.x));
}

void ScatterSpaceTest::PointsAreSortedFromBackToFrontOnAnyNumberOfThreads() {
    const Cloud cloud = makeCloud(3 * SpacePoints::kFewPoints, 3);
    RandomPoints random(4);
    for (int round = 0; round < 3; ++round) {
        const Orbit orbit = someOrbit(random);
        const OrbitLens lens(orbit);
        SpacePoints one(1);
        QVERIFY(one.look(cloud.points, cloud.depths, orbit, 1, 1));
        QVERIFY(!one.look(cloud.points, cloud.depths, orbit, 1, 1));
        const SeenPoints seen = one.seen();
        QCOMPARE(seen.points.size(), cloud.points.size());
        constexpr float kStep = 4.0F / 1024;  // in reaches; points within one keep their order
        float before = -100;
        for (std::size_t i = 0; i < seen.points.size(); ++i) {
            const OrbitLens::Seen place = lens.see(cloud.at(seen.rowOf(i)));
            QVERIFY(distance({seen.points[i].toX, seen.points[i].toY}, {place.x, place.y}) < 1e-6);
            QVERIFY(place.depth > before - 1.01F * kStep || before > 2);
            before = std::max(before, place.depth);
        }
        SpacePoints many(5);
        many.look(cloud.points, cloud.depths, orbit, 1, 1);
        QVERIFY(std::ranges::equal(many.seen().rows, seen.rows));
    }
}

void ScatterSpaceTest::AShareIsSpreadEvenlyAndSparesTheSelected() {
    Cloud cloud = makeCloud(2 * SpacePoints::kFewPoints, 3);
    for (std::size_t row = 0; row < cloud.points.size(); ++row) cloud.points[row].style = row < 100 ? 0 : kDimmedStyle;
    RandomPoints random(4);
    const Orbit orbit = someOrbit(random);
    SpacePoints space(2);
    for (const std::size_t every : {2UL, 5UL}) {
        QVERIFY(space.look(cloud.points, cloud.depths, orbit, 1, 1, {every, false}));
        QVERIFY(!space.look(cloud.points, cloud.depths, orbit, 1, 1, {every, false}));
        const SeenPoints seen = space.seen();
        QCOMPARE(seen.rows.size(), seen.points.size());
        QCOMPARE(seen.levelEnds.back(), seen.points.size());
        // Also where classes take turns in the layout, each keeps its share.
        for (std::size_t classes : {2UL, 3UL, 10UL}) {
            const auto all = static_cast<double>(cloud.points.size()) / static_cast<double>(classes * every);
            const auto found = std::ranges::count_if(seen.rows, [&](auto row) { return row % classes == 1; });
            QVERIFY(std::abs(static_cast<double>(found) / all - 1) < 0.01);
        }
        for (std::size_t i = 0; i < seen.points.size(); ++i) {
            const OrbitLens::Seen place = OrbitLens(orbit).see(cloud.at(seen.rowOf(i)));
            QVERIFY(distance({seen.points[i].toX, seen.points[i].toY}, {place.x, place.y}) < 1e-6);
        }
        space.look(cloud.points, cloud.depths, orbit, 1, 1, {every, true});
        QCOMPARE(std::ranges::count_if(space.seen().rows, [](auto row) { return row < 100; }), 100);
    }
    QVERIFY(space.look(cloud.points, cloud.depths, orbit, 1, 1));
    QCOMPARE(space.seen().points.size(), cloud.points.size());
}

void ScatterSpaceTest::LevelsHoldTheirDepths() {
    const Cloud cloud = makeCloud(5000, 5);
    RandomPoints random(6);
    const Orbit orbit = someOrbit(random);
    SpacePoints space;
    space.look(cloud.points, cloud.depths, orbit, 1, 1);
    const SeenPoints seen = space.seen();
    QCOMPARE(seen.levelEnds.back(), cloud.points.size());
    std::size_t begin = 0;
    for (int level = 0; level < kDepthLevels; ++level) {
        for (std::size_t i = begin; i < seen.levelEnds[static_cast<std::size_t>(level)]; ++i) {
            const float depth = OrbitLens(orbit).see(cloud.at(seen.rowOf(i))).depth;
            QVERIFY(depthLevel(depth + 1e-4F) == level || depthLevel(depth - 1e-4F) == level);
        }
        begin = seen.levelEnds[static_cast<std::size_t>(level)];
    }
    QVERIFY(depthLooks(7, kPerspective).size > depthLooks(0, kPerspective).size);
    QCOMPARE(depthLooks(7, 0).size, 1.0F);
    QVERIFY(depthLooks(0, 0).opacity < depthLooks(7, 0).opacity);
}

void ScatterSpaceTest::EverySampleIsHitWhereItIsDrawn() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    QSignalSpy hovered(&shown.view, &EmbeddingView::sampleHovered), clicked(&shown.view, &EmbeddingView::sampleClicked);
    for (int sample = 0; sample < 9; ++sample) {
        QTest::mouseMove(&shown.view, shown.at(sample) + QPoint(2, -1));
        QCOMPARE(hovered.value(hovered.size() - 1).value(0).toInt(), sample);
        QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(sample) + QPoint(-1, 2));
        QCOMPARE(clicked.value(clicked.size() - 1).value(0).toInt(), sample);
    }
}

void ScatterSpaceTest::TheNearestOfTwoInOnePlaceIsHit() {
    Shown shown;
    shown.view.setPerspective(false);
    QVERIFY(test::rests(shown.view));
    QSignalSpy clicked(&shown.view, &EmbeddingView::sampleClicked);
    for (const auto& [yaw, near] : {std::pair(0.0F, 7), std::pair(2 * kQuarter, 2)}) {  // front, and back
        shown.view.lookFrom({yaw, 0});
        QVERIFY(test::rests(shown.view));
        QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(near));
        QCOMPARE(clicked.value(clicked.size() - 1).value(0).toInt(), near);
    }
}

void ScatterSpaceTest::AMillionPointsInSpaceNeverLoseTheHoveredOne() {
    const Cloud cloud = makeCloud(1'000'000, 7);
    RandomPoints random(8);
    SpacePoints space;
    space.look(cloud.points, cloud.depths, someOrbit(random), 1, 1);
    const SeenPoints seen = space.seen();
    PointGrid grid;
    grid.build(seen.points);
    std::vector<std::uint32_t> place(seen.rows.size());
    for (std::size_t i = 0; i < seen.rows.size(); ++i) place[seen.rows[i]] = static_cast<std::uint32_t>(i);
    for (int i = 0; i < 1000; ++i) {
        const std::size_t row = random.below(cloud.points.size());
        if (cloud.points[row].style & kHiddenStyle) continue;
        const DrawnPoint& point = seen.points[place[row]];
        const auto found = grid.nearest(seen.points, {point.toX, point.toY}, 1e-3);
        QVERIFY(found.has_value());
        QCOMPARE(distance({seen.points[*found].toX, seen.points[*found].toY}, {point.toX, point.toY}), 0.0);
    }
}

void ScatterSpaceTest::ALassoInSpaceHoldsWhatPointInPolygonHolds() {
    const Cloud cloud = makeCloud(3000, 9);
    RandomPoints random(10);
    for (int round = 0; round < 10; ++round) {
        ScatterFrame frame;
        frame.camera.viewport = {400, 400};
        frame.camera.pixelsPerUnit = 60;
        frame.orbit = someOrbit(random);
        SpacePoints space;
        space.look(cloud.points, cloud.depths, frame.orbit, 1, 1);
        Lasso lasso;
        lasso.begin({random.uniform() * 400, random.uniform() * 400}, false);
        for (int i = 0; i < 12; ++i) lasso.moveTo({random.uniform() * 400, random.uniform() * 400});
        std::vector<std::size_t> expected, found;
        for (std::size_t row = 0; row < cloud.points.size(); ++row)
            if (!(cloud.points[row].style & kHiddenStyle) &&
                lasso.outline().containsPoint(frame.screenFrom(cloud.at(row)), Qt::OddEvenFill))
                expected.push_back(row);
        QVERIFY(!expected.empty());
        for (const std::size_t index : rowsInside(space.seen().points, frame, lasso.outline()))
            found.push_back(space.seen().rowOf(index));
        std::ranges::sort(found);
        QCOMPARE(found, expected);
    }
}

void ScatterSpaceTest::DraggingTurnsAndCtrlMoves() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    QSignalSpy moved(&shown.view, &EmbeddingView::cameraMoved);
    const Orbit before = shown.view.orbit();
    const Camera camera = shown.view.camera();
    test::drag(shown.view, {{20, 20}, {60, 20}, {120, 50}});
    QVERIFY(shown.view.orbit().yaw > before.yaw && shown.view.orbit().pitch > before.pitch);
    QCOMPARE(shown.view.camera().centre, camera.centre);
    QCOMPARE(moved.size(), 0);
    QVERIFY(shown.view.followsPoints());
    const Orbit turned = shown.view.orbit();
    const QPoint place = shown.at(3);
    test::drag(shown.view, {{20, 20}, {60, 40}}, Qt::ControlModifier);
    QVERIFY(shown.view.orbit() == turned);
    QCOMPARE(shown.at(3) - place, QPoint(40, 20));
    QTest::keyClick(&shown.view, Qt::Key_Right, Qt::ControlModifier);
    QVERIFY(shown.view.orbit().yaw > turned.yaw);
}

void ScatterSpaceTest::TheSelectionOutlivesTheWayToSpaceAndBack() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    QSignalSpy changed(&shown.view, &EmbeddingView::spaceChanged);
    test::drag(shown.view, test::around(shown.at(5)), Qt::ShiftModifier);
    QCOMPARE(shown.view.selection(), std::vector<int>{5});
    shown.view.showLayout(flat(*shown.layout));
    QVERIFY(test::rests(shown.view));
    QVERIFY(!shown.view.isInSpace());
    QCOMPARE(shown.view.selection(), std::vector<int>{5});
    shown.view.showLayout(shown.layout);
    QVERIFY(test::rests(shown.view));
    QVERIFY(shown.view.isInSpace());
    QCOMPARE(shown.view.selection(), std::vector<int>{5});
    QVERIFY(shown.view.points()[0].style & kDimmedStyle);
    QCOMPARE(changed.size(), 2);
}

void ScatterSpaceTest::TheWayBackEndsInThePlane() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    const QPointF before = *shown.view.screenPositionOf(1);
    shown.view.showLayout(flat(*shown.layout));
    QVERIFY(shown.view.isMoving());
    QVERIFY(distance(*shown.view.screenPositionOf(1), before) < 90);  // it starts where it was
    QVERIFY(test::rests(shown.view));
    QVERIFY(shown.view.depths().empty());
    for (int sample = 0; sample < 9; ++sample) {
        const auto row = 2 * static_cast<std::size_t>(sample);
        const QPointF place(shown.layout->coordinates[row], shown.layout->coordinates[row + 1]);
        QVERIFY(distance(*shown.view.screenPositionOf(sample), shown.view.camera().screenFromWorld(place)) < 1e-3);
    }
}

void ScatterSpaceTest::PerspectiveAndSidesGlideAndKeepThePoints() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    QVERIFY(shown.view.hasPerspective());
    shown.view.lookFrom({0, 0});
    QVERIFY(shown.view.isMoving());
    QVERIFY(test::rests(shown.view));
    const double front = distance(*shown.view.screenPositionOf(4), *shown.view.screenPositionOf(5)),
                 back = distance(*shown.view.screenPositionOf(0), *shown.view.screenPositionOf(1));
    QVERIFY2(front > 1.4 * back, qPrintable(QString("%1 %2").arg(front).arg(back)));
    shown.view.setPerspective(false);
    QVERIFY(test::rests(shown.view));
    for (int sample = 0; sample < 4; ++sample)
        QVERIFY(distance(*shown.view.screenPositionOf(sample), *shown.view.screenPositionOf(sample + 4)) < 1e-2);
    shown.view.lookFrom({0, kQuarter});  // from above: what lies in front goes down
    QVERIFY(test::rests(shown.view));
    QVERIFY(shown.at(4).y() > shown.at(0).y() + 50);
    QVERIFY(distance(*shown.view.screenPositionOf(0), *shown.view.screenPositionOf(2)) < 1e-2);
}

void ScatterSpaceTest::TurningDoesNotPumpTheCamera() {
    Shown shown;
    QVERIFY(test::rests(shown.view));
    const Camera before = shown.view.camera();
    for (const float yaw : {0.3F, 1.1F, -2.0F}) {
        shown.view.lookFrom({yaw, 0.2F});
        QVERIFY(test::rests(shown.view));
        QCOMPARE(shown.view.camera().pixelsPerUnit, before.pixelsPerUnit);
    }
}

void ScatterSpaceTest::FitShowsAllPointsFromEverySide() {
    Shown shown;
    for (const auto& [yaw, pitch] : {std::pair(0.0F, 0.0F), std::pair(0.8F, 0.6F), std::pair(-2.0F, -1.2F)}) {
        shown.view.lookFrom({yaw, pitch});
        QVERIFY(test::rests(shown.view));
        shown.view.fitAll();
        for (int sample = 0; sample < 9; ++sample) QVERIFY(shown.view.rect().contains(shown.at(sample)));
    }
}

}  // namespace embedscope

QTEST_MAIN(embedscope::ScatterSpaceTest)
#include "scatter_space_test.moc"
