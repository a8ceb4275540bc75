// What is drawn is what is held, on both renderers, in a real window.
#include "tests/ui/scatter_data.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/gl_surface.h"

#include <QtTest>

namespace embedscope {
namespace {

constexpr int kSamples = 12;

int apart(QRgb one, QRgb other) {
    return std::max({std::abs(qRed(one) - qRed(other)), std::abs(qGreen(one) - qGreen(other)),
                     std::abs(qBlue(one) - qBlue(other))});
}

std::vector<float> onGrid() {
    std::vector<float> places;
    for (int i = 0; i < kSamples; ++i) {
        places.push_back(static_cast<float>(i % 4));
        places.push_back(static_cast<float>(i / 4));
    }
    return places;
}

struct Window {
    std::shared_ptr<const DataSet> data = test::makeScatterData(kSamples, kSamples);
    EmbeddingView view;

    Window() {
        QPalette palette;
        palette.setColor(QPalette::Base, Qt::white);
        palette.setColor(QPalette::Text, Qt::black);
        view.setPalette(palette);
        view.setClassNamesVisible(false);
        view.resize(700, 600);
        view.setDataSet(data);
        view.showLayout(test::makeLayout(onGrid()));
        view.show();
    }
    void showInSpace() {
        auto layout = std::make_shared<Layout>(*view.shownLayout());
        for (int i = 0; i < kSamples; ++i) layout->depths.push_back(static_cast<float>(i % 3));
        view.showLayout(layout);
    }
    bool rests() {
        return QTest::qWaitForWindowExposed(&view) && QTest::qWaitFor([this] { return !view.isMoving(); });
    }
    QImage shot() { return view.grab().toImage().convertToFormat(QImage::Format_RGB32); }
    QPoint at(int sample) { return view.screenPositionOf(sample)->toPoint(); }
};

/// The class's colour over white at the opacity of the frame.
QRgb inkOf(const Window& window, int sample) {
    const QColor color = classColor(window.data->samples[static_cast<std::size_t>(sample)].label);
    const double opacity = window.view.frame().opacity;
    const auto channel = [&](int value) {
        return static_cast<int>(std::lround(value * opacity + 255 * (1 - opacity)));
    };
    return qRgb(channel(color.red()), channel(color.green()), channel(color.blue()));
}

/// Middle of what is drawn around `place`, weighed by darkness; thin axis lines are left out.
QPointF middleOfInk(const QImage& image, QPoint place) {
    double sum = 0, sumX = 0, sumY = 0;
    for (int y = place.y() - 10; y <= place.y() + 10; ++y)
        for (int x = place.x() - 10; x <= place.x() + 10; ++x) {
            const int dark = 255 - qGray(image.pixel(x, y));
            if (dark < 40) continue;
            sum += dark;
            sumX += dark * (x + 0.5);
            sumY += dark * (y + 0.5);
        }
    return {sumX / sum, sumY / sum};
}

bool isHeldOut(int sample) {
    return sample % 5 == 4;
}

}  // namespace

class ScatterPixelsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void EverySampleIsDrawnInItsColourAtItsPlace_data() { bothRenderers(); }
    void EverySampleIsDrawnInItsColourAtItsPlace();
    void MarksAreInPlaceToAThirdOfAPixel_data() { bothRenderers(); }
    void MarksAreInPlaceToAThirdOfAPixel();
    void AHiddenClassDisappearsAndComesBack_data() { bothRenderers(); }
    void AHiddenClassDisappearsAndComesBack();
    void TheSelectedPointHasARing_data() { bothRenderers(); }
    void TheSelectedPointHasARing();
    void PointsOutsideTheSelectionArePale_data() { bothRenderers(); }
    void PointsOutsideTheSelectionArePale();
    void TheViewSurvivesAnotherParent_data() { bothRenderers(); }
    void TheViewSurvivesAnotherParent();
    void BothRenderersDrawTheSameMarks_data();
    void BothRenderersDrawTheSameMarks();
    void InSpaceEverySampleIsDrawnInItsColourAtItsPlace_data() { bothRenderers(); }
    void InSpaceEverySampleIsDrawnInItsColourAtItsPlace();
    void InSpaceANearPointCoversAFarOne_data() { bothRenderers(); }
    void InSpaceANearPointCoversAFarOne();
    void SoftwareOpenGlIsNotChosenByItself();

private:
    void bothRenderers();
};

