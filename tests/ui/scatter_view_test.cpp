#include "tests/ui/shown_view.h"

#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

namespace embedscope {
namespace {

using test::distance;
using test::square;
using Shown = test::ShownView;

}  // namespace

class ScatterViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AnEmptyViewDrawsAndTakesTheMouse();
    void ProxiesAreDrawnGlideAndAreForgotten();
    void EverySampleIsHoveredAndClickedWhereItIsDrawn();
    void ClickBesideAllPointsSelectsNothing();
    void AHiddenClassIsNeitherFoundNorPlaced();
    void PointsGlideToTheNewLayoutAndRest();
    void DragPansAndTheCameraStopsFollowing();
    void TheWheelZoomsAtTheCursor();
    void FitFollowsAgain();
    void SmallChangesDoNotMoveTheCamera();
    void TheCameraFollowsPointsThatLeaveTheView();
    void KeysPanAndZoom();
    void AnotherDataSetForgetsEverything();
    void ALayoutOfOtherSamplesIsShownAtOnce();
    void TheHoveredPointIsForgottenWhenItsClassIsHidden();
};

void ScatterViewTest::AnEmptyViewDrawsAndTakesTheMouse() {
    EmbeddingView view;
    view.resize(300, 300);
    view.show();
    QSignalSpy clicked(&view, &EmbeddingView::sampleClicked);
    QTest::mouseMove(&view, {100, 100});
    QTest::mouseClick(&view, Qt::LeftButton, {}, {100, 100});
    view.showLayout(nullptr);
    QVERIFY(!view.grab().isNull());
    QCOMPARE(clicked.value(0).value(0).toInt(), -1);
    QVERIFY(view.picture({200, 200}).isNull());
}

void ScatterViewTest::ProxiesAreDrawnGlideAndAreForgotten() {
    Shown shown;
    shown.view.showProxies({{0.5F, 0.25F}, {-0.5F, -0.25F}}, {1, 3});
    shown.view.showLayout(test::makeLayout(square(), 1));
    QVERIFY(shown.rests());
    const ScatterFrame frame = shown.view.frame();
    QCOMPARE(shown.view.proxies().count(), 2U);
    const QPointF place = frame.camera.screenFromWorld({-0.5, -0.25});
    QCOMPARE(shown.view.proxies().at(place, frame), std::optional<std::size_t>(1));
    QVERIFY(!shown.view.proxies().at(place + QPointF(30, 0), frame));
    shown.view.showProxies({{0.5F, 0.75F}, {-0.5F, -0.25F}}, {1, 3});
    QCOMPARE(shown.view.proxies().placeOf(0, 0), (MapPlace{0.5F, 0.25F}));
    QCOMPARE(shown.view.proxies().placeOf(0, 1), (MapPlace{0.5F, 0.75F}));
    shown.view.setDataSet(shown.data);
    QVERIFY(shown.view.proxies().empty());
}

void ScatterViewTest::EverySampleIsHoveredAndClickedWhereItIsDrawn() {
    Shown shown;
    QVERIFY(shown.rests());
    QSignalSpy hovered(&shown.view, &EmbeddingView::sampleHovered), clicked(&shown.view, &EmbeddingView::sampleClicked);
    for (int sample = 0; sample < 5; ++sample) {
        QTest::mouseMove(&shown.view, shown.at(sample) + QPoint(3, -2));
        QCOMPARE(hovered.value(hovered.size() - 1).value(0).toInt(), sample);
        QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(sample) + QPoint(-2, 3));
        QCOMPARE(clicked.value(clicked.size() - 1).value(0).toInt(), sample);
    }
    QCOMPARE(clicked.size(), 5);
}

void ScatterViewTest::ClickBesideAllPointsSelectsNothing() {
    Shown shown;
    QVERIFY(shown.rests());
    QSignalSpy clicked(&shown.view, &EmbeddingView::sampleClicked);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.at(4) + QPoint(40, 0));
    QCOMPARE(clicked.value(0).value(0).toInt(), -1);
}

