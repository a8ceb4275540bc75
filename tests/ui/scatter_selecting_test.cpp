#include "tests/ui/shown_view.h"
#include "tests/ui/view_hand.h"
#include "ui/scatter/vector_points.h"

#include <QFile>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

namespace embedscope {
namespace {

using test::square;
using Shown = test::ShownView;

}  // namespace

class ScatterSelectingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ALassoHoldsWhatPointInPolygonHolds();
    void ShiftDragAddsAndWithCtrlTakesAway();
    void ARectangleSelectsFromCornerToCorner();
    void AllInvertAndEscape();
    void TheSelectionOutlivesALayoutButNotTheDataSet();
    void NewPlacesWaitWhileALassoIsDrawn();
    void ALassoWhoseEndIsLostHoldsNothing();
    void APictureIsSavedAsItIsSeen();
    void APdfHoldsThePointsAsShapesUpToABound();
};

void ScatterSelectingTest::ALassoHoldsWhatPointInPolygonHolds() {
    RandomPoints random(4);
    DrawnPoints points(3000);
    for (DrawnPoint& point : points) {
        point.fromX = point.toX = static_cast<float>(random.normal());
        point.fromY = point.toY = static_cast<float>(random.normal());
        if (random.uniform() < 0.1) point.style |= kHiddenStyle;
    }
    ScatterFrame frame;
    frame.camera.viewport = {400, 400};
    frame.camera.pixelsPerUnit = 80;
    for (int round = 0; round < 20; ++round) {
        Lasso lasso;
        lasso.begin({random.uniform() * 400, random.uniform() * 400}, false);
        for (int i = 0; i < 12; ++i) lasso.moveTo({random.uniform() * 400, random.uniform() * 400});
        std::vector<std::size_t> expected;
        for (std::size_t i = 0; i < points.size(); ++i)
            if (!(points[i].style & kHiddenStyle) &&
                lasso.outline().containsPoint(frame.camera.screenFromWorld({points[i].toX, points[i].toY}),
                                              Qt::OddEvenFill))
                expected.push_back(i);
        QVERIFY(!expected.empty());
        QCOMPARE(rowsInside(points, frame, lasso.outline()), expected);
    }
}

void ScatterSelectingTest::ShiftDragAddsAndWithCtrlTakesAway() {
    Shown shown;
    QVERIFY(shown.rests());
    QSignalSpy changed(&shown.view, &EmbeddingView::selectionChanged);
    QSignalSpy clicked(&shown.view, &EmbeddingView::sampleClicked);
    const Camera camera = shown.view.camera();
    shown.drawAround(shown.at(0), Qt::ShiftModifier);
    QCOMPARE(shown.view.selection(), std::vector<int>{0});
    shown.drawAround(shown.at(3), Qt::ShiftModifier);
    QCOMPARE(shown.view.selection(), (std::vector<int>{0, 3}));
    QVERIFY(shown.view.findChild<QLabel*>("selection_note")->text().startsWith("2 selected: 1 "));
    shown.drawAround(shown.at(0), Qt::ShiftModifier | Qt::ControlModifier);
    QCOMPARE(shown.view.selection(), std::vector<int>{3});
    QCOMPARE(changed.size(), 3);
    QCOMPARE(clicked.size(), 0);
    QCOMPARE(shown.view.camera().centre, camera.centre);
    QVERIFY(shown.view.points()[0].style & kDimmedStyle);
    QVERIFY(!(shown.view.points()[3].style & kDimmedStyle));
}

void ScatterSelectingTest::ARectangleSelectsFromCornerToCorner() {
    Shown shown;
    QVERIFY(shown.rests());
    shown.view.setSelectionTool(SelectionTool::Rectangle);
    shown.drag(shown.at(2) - QPoint(20, 20), {shown.at(1) + QPoint(20, 20)}, Qt::ShiftModifier);
    QCOMPARE(shown.view.selection(), (std::vector<int>{0, 1, 2, 3, 4}));
}

void ScatterSelectingTest::AllInvertAndEscape() {
    Shown shown;
    QVERIFY(shown.rests());
    shown.view.setClassVisible(1, false);
    QTest::keyClick(&shown.view, Qt::Key_A);
    QCOMPARE(shown.view.selection(), (std::vector<int>{0, 2, 3, 4}));
    shown.view.setSelection({4, 2, 2});
    QCOMPARE(shown.view.selection(), (std::vector<int>{2, 4}));
    QTest::keyClick(&shown.view, Qt::Key_I);
    QCOMPARE(shown.view.selection(), (std::vector<int>{0, 3}));
    QTest::keyClick(&shown.view, Qt::Key_Escape);
    QVERIFY(shown.view.selection().empty());
    QVERIFY(!shown.view.findChild<QLabel*>("selection_note")->isVisible());
    QVERIFY(!(shown.view.points()[0].style & kDimmedStyle));
}

