#include "tests/ui/scatter_data.h"
#include "ui/scatter/rasterize.h"
#include "ui/scatter/threaded_raster.h"

#include <QtTest>

namespace embedscope {
namespace {

constexpr QRgb kGround = 0xffffffff;

/// One pixel is one unit; (0, 0) in the middle of 100 x 100 pixels.
ScatterFrame unitFrame(float radius = 6) {
    ScatterFrame frame;
    frame.camera.viewport = {100, 100};
    frame.radius = radius;
    frame.opacity = 1;
    frame.ground = kGround;
    return frame;
}

QImage drawn(const DrawnPoints& points, const ScatterFrame& frame, double ratio = 1) {
    QImage image(QSize(100, 100) * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(frame.ground);
    MarkCache marks;
    rasterizePoints(image, points, frame, marks);
    return image;
}

DrawnPoint pointAt(float x, float y, QRgb color, std::uint8_t style = 0) {
    DrawnPoint point;
    point.fromX = point.toX = x;
    point.fromY = point.toY = y;
    point.red = static_cast<std::uint8_t>(qRed(color));
    point.green = static_cast<std::uint8_t>(qGreen(color));
    point.blue = static_cast<std::uint8_t>(qBlue(color));
    point.style = style;
    return point;
}

std::size_t inked(const QImage& image) {
    std::size_t count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) count += image.pixel(x, y) != kGround;
    return count;
}

/// Centre of what is drawn, weighed by darkness, in pixels.
QPointF centreOfInk(const QImage& image) {
    double sum = 0, sumX = 0, sumY = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const double ink = 255 - qGray(image.pixel(x, y));
            sum += ink;
            sumX += ink * (x + 0.5);
            sumY += ink * (y + 0.5);
        }
    return {sumX / sum, sumY / sum};
}

constexpr QRgb kRed = 0xffcc0000, kBlue = 0xff0000cc;

}  // namespace

class ScatterRasterTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void APointIsDrawnWhereItIs();
    void ADiscHasItsArea();
    void TheLaterPointIsOnTop();
    void AHiddenPointLeavesNoInk();
    void AHeldOutPointIsARing();
    void HalfAGlideIsHalfTheWay();
    void PointsAtAndBeyondTheEdgeAreCutOff();
    void PointsThatAreNoNumbersAreLeftOut();
    void TwiceTheResolutionIsTheSamePicture();
    void OpacityMixesWithTheGround();
    void SeveralThreadsDrawTheSamePixels();
    void ThreadsDrawManyColoursAndLayersAlike();
    void AnotherFrameOfTheSameThreadsLeavesNothingOfTheLast();
};

void ScatterRasterTest::APointIsDrawnWhereItIs() {
    RandomPoints random(1);
    for (int i = 0; i < 50; ++i) {
        const auto x = static_cast<float>(random.uniform() * 60 - 30),
                   y = static_cast<float>(random.uniform() * 60 - 30);
        const QPointF ink = centreOfInk(drawn({pointAt(x, y, kBlue)}, unitFrame()));
        QVERIFY2(std::hypot(ink.x() - (50 + x), ink.y() - (50 - y)) < 0.3,
                 qPrintable(QString("at %1 %2, ink at %3 %4").arg(50 + x).arg(50 - y).arg(ink.x()).arg(ink.y())));
    }
}

void ScatterRasterTest::ADiscHasItsArea() {
    for (const float radius : {2.0F, 3.5F, 8.0F}) {
        double area = 0;
        const QImage image = drawn({pointAt(0.3F, 0.1F, 0xff000000)}, unitFrame(radius));
        for (int y = 0; y < 100; ++y)
            for (int x = 0; x < 100; ++x) area += 1 - qGray(image.pixel(x, y)) / 255.0;
        QVERIFY2(std::abs(area / (std::numbers::pi * radius * radius) - 1) < 0.08, qPrintable(QString::number(area)));
    }
}

void ScatterRasterTest::TheLaterPointIsOnTop() {
    QCOMPARE(drawn({pointAt(0, 0, kRed), pointAt(0, 0, kBlue)}, unitFrame()).pixel(50, 50), kBlue);
    QCOMPARE(drawn({pointAt(0, 0, kBlue), pointAt(0, 0, kRed)}, unitFrame()).pixel(50, 50), kRed);
}

void ScatterRasterTest::AHiddenPointLeavesNoInk() {
    QCOMPARE(inked(drawn({pointAt(0, 0, kRed, kHiddenStyle)}, unitFrame())), 0U);
}

void ScatterRasterTest::AHeldOutPointIsARing() {
    const QImage ring = drawn({pointAt(0, 0, kRed, kHollowStyle)}, unitFrame(9));
    QCOMPARE(ring.pixel(50, 50), kGround);
    const QImage disc = drawn({pointAt(0, 0, kRed)}, unitFrame(9));
    QCOMPARE(disc.pixel(50, 50), kRed);
    QVERIFY(inked(ring) > 0 && inked(ring) < inked(disc));
}

void ScatterRasterTest::HalfAGlideIsHalfTheWay() {
    DrawnPoint point = pointAt(20, 0, kBlue);
    point.fromX = -20;
    point.fromY = 10;
    ScatterFrame frame = unitFrame();
    frame.glide = 0.5F;
    const QPointF ink = centreOfInk(drawn({point}, frame));
    QVERIFY(std::hypot(ink.x() - 50, ink.y() - 45) < 0.3);
}