void ScatterPixelsTest::bothRenderers() {
    QTest::addColumn<QString>("renderer");
    QTest::newRow("opengl") << "opengl";
    QTest::newRow("raster") << "raster";
}

void ScatterPixelsTest::init() {
    // One that compares the renderers chooses them itself.
    if (!QTest::currentDataTag() || QByteArray(QTest::currentTestFunction()).startsWith("Both")) return;
    QFETCH(QString, renderer);
    qputenv("EMBEDSCOPE_RENDERER", renderer.toUtf8());
    if (renderer == "opengl" && openGlKind() == OpenGlKind::None) QSKIP("This display has no OpenGL 3.3.");
}

void ScatterPixelsTest::EverySampleIsDrawnInItsColourAtItsPlace() {
    QFETCH(QString, renderer);
    Window window;
    QVERIFY(window.rests());
    QVERIFY2(window.view.rendererName().contains(renderer, Qt::CaseInsensitive),
             qPrintable(window.view.rendererName()));
    const QImage image = window.shot();
    for (int sample = 0; sample < kSamples; ++sample) {
        const QPoint place = window.at(sample);
        QVERIFY(image.rect().contains(place));
        if (isHeldOut(sample)) {
            QVERIFY(apart(image.pixel(place), qRgb(255, 255, 255)) < 40);  // hollow
        } else {
            QVERIFY2(apart(image.pixel(place), inkOf(window, sample)) <= 6, qPrintable(QString::number(sample)));
        }
        QVERIFY(apart(image.pixel(place + QPoint(14, 14)), qRgb(255, 255, 255)) < 4);  // nothing beside it
    }
}

void ScatterPixelsTest::MarksAreInPlaceToAThirdOfAPixel() {
    Window window;
    QVERIFY(window.rests());
    const QImage image = window.shot();
    for (int sample = 0; sample < kSamples; ++sample) {
        const QPointF off = middleOfInk(image, window.at(sample)) - *window.view.screenPositionOf(sample);
        QVERIFY2(std::hypot(off.x(), off.y()) < 0.34,
                 qPrintable(QString("%1: %2 %3").arg(sample).arg(off.x()).arg(off.y())));
    }
}

void ScatterPixelsTest::AHiddenClassDisappearsAndComesBack() {
    Window window;
    QVERIFY(window.rests());
    const QPoint place = window.at(6);
    window.view.setClassVisible(6, false);
    QCOMPARE(window.shot().pixel(place), qRgb(255, 255, 255));
    QVERIFY(apart(window.shot().pixel(window.at(7)), inkOf(window, 7)) <= 6);
    window.view.setClassVisible(6, true);
    QVERIFY(apart(window.shot().pixel(place), inkOf(window, 6)) <= 6);
}

void ScatterPixelsTest::TheSelectedPointHasARing() {
    Window window;
    QVERIFY(window.rests());
    window.view.setSelectedSample(6);
    const QPoint place = window.at(6);
    const QImage image = window.shot();
    bool dark = false;
    for (int x = 4; x < 16; ++x) dark |= qGray(image.pixel(place + QPoint(x, 0))) < 100;
    QVERIFY(dark);
}

void ScatterPixelsTest::PointsOutsideTheSelectionArePale() {
    Window window;
    QVERIFY(window.rests());
    window.view.setSelection({6});
    const QImage image = window.shot();
    QVERIFY(apart(image.pixel(window.at(6)), inkOf(window, 6)) <= 6);
    const QRgb pale = image.pixel(window.at(7));
    QVERIFY(apart(pale, inkOf(window, 7)) > 50);
    QVERIFY(apart(pale, qRgb(255, 255, 255)) > 5);
    window.view.setSelection({});
    QVERIFY(apart(window.shot().pixel(window.at(7)), inkOf(window, 7)) <= 6);
}

void ScatterPixelsTest::TheViewSurvivesAnotherParent() {
    Window window;
    QVERIFY(window.rests());
    QWidget home;
    home.resize(720, 620);
    window.view.setParent(&home);
    window.view.show();
    home.show();
    QVERIFY(QTest::qWaitForWindowExposed(&home));
    QVERIFY(apart(window.shot().pixel(window.at(3)), inkOf(window, 3)) <= 6);
    window.view.setParent(nullptr);
    window.view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window.view));
    QVERIFY(apart(window.shot().pixel(window.at(3)), inkOf(window, 3)) <= 6);
}