void ScatterViewTest::AHiddenClassIsNeitherFoundNorPlaced() {
    Shown shown;
    QVERIFY(shown.rests());
    const QPoint place = shown.at(4);
    shown.view.setClassVisible(4, false);
    QVERIFY(!shown.view.isClassVisible(4));
    QVERIFY(!shown.view.screenPositionOf(4));
    QSignalSpy clicked(&shown.view, &EmbeddingView::sampleClicked);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, place);
    QCOMPARE(clicked.value(0).value(0).toInt(), -1);
    shown.view.setClassVisible(4, true);
    QCOMPARE(shown.at(4), place);
    shown.view.setSplitVisible(Split::HoldOut, false);  // every fifth sample: the one in the middle
    QVERIFY(!shown.view.screenPositionOf(4));
    QVERIFY(shown.view.screenPositionOf(0));
}

void ScatterViewTest::PointsGlideToTheNewLayoutAndRest() {
    Shown shown;
    QVERIFY(shown.rests());
    std::vector<float> moved = square();
    moved[8] = 0.5F;
    const QPointF before = *shown.view.screenPositionOf(4);
    auto next = std::make_shared<Layout>(*shown.view.shownLayout());
    next->coordinates = moved;
    shown.view.showLayout(next);
    QVERIFY(shown.view.isMoving());
    QVERIFY(distance(*shown.view.screenPositionOf(4), before) < 60);  // it starts where it was
    QVERIFY(shown.rests());
    QVERIFY(distance(*shown.view.screenPositionOf(4), shown.view.camera().screenFromWorld({0.5, 0})) < 1e-3);
}

void ScatterViewTest::DragPansAndTheCameraStopsFollowing() {
    Shown shown;
    QVERIFY(shown.rests());
    const QPoint before = shown.at(4);
    QTest::mousePress(&shown.view, Qt::LeftButton, {}, {100, 100});
    for (const QPoint& place : {QPoint(110, 105), QPoint(140, 120)}) {
        QMouseEvent move(QEvent::MouseMove, place, shown.view.mapToGlobal(place), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&shown.view, &move);
    }
    QSignalSpy clicked(&shown.view, &EmbeddingView::sampleClicked);
    QTest::mouseRelease(&shown.view, Qt::LeftButton, {}, {140, 120});
    QCOMPARE(shown.at(4) - before, QPoint(40, 20));
    QCOMPARE(clicked.size(), 0);
    QVERIFY(!shown.view.followsPoints());
    QVERIFY(shown.view.findChild<QToolButton*>("follow_points")->isVisible());
}

void ScatterViewTest::TheWheelZoomsAtTheCursor() {
    Shown shown;
    QVERIFY(shown.rests());
    const QPointF cursor(420, 130), world = shown.view.camera().worldFromScreen(cursor);
    const double before = shown.view.camera().pixelsPerUnit;
    QWheelEvent wheel(cursor, shown.view.mapToGlobal(cursor), {}, {0, 240}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&shown.view, &wheel);
    QVERIFY(shown.view.camera().pixelsPerUnit > 1.2 * before);
    QVERIFY(distance(shown.view.camera().screenFromWorld(world), cursor) < 1e-6);
}

void ScatterViewTest::FitFollowsAgain() {
    Shown shown;
    QVERIFY(shown.rests());
    const QPoint before = shown.at(0);
    QTest::keyClick(&shown.view, Qt::Key_Left);
    QVERIFY(!shown.view.followsPoints());
    auto* button = shown.view.findChild<QToolButton*>("follow_points");
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(shown.view.followsPoints());
    QVERIFY(!button->isVisible());
    QCOMPARE(shown.at(0), before);
}