void ScatterRasterTest::PointsAtAndBeyondTheEdgeAreCutOff() {
    RandomPoints random(2);
    DrawnPoints points;
    for (int i = 0; i < 2000; ++i)
        points.push_back(
            pointAt(static_cast<float>(random.normal() * 100), static_cast<float>(random.normal() * 100), kRed));
    QVERIFY(inked(drawn(points, unitFrame())) > 0);
    QCOMPARE(inked(drawn({pointAt(0, 70, kRed), pointAt(-80, 0, kRed)}, unitFrame())), 0U);
}

void ScatterRasterTest::PointsThatAreNoNumbersAreLeftOut() {
    const float none = std::numeric_limits<float>::quiet_NaN(), far = std::numeric_limits<float>::infinity();
    const DrawnPoints points{pointAt(none, 0, kRed), pointAt(0, far, kRed), pointAt(1e30F, -1e30F, kRed)};
    QCOMPARE(inked(drawn(points, unitFrame())), 0U);
}

void ScatterRasterTest::TwiceTheResolutionIsTheSamePicture() {
    const DrawnPoints points{pointAt(-20, 13, kRed), pointAt(8, -9, kBlue, kHollowStyle)};
    const QImage fine = drawn(points, unitFrame(), 2);
    QCOMPARE(fine.size(), QSize(200, 200));
    QCOMPARE(fine.pixel(2 * 30, 2 * 37), kRed);
    QCOMPARE(fine.pixel(2 * 58, 2 * 59), kGround);
    QVERIFY(inked(fine) > 3 * inked(drawn(points, unitFrame())));
}

void ScatterRasterTest::OpacityMixesWithTheGround() {
    ScatterFrame frame = unitFrame();
    frame.opacity = 0.5F;
    const QRgb pixel = drawn({pointAt(0, 0, 0xff000000)}, frame).pixel(50, 50);
    QVERIFY2(std::abs(qRed(pixel) - 128) <= 2, qPrintable(QString::number(qRed(pixel))));
}

void ScatterRasterTest::SeveralThreadsDrawTheSamePixels() {
    RandomPoints random(5);
    DrawnPoints points;
    for (std::size_t i = 0; i < 2 * ThreadedRaster::kFewPoints; ++i)
        points.push_back(pointAt(static_cast<float>(random.normal() * 40), static_cast<float>(random.normal() * 40),
                                 i % 3 ? kRed : kBlue, i % 5 ? 0 : kHollowStyle));
    ScatterFrame frame = unitFrame(5);
    frame.opacity = 0.4F;
    for (const double ratio : {1.0, 1.5}) {
        const QImage expected = drawn(points, frame, ratio);
        for (const int threads : {1, 2, 5}) {
            QImage image(QSize(100, 100) * ratio, QImage::Format_RGB32);
            image.setDevicePixelRatio(ratio);
            image.fill(frame.ground);
            ThreadedRaster(threads).draw(image, {PointLayer{points, frame}});
            QCOMPARE(image, expected);
        }
    }
}

/// Points on and beyond 300 x 200 pixels.
DrawnPoints scattered(std::size_t count, std::uint64_t seed) {
    RandomPoints random(seed);
    DrawnPoints points;
    for (std::size_t i = 0; i < count; ++i) {
        points.push_back(pointAt(static_cast<float>(random.normal() * 70), static_cast<float>(random.normal() * 50),
                                 static_cast<QRgb>(random.below(1 << 24)),
                                 static_cast<std::uint8_t>(random.below(32) & ~(i % 9 ? kHiddenStyle : 0))));
        points.back().fromX += static_cast<float>(random.normal());
    }
    return points;
}

ScatterFrame wideFrame() {
    ScatterFrame frame = unitFrame(1.2F);
    frame.camera.viewport = {300, 200};
    frame.opacity = 0.45F;
    frame.glide = 0.3F;
    return frame;
}

QImage wideImage() {
    QImage image(300, 200, QImage::Format_RGB32);
    image.fill(kGround);
    return image;
}

void ScatterRasterTest::ThreadsDrawManyColoursAndLayersAlike() {
    const DrawnPoints points = scattered(2 * ThreadedRaster::kFewPoints, 6);
    ScatterFrame frame = wideFrame();
    frame.dims = true;
    std::vector<PointLayer> layers;
    for (const ScatterFrame& pass : passesOf(frame)) layers.push_back({points, pass});
    layers.push_back({std::span(points).first(5000), frame});
    layers.back().frame.radius = 7.5F;  // larger marks over the others
    QImage expected = wideImage();
    for (const PointLayer& layer : layers) {
        MarkCache marks;
        rasterizePoints(expected, layer.points, layer.frame, marks);
    }
    for (const int threads : {1, 3}) {
        QImage image = wideImage();
        ThreadedRaster(threads).draw(image, layers);
        QCOMPARE(image, expected);
    }
}

void ScatterRasterTest::AnotherFrameOfTheSameThreadsLeavesNothingOfTheLast() {
    ThreadedRaster raster(2);
    // On all threads, on one, without tiles, and on all again.
    const std::size_t counts[] = {2 * ThreadedRaster::kFewPoints, ThreadedRaster::kFewPoints / 2,
                                  ThreadedRaster::kFewForTiles / 2, 2 * ThreadedRaster::kFewPoints};
    for (std::uint64_t seed = 7; const std::size_t count : counts) {
        const DrawnPoints points = scattered(count, ++seed);
        ScatterFrame frame = wideFrame();
        frame.camera.panBy({10.0 * static_cast<double>(seed), 3});
        QImage expected = wideImage(), image = wideImage();
        MarkCache marks;
        rasterizePoints(expected, points, frame, marks);
        raster.draw(image, {PointLayer{points, frame}});
        QCOMPARE(image, expected);
    }
}

}  // namespace embedscope

QTEST_GUILESS_MAIN(embedscope::ScatterRasterTest)
#include "scatter_raster_test.moc"
