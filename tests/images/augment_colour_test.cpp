// What views do to colours and sharpness, against torchvision's formulas and a Gaussian in double precision.

#include "engine/images/augment.h"
#include "engine/images/augment_draws.h"
#include "tests/images/made_views.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

using namespace embedscope;

namespace {

using Pixel = std::array<double, 3>;
using Formula = std::function<Pixel(const Pixel&)>;

int largestDifference(const Bytes& a, const Bytes& b) {
    int largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

double greyOf(const Pixel& p) {
    return 0.2989 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

Bytes mapped(const Bytes& image, const Formula& formula) {
    Bytes out(image.size());
    for (std::size_t i = 0; i < image.size(); i += 3) {
        const Pixel result = formula({double(image[i]), double(image[i + 1]), double(image[i + 2])});
        for (int c = 0; c < 3; ++c) out[i + c] = static_cast<std::uint8_t>(std::clamp(result[c], 0.0, 255.0) + 0.5);
    }
    return out;
}

/// Towards `other` as torchvision's blend.
Pixel blended(const Pixel& p, double other, double factor) {
    return {factor * p[0] + (1 - factor) * other, factor * p[1] + (1 - factor) * other,
            factor * p[2] + (1 - factor) * other};
}

/// Through HSV and back, by the textbook's cases.
Pixel hueTurned(const Pixel& p, double turns) {
    const double largest = std::max({p[0], p[1], p[2]}), smallest = std::min({p[0], p[1], p[2]});
    const double spread = largest - smallest;
    if (spread == 0) return p;
    double hue = 0;
    if (largest == p[0])
        hue = (p[1] - p[2]) / spread;
    else if (largest == p[1])
        hue = 2 + (p[2] - p[0]) / spread;
    else
        hue = 4 + (p[0] - p[1]) / spread;
    hue = std::fmod(hue + 6 * turns + 12, 6);
    const int sector = static_cast<int>(hue);
    const double within = hue - sector;
    const double falling = largest - spread * within, rising = largest - spread * (1 - within);
    switch (sector) {
        case 0:
            return {largest, rising, smallest};
        case 1:
            return {falling, largest, smallest};
        case 2:
            return {smallest, largest, rising};
        case 3:
            return {smallest, falling, largest};
        case 4:
            return {rising, smallest, largest};
        default:
            return {largest, smallest, falling};
    }
}

Bytes coloured(const Bytes& image, const ImageShape& shape, const std::function<void(Planes&)>& change) {
    Planes planes;
    planes.load(image, shape);
    change(planes);
    Bytes out(image.size());
    planes.store(out);
    return out;
}

}  // namespace

class AugmentColourTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ColoursFollowTorchvisionsFormulas() {
        const ImageShape shape{19, 23, 3};
        const Bytes image = noiseImage(shape);
        double mean = 0;
        for (std::size_t i = 0; i < image.size(); i += 3)
            mean += greyOf({double(image[i]), double(image[i + 1]), double(image[i + 2])}) * 3 / double(image.size());
        for (const float factor : {0.0F, 0.2F, 0.6F, 1.0F, 1.3F, 2.0F}) {
            const auto bright = [&](const Pixel& p) { return blended(p, 0, factor); };
            const auto contrast = [&](const Pixel& p) { return blended(p, mean, factor); };
            const auto saturation = [&](const Pixel& p) { return blended(p, greyOf(p), factor); };
            const auto differs = [&](const Formula& formula, void (*change)(Planes&, float)) {
                return largestDifference(mapped(image, formula),
                                         coloured(image, shape, [&](Planes& planes) { change(planes, factor); }));
            };
            QVERIFY(differs(bright, scaleBrightness) <= 1);
            QVERIFY(differs(contrast, scaleContrast) <= 1);
            QVERIFY(differs(saturation, scaleSaturation) <= 1);
        }
        const auto grey = [](const Pixel& p) { return Pixel{greyOf(p), greyOf(p), greyOf(p)}; };
        QVERIFY(largestDifference(mapped(image, grey), coloured(image, shape, turnGrey)) <= 1);
        const auto solar = [](const Pixel& p) {
            const auto one = [](double v) { return v >= 128 ? 255 - v : v; };
            return Pixel{one(p[0]), one(p[1]), one(p[2])};
        };
        QCOMPARE(mapped(image, solar), coloured(image, shape, [](Planes& planes) { solarise(planes, 128); }));
    }

    void HueTurnsThroughTheWholeCircle() {
        Bytes image = noiseImage({19, 23, 3});
        const Bytes corners = {255, 0,   0,   0,   255, 0,   0, 0, 255, 255, 255, 0,
                               0,   255, 255, 255, 0,   255, 0, 0, 0,   9,   9,   9};
        std::ranges::copy(corners, image.begin());
        for (const double turns : {-0.5, -0.31, -0.1, 0.0, 1.0 / 6, 0.25, 0.5}) {
            const auto expected = mapped(image, [&](const Pixel& p) { return hueTurned(p, turns); });
            const auto got =
                coloured(image, {19, 23, 3}, [&](Planes& planes) { turnHue(planes, static_cast<float>(turns)); });
            QVERIFY2(largestDifference(expected, got) <= 1, qPrintable(QString::number(turns)));
        }
        const auto third = coloured({255, 0, 0}, {1, 1, 3}, [](Planes& planes) { turnHue(planes, 1.0F / 3); });
        QCOMPARE(third, (Bytes{0, 255, 0}));
    }

    void JitterPartsComeInEveryOrderAndRange() {
        const ColourSettings settings{.jitter = 0.8,
                                      .brightness = 0.4,
                                      .contrast = 0.4,
                                      .saturation = 0.4,
                                      .hue = 0.1,
                                      .grey = 0.2,
                                      .solarise = 0.1};
        std::set<std::array<Colouring::Part, 4>> orders;
        int jittered = 0, grey = 0, solarised = 0;
        float low = 1, high = 1, turn = 0;
        for (int i = 0; i < 10'000; ++i) {
            const Colouring drawn = drawColouring(settings, i);
            orders.insert(drawn.order);
            jittered += drawn.jittered;
            grey += drawn.grey;
            solarised += drawn.solarised;
            low = std::min({low, drawn.brightness, drawn.contrast, drawn.saturation});
            high = std::max({high, drawn.brightness, drawn.contrast, drawn.saturation});
            turn = std::max(turn, std::abs(drawn.hue));
        }
        QCOMPARE(orders.size(), std::size_t{24});
        QVERIFY(std::abs(jittered - 8'000) < 160 && std::abs(grey - 2'000) < 160 && std::abs(solarised - 1'000) < 120);
        QVERIFY(low >= 0.6F && low < 0.61F && high <= 1.4F && high > 1.39F && turn <= 0.1F && turn > 0.099F);
    }

    void BlurIsAGaussianMirroredAtTheEdges() {
        for (const ImageShape& shape : {ImageShape{60, 44, 3}, ImageShape{32, 32, 1}, ImageShape{2, 5, 3},
                                        ImageShape{1, 1, 3}, ImageShape{100, 3, 1}}) {
            const Bytes image = noiseImage(shape);
            const double sigma = 1.3;
            const int reach = blurReach(shape);
            const auto at = [](int i, int side) {
                while (side > 1 && (i < 0 || i >= side)) i = i < 0 ? -i : 2 * (side - 1) - i;
                return side > 1 ? i : 0;
            };
            const Bytes got = coloured(image, shape, [&](Planes& planes) { blur(planes, sigma); });
            for (int y = 0; y < shape.height; ++y)
                for (int x = 0; x < shape.width; ++x)
                    for (int c = 0; c < shape.channels; ++c) {
                        double sum = 0, weights = 0;
                        for (int v = -reach; v <= reach; ++v)
                            for (int u = -reach; u <= reach; ++u) {
                                const double weight = std::exp(-(u * u + v * v) / (2 * sigma * sigma));
                                const int from = at(y + v, shape.height) * shape.width + at(x + u, shape.width);
                                sum += weight * image[from * shape.channels + c];
                                weights += weight;
                            }
                        const int value = got[(y * shape.width + x) * shape.channels + c];
                        QVERIFY(std::abs(value - sum / weights) < 0.51);
                    }
        }
        const Bytes white(32 * 32 * 3, 255);
        QCOMPARE(coloured(white, {32, 32, 3}, [](Planes& planes) { blur(planes, 2); }), white);
    }

    void BlurSigmasStayInTheirRange() {
        int blurred = 0;
        for (int i = 0; i < 10'000; ++i) {
            const double sigma = drawBlur({0.5, 0.1, 2}, i);
            QVERIFY(sigma == 0 || (sigma >= 0.1 && sigma <= 2));
            blurred += sigma > 0;
        }
        QVERIFY(std::abs(blurred - 5'000) < 200);
    }

    void GreyImagesSkipTheColourParts() {
        const ImageShape shape{12, 12, 1};
        const Bytes image = noiseImage(shape);
        const Choice colours = only({{"jitter", 1}, {"saturation", 1}, {"hue", 0.5}, {"grey", 1}});
        QVERIFY(Augmenter(colours, shape).changesNothing());
        QCOMPARE(viewOf(image, shape, colours, 1), image);
        QVERIFY(!Augmenter(colours, {12, 12, 3}).changesNothing());
        // Contrast is about the image's own mean.
        const Bytes flat = coloured(image, shape, [](Planes& planes) { scaleContrast(planes, 0); });
        const double mean = std::accumulate(image.begin(), image.end(), 0.0) / 144;
        for (const std::uint8_t value : flat) QVERIFY(std::abs(value - mean) < 0.51);
    }

    void GreyViewsHaveEqualChannels() {
        const ImageShape shape{12, 12, 3};
        const Bytes view = viewOf(noiseImage(shape), shape, only({{"grey", 1}}), 4);
        for (std::size_t i = 0; i < view.size(); i += 3) QVERIFY(view[i] == view[i + 1] && view[i] == view[i + 2]);
    }
};

QTEST_GUILESS_MAIN(AugmentColourTest)
#include "augment_colour_test.moc"