void ScatterSelectingTest::TheSelectionOutlivesALayoutButNotTheDataSet() {
    Shown shown;
    shown.view.setSelection({1});
    auto next = std::make_shared<Layout>(*shown.view.shownLayout());
    next->coordinates = square(1.1F);
    shown.view.showLayout(next);
    QCOMPARE(shown.view.selection(), std::vector<int>{1});
    QVERIFY(shown.view.points()[0].style & kDimmedStyle);
    shown.view.setDataSet(shown.data);
    QVERIFY(shown.view.selection().empty());
}

void ScatterSelectingTest::NewPlacesWaitWhileALassoIsDrawn() {
    Shown shown;
    QVERIFY(shown.rests());
    const auto before = shown.view.shownLayout();
    auto next = std::make_shared<Layout>(*before);
    for (float& place : next->coordinates) place = -place;
    const std::vector<QPoint> path = test::around(shown.at(3));
    shown.view.setSelectionTool(SelectionTool::Lasso);
    QTest::mousePress(&shown.view, Qt::LeftButton, {}, path.front());
    for (const QPoint& place : path) {
        QMouseEvent move(QEvent::MouseMove, place, shown.view.mapToGlobal(place), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&shown.view, &move);
        shown.view.showLayout(next);
    }
    QCOMPARE(shown.view.shownLayout(), before);
    QTest::mouseRelease(&shown.view, Qt::LeftButton, {}, path.back());
    QCOMPARE(shown.view.selection(), std::vector<int>{3});
    QCOMPARE(shown.view.shownLayout(), next);
    // Other samples do not wait: the lasso has lost its points.
    QTest::mousePress(&shown.view, Qt::LeftButton, {}, path.front());
    auto other = std::make_shared<Layout>(*next);
    other->samples = std::make_shared<const std::vector<std::int32_t>>(*next->samples);
    shown.view.showLayout(other);
    QCOMPARE(shown.view.shownLayout(), other);
    QTest::mouseRelease(&shown.view, Qt::LeftButton, {}, path.front());
    QCOMPARE(shown.view.shownLayout(), other);
}

void ScatterSelectingTest::ALassoWhoseEndIsLostHoldsNothing() {
    Shown shown;
    QVERIFY(shown.rests());
    auto next = std::make_shared<Layout>(*shown.view.shownLayout());
    shown.view.setSelectionTool(SelectionTool::Lasso);
    QTest::mousePress(&shown.view, Qt::LeftButton, {}, shown.at(3));
    shown.view.showLayout(next);
    QVERIFY(shown.view.shownLayout() != next);
    QCOMPARE(shown.view.newestLayout(), next);
    shown.view.hide();  // another page
    QCOMPARE(shown.view.shownLayout(), next);
    shown.view.show();
    QTest::mouseRelease(&shown.view, Qt::LeftButton, {}, shown.at(3));
}

void ScatterSelectingTest::APictureIsSavedAsItIsSeen() {
    Shown shown;
    QVERIFY(shown.rests());
    shown.view.setClassNamesVisible(false);
    QTest::keyClick(&shown.view, Qt::Key_Left);  // the camera is the user's
    const QTemporaryDir folder;
    const QString file = folder.filePath("seen.png");
    shown.view.savePicture(file);
    const QImage saved(file);
    QCOMPARE(saved.size(), shown.view.size() * 2);
    for (const int sample : {0, 2, 3}) {
        const QColor ink(saved.pixel((*shown.view.screenPositionOf(sample) * 2).toPoint()));
        const QColor color = classColor(sample);
        QVERIFY(std::abs(ink.hslHue() - color.hslHue()) < 12);  // the mark lets some of the ground through
    }
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, shown.view.savePicture(folder.filePath("none/seen.png")));
}

void ScatterSelectingTest::APdfHoldsThePointsAsShapesUpToABound() {
    Shown shown;
    QVERIFY(shown.rests());
    const QTemporaryDir folder;
    const QString file = folder.filePath("seen.pdf");
    shown.view.savePicture(file);
    QFile written(file);
    QVERIFY(written.open(QFile::ReadOnly));
    QVERIFY(written.readAll().startsWith("%PDF-"));
    EmbeddingView large;
    const auto data = test::makeScatterData(kMostVectorPoints + 1, 2);
    large.setDataSet(data);
    large.showLayout(test::makeLayout(test::classClouds(*data, 1)));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, large.savePicture(file));
    large.setHiddenSamples({0});
    large.savePicture(file);
}

}  // namespace embedscope

QTEST_MAIN(embedscope::ScatterSelectingTest)
#include "scatter_selecting_test.moc"