void ScatterPixelsTest::BothRenderersDrawTheSameMarks_data() {
    QTest::addColumn<bool>("inSpace");
    QTest::newRow("plane") << false;
    QTest::newRow("space") << true;
}

void ScatterPixelsTest::BothRenderersDrawTheSameMarks() {
    QFETCH(bool, inSpace);
    if (openGlKind() == OpenGlKind::None) QSKIP("This display has no OpenGL 3.3.");
    std::vector<QImage> images;
    std::vector<QPoint> places;
    for (const char* renderer : {"opengl", "raster"}) {
        qputenv("EMBEDSCOPE_RENDERER", renderer);
        Window window;
        if (inSpace) window.showInSpace();
        QVERIFY(window.rests());
        // From the front the middle depth is the border of two depth levels, where rounding decides.
        if (inSpace) window.view.lookFrom({0.3F, -0.2F});
        QVERIFY(window.rests());
        images.push_back(window.shot());
        places.clear();
        for (int sample = 0; sample < kSamples; ++sample) places.push_back(window.at(sample));
    }
    for (const QPoint& place : places) {
        double difference = 0, ink = 0;
        for (int y = place.y() - 10; y <= place.y() + 10; ++y)
            for (int x = place.x() - 10; x <= place.x() + 10; ++x) {
                difference += std::abs(qGray(images[0].pixel(x, y)) - qGray(images[1].pixel(x, y)));
                ink += 255 - qGray(images[1].pixel(x, y));
            }
        QVERIFY2(difference < 0.25 * ink, qPrintable(QString("%1 of %2").arg(difference).arg(ink)));
    }
}

void ScatterPixelsTest::InSpaceEverySampleIsDrawnInItsColourAtItsPlace() {
    Window window;
    window.showInSpace();
    QVERIFY(window.rests());
    window.view.lookFrom({0.3F, -0.2F});
    QVERIFY(window.rests());
    const QImage image = window.shot();
    for (int sample = 0; sample < kSamples; ++sample) {
        if (isHeldOut(sample)) continue;
        const QColor ink = QColor::fromRgb(image.pixel(window.at(sample)));
        const QColor color = classColor(window.data->samples[static_cast<std::size_t>(sample)].label);
        // Far points let more of the white ground through, which leaves the hue.
        QVERIFY2(ink.hslSaturation() < 12 || color.hslSaturation() < 12 ||
                     std::abs(std::remainder(ink.hslHue() - color.hslHue(), 360)) < 12,
                 qPrintable(QString::number(sample)));
        QVERIFY(apart(ink.rgb(), qRgb(255, 255, 255)) > 30);
    }
}

void ScatterPixelsTest::InSpaceANearPointCoversAFarOne() {
    Window window;
    auto layout = std::make_shared<Layout>(*window.view.shownLayout());
    layout->depths.assign(kSamples, 0);
    layout->coordinates[0] = layout->coordinates[2] = layout->coordinates[1] = layout->coordinates[3] = 0;
    layout->depths[0] = 2;  // sample 0 lies before sample 1, in one line from the front
    layout->depths[1] = -2;
    window.view.setPerspective(false);
    window.view.showLayout(layout);
    for (const auto& [yaw, near] : {std::pair(0.0F, 0), std::pair(std::numbers::pi_v<float>, 1)}) {
        window.view.lookFrom({yaw, 0});
        QVERIFY(window.rests());
        const QColor ink = QColor::fromRgb(window.shot().pixel(window.at(near)));
        const QColor color = classColor(near), other = classColor(1 - near);
        QVERIFY(apart(ink.rgb(), color.rgb()) < apart(ink.rgb(), other.rgb()));
    }
}

void ScatterPixelsTest::SoftwareOpenGlIsNotChosenByItself() {
    qunsetenv("EMBEDSCOPE_RENDERER");
    const EmbeddingView view;
    QCOMPARE(view.rendererName() == "CPU raster", openGlKind() != OpenGlKind::Hardware);
}

}  // namespace embedscope

QTEST_MAIN(embedscope::ScatterPixelsTest)
#include "scatter_pixels_test.moc"