void ScatterViewTest::SmallChangesDoNotMoveTheCamera() {
    Shown shown;
    QVERIFY(shown.rests());
    const Camera before = shown.view.camera();
    auto next = std::make_shared<Layout>(*shown.view.shownLayout());
    next->coordinates = square(1.03F);
    shown.view.showLayout(next);
    QVERIFY(shown.rests());
    QCOMPARE(shown.view.camera().pixelsPerUnit, before.pixelsPerUnit);
    QCOMPARE(shown.view.camera().centre, before.centre);
}

void ScatterViewTest::TheCameraFollowsPointsThatLeaveTheView() {
    Shown shown;
    QVERIFY(shown.rests());
    auto next = std::make_shared<Layout>(*shown.view.shownLayout());
    next->coordinates = square(4);
    shown.view.showLayout(next);
    QVERIFY(shown.rests());
    for (int sample = 0; sample < 5; ++sample) QVERIFY(shown.view.rect().contains(shown.at(sample)));
}

void ScatterViewTest::KeysPanAndZoom() {
    Shown shown;
    QVERIFY(shown.rests());
    const QPoint before = shown.at(4);
    QTest::keyClick(&shown.view, Qt::Key_Left);
    QVERIFY(shown.at(4).x() > before.x());
    QTest::keyClick(&shown.view, Qt::Key_Down);
    QVERIFY(shown.at(4).y() < before.y());
    const double scale = shown.view.camera().pixelsPerUnit;
    QTest::keyClick(&shown.view, Qt::Key_Plus);
    QVERIFY(shown.view.camera().pixelsPerUnit > scale);
    QTest::keyClick(&shown.view, Qt::Key_Minus);
    QVERIFY(qFuzzyCompare(shown.view.camera().pixelsPerUnit, scale));
}

void ScatterViewTest::AnotherDataSetForgetsEverything() {
    Shown shown;
    shown.view.setClassVisible(1, false);
    shown.view.setSelectedSample(2);
    shown.view.setHighlightedNeighbors({0, 3});
    QTest::keyClick(&shown.view, Qt::Key_Left);
    shown.view.setDataSet(test::makeScatterData(3, 2));
    QVERIFY(shown.view.isClassVisible(1));
    QVERIFY(!shown.view.shownLayout());
    QCOMPARE(shown.view.selectedSample(), -1);
    QVERIFY(shown.view.followsPoints());
    QVERIFY(!shown.view.screenPositionOf(0));
    QVERIFY(!shown.view.grab().isNull());
}

void ScatterViewTest::ALayoutOfOtherSamplesIsShownAtOnce() {
    Shown shown;
    QVERIFY(shown.rests());
    auto other = std::make_shared<Layout>();
    other->samples = std::make_shared<const std::vector<std::int32_t>>(std::vector<std::int32_t>{3, 1});
    other->coordinates = {2, 2, -2, -2};
    other->axisNames = {"a", "b"};
    shown.view.showLayout(other);
    QVERIFY(!shown.view.screenPositionOf(0));
    QVERIFY(distance(*shown.view.screenPositionOf(3), shown.view.camera().screenFromWorld({2, 2})) < 1e-3);
    QVERIFY(!shown.view.grab().isNull());
}

void ScatterViewTest::TheHoveredPointIsForgottenWhenItsClassIsHidden() {
    Shown shown;
    QVERIFY(shown.rests());
    QSignalSpy hovered(&shown.view, &EmbeddingView::sampleHovered);
    QTest::mouseMove(&shown.view, shown.at(2));
    QVERIFY(shown.view.findChild<QWidget*>("hover_card")->isVisible());
    shown.view.setClassVisible(2, false);
    QCOMPARE(hovered.value(hovered.size() - 1).value(0).toInt(), -1);
    QVERIFY(!shown.view.findChild<QWidget*>("hover_card")->isVisible());
}

}  // namespace embedscope

QTEST_MAIN(embedscope::ScatterViewTest)
#include "scatter_view_test.moc"
