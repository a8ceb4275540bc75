#include "tests/support/random_points.h"
#include "ui/scatter/camera.h"

#include <QtTest>

namespace embedscope {
namespace {

double distance(QPointF a, QPointF b) {
    return std::hypot(a.x() - b.x(), a.y() - b.y());
}

Camera someCamera() {
    Camera camera;
    camera.viewport = {1000, 800};
    camera.centre = {0.3, -2};
    camera.pixelsPerUnit = 170;
    return camera;
}

}  // namespace

class ScatterCameraTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void WorldToScreenAndBackIsTheSamePoint();
    void TheCentreIsInTheMiddleAndUpIsUp();
    void ZoomKeepsTheWorldUnderTheCursor();
    void ZoomInAndOutAgainChangesNothing();
    void PanMovesWhatIsSeenWithTheHand();
    void FitShowsTheWholeBoxAndFillsTheView();
    void FitOfASinglePointIsFinite();
    void ZoomIsBounded();
};

void ScatterCameraTest::WorldToScreenAndBackIsTheSamePoint() {
    RandomPoints random(1);
    for (int i = 0; i < 200; ++i) {
        Camera camera = someCamera();
        camera.centre = {random.normal() * 5, random.normal() * 5};
        camera.pixelsPerUnit = std::pow(10, random.uniform() * 6 - 2);
        const QPointF screen(random.uniform() * 1000, random.uniform() * 800);
        QVERIFY(distance(camera.screenFromWorld(camera.worldFromScreen(screen)), screen) < 1e-6);
    }
}

void ScatterCameraTest::TheCentreIsInTheMiddleAndUpIsUp() {
    const Camera camera = someCamera();
    QCOMPARE(camera.screenFromWorld(camera.centre), QPointF(500, 400));
    QVERIFY(camera.screenFromWorld(camera.centre + QPointF(0, 1)).y() < 400);
    QVERIFY(camera.screenFromWorld(camera.centre + QPointF(1, 0)).x() > 500);
}

void ScatterCameraTest::ZoomKeepsTheWorldUnderTheCursor() {
    Camera camera = someCamera();
    const QPointF cursor(123, 654);
    const QPointF world = camera.worldFromScreen(cursor);
    for (const double factor : {1.2, 3.0, 0.25, 0.9}) {
        camera.zoomAt(cursor, factor);
        QVERIFY(distance(camera.screenFromWorld(world), cursor) < 1e-6);
    }
}

void ScatterCameraTest::ZoomInAndOutAgainChangesNothing() {
    Camera camera = someCamera();
    camera.zoomAt({10, 20}, 1.7);
    camera.zoomAt({10, 20}, 1 / 1.7);
    QVERIFY(distance(camera.centre, someCamera().centre) < 1e-9);
    QVERIFY(std::abs(camera.pixelsPerUnit - someCamera().pixelsPerUnit) < 1e-9);
}

void ScatterCameraTest::PanMovesWhatIsSeenWithTheHand() {
    Camera camera = someCamera();
    const QPointF world = camera.worldFromScreen({200, 300});
    camera.panBy({37, -11});
    QVERIFY(distance(camera.screenFromWorld(world), {237, 289}) < 1e-6);
}

void ScatterCameraTest::FitShowsTheWholeBoxAndFillsTheView() {
    for (const QRectF& box : {QRectF(-3, 2, 8, 1), QRectF(0, 0, 1e-4, 2), QRectF(-1, -1, 2, 2)}) {
        Camera camera = someCamera();
        camera.fit(box);
        const QRectF view(0, 0, 1000, 800);
        const QRectF shown = QRectF(camera.screenFromWorld(box.topLeft()), camera.screenFromWorld(box.bottomRight()));
        QVERIFY(view.contains(shown.normalized()));
        const double fill = std::max(shown.normalized().width() / 1000, shown.normalized().height() / 800);
        QVERIFY2(fill > 0.7, qPrintable(QString::number(fill)));
    }
}

void ScatterCameraTest::FitOfASinglePointIsFinite() {
    Camera camera = someCamera();
    camera.fit({5, 6, 0, 0});
    QVERIFY(std::isfinite(camera.pixelsPerUnit) && camera.pixelsPerUnit > 0);
    QVERIFY(distance(camera.screenFromWorld({5, 6}), {500, 400}) < 1e-3);
}

void ScatterCameraTest::ZoomIsBounded() {
    Camera camera = someCamera();
    for (int i = 0; i < 500; ++i) camera.zoomAt({500, 400}, 2);
    QVERIFY(std::isfinite(camera.pixelsPerUnit));
    QVERIFY(std::isfinite(camera.screenFromWorld({0, 0}).x()));
    for (int i = 0; i < 500; ++i) camera.zoomAt({500, 400}, 0.5);
    QVERIFY(camera.pixelsPerUnit > 0);
}

}  // namespace embedscope

QTEST_MAIN(embedscope::ScatterCameraTest)
#include "scatter_camera_test.moc"
