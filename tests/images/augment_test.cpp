// Random views against straightforward definitions: bilinear sampling in double precision for the place, the statistics
// of what is drawn, and the same views everywhere.

#include "engine/images/augment.h"

#include "engine/augmentation.h"
#include "engine/images/augment_draws.h"
#include "engine/images/augmentation_table.h"
#include "tests/images/made_views.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <thread>

using namespace embedscope;

namespace {

Bytes mirroredImage(const Bytes& image, const ImageShape& shape) {
    Bytes out(image.size());
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x)
            for (int c = 0; c < shape.channels; ++c)
                out[(y * shape.width + x) * shape.channels + c] =
                    image[(y * shape.width + shape.width - 1 - x) * shape.channels + c];
    return out;
}

/// Crop of the shifted image, bilinear, the crop's edge going on; black outside the image.
double sampled(const Bytes& image, const ImageShape& shape, const Place& place, int x, int y, int c) {
    const int column = place.flipped ? shape.width - 1 - x : x;
    const double atX = std::clamp((column + 0.5) * place.width / shape.width - 0.5, 0.0, place.width - 1.0);
    const double atY = std::clamp((y + 0.5) * place.height / shape.height - 0.5, 0.0, place.height - 1.0);
    const auto pixel = [&](int px, int py) -> double {
        const int sx = place.x + std::min(px, place.width - 1) - place.shiftX;
        const int sy = place.y + std::min(py, place.height - 1) - place.shiftY;
        if (sx < 0 || sy < 0 || sx >= shape.width || sy >= shape.height) return 0;
        return image[(sy * shape.width + sx) * shape.channels + c];
    };
    const int left = static_cast<int>(atX), top = static_cast<int>(atY);
    const double u = atX - left, v = atY - top;
    return (1 - v) * ((1 - u) * pixel(left, top) + u * pixel(left + 1, top)) +
           v * ((1 - u) * pixel(left, top + 1) + u * pixel(left + 1, top + 1));
}

const std::vector<ImageShape> kShapes = {{32, 32, 3}, {32, 32, 1}, {17, 40, 3}, {40, 13, 1}, {1, 9, 3},
                                         {9, 1, 1},   {1, 1, 3},   {1, 1, 1},   {2, 3, 3}};

}  // namespace

class AugmentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void EveryRowIsKnownAndNoneChangesNothing() {
        std::vector<std::string> ids;
        for (const CatalogEntry& row : augmentationCatalog()) ids.push_back(row.id);
        QCOMPARE(ids, (std::vector<std::string>{"none", "supervised", "simclr_cifar", "simclr_imagenet"}));
        for (const ImageShape& shape : kShapes) {
            QVERIFY(Augmenter({"none", {}}, shape).changesNothing());
            QVERIFY(!Augmenter({"simclr_cifar", {}}, shape).changesNothing());
            const Bytes image = noiseImage(shape);
            QCOMPARE(viewOf(image, shape, {"none", {}}, 3), image);
        }
        QVERIFY(Augmenter(only({}), {8, 8, 3}).changesNothing());
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, Augmenter({"simclr", {}}, {8, 8, 3}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, Augmenter({"supervised", {{"zoom", 1}}}, {8, 8, 3}));
    }

    void TheRowsHaveThePublishedNumbers() {
        const CatalogEntry& cifar = entryOf(augmentationCatalog(), "simclr_cifar", "augmentation");
        const CatalogEntry& imageNet = entryOf(augmentationCatalog(), "simclr_imagenet", "augmentation");
        const std::vector<std::tuple<std::string, double, double>> expected = {
            {"crop_area", 0.08, 0.08},    {"crop_ratio", 0.75, 0.75},
            {"flip", 0.5, 0.5},           {"jitter", 0.8, 0.8},
            {"brightness", 0.4, 0.8},     {"contrast", 0.4, 0.8},
            {"saturation", 0.4, 0.8},     {"hue", 0.1, 0.2},
            {"grey", 0.2, 0.2},           {"blur", 0, 0.5},
            {"blur_sigma_min", 0.1, 0.1}, {"blur_sigma_max", 2, 2},
            {"solarise", 0, 0},           {"shift", 0, 0}};
        for (const auto& [id, small, large] : expected) {
            QCOMPARE(valueOf(cifar, {}, id), small);
            QCOMPARE(valueOf(imageNet, {}, id), large);
        }
        QCOMPARE(valueOf(entryOf(augmentationCatalog(), "supervised", "augmentation"), {}, "shift"), 4.0 / 32);
        for (const CatalogEntry& row : augmentationCatalog())
            for (const Parameter& parameter : row.parameters) {
                QVERIFY(parameter.changesLive && !parameter.help.empty());
                QVERIFY(parameter.minimum <= parameter.standard && parameter.standard <= parameter.maximum);
            }
    }

    void CropsHaveTheAskedAreasAndRatios() {
        const ImageShape shape{200, 100, 3};
        const PlaceSettings settings{.shift = 0, .smallestArea = 0.08, .narrowest = 0.75, .flip = 0.5};
        constexpr int kDraws = 20'000;
        double sumArea = 0, smallest = 1, largest = 0;
        int flips = 0, wide = 0;
        for (int i = 0; i < kDraws; ++i) {
            const Place place = drawPlace(settings, shape, i);
            QVERIFY(place.x >= 0 && place.y >= 0 && place.width >= 1 && place.height >= 1);
            QVERIFY(place.x + place.width <= shape.width && place.y + place.height <= shape.height);
            const double area = place.width * place.height / 20'000.0;
            const double ratio = (place.width / 100.0) / (place.height / 200.0);
            QVERIFY2(area > 0.075 && area <= 1, qPrintable(QString::number(area)));
            QVERIFY2(ratio > 0.72 && ratio < 1.39, qPrintable(QString::number(ratio)));
            sumArea += area;
            smallest = std::min(smallest, area);
            largest = std::max(largest, area);
            flips += place.flipped;
            wide += ratio > 1;
        }
        // torchvision draws again what does not fit, so large crops are rarer than uniform: the mean lies below 0.54.
        QVERIFY(sumArea / kDraws > 0.45 && sumArea / kDraws < 0.54);
        QVERIFY(smallest < 0.09 && largest > 0.97);
        QVERIFY(std::abs(flips - kDraws / 2) < 300);  // 4 standard deviations
        QVERIFY(std::abs(wide - kDraws / 2) < 500);
    }

    void CropsLieEverywhere() {
        const ImageShape shape{32, 32, 1};
        std::set<std::pair<int, int>> corners;
        for (int i = 0; i < 5'000; ++i) {
            const Place place = drawPlace({.smallestArea = 0.05}, shape, i);
            corners.insert({place.x * 3 / 32, place.y * 3 / 32});
        }
        QCOMPARE(corners.size(), std::size_t{9});
    }

    void ShiftsReachBothWaysAndNoFurther() {
        std::set<int> across, down;
        for (int i = 0; i < 2'000; ++i) {
            const Place place = drawPlace({.shift = 0.125}, {16, 32, 3}, i);
            across.insert(place.shiftX);
            down.insert(place.shiftY);
            QVERIFY(!place.flipped && place.width == 32 && place.height == 16);
        }
        QCOMPARE(across, (std::set<int>{-4, -3, -2, -1, 0, 1, 2, 3, 4}));
        QCOMPARE(down, (std::set<int>{-2, -1, 0, 1, 2}));
    }

    void PlacesAreSampledBilinearly() {
        const PlaceSettings settings{.shift = 0.2, .smallestArea = 0.1, .narrowest = 0.5, .flip = 0.5};
        for (const ImageShape& shape : kShapes) {
            const Bytes image = noiseImage(shape);
            for (int seed = 0; seed < 40; ++seed) {
                const Place place = drawPlace(settings, shape, seed);
                Bytes view(image.size());
                takePlace(image, shape, place, view);
                for (int y = 0; y < shape.height; ++y)
                    for (int x = 0; x < shape.width; ++x)
                        for (int c = 0; c < shape.channels; ++c) {
                            const double expected = sampled(image, shape, place, x, y, c);
                            const double got = view[(y * shape.width + x) * shape.channels + c];
                            // Weights in 1/256: either axis may miss by half of that, times 255.
                            QVERIFY2(std::abs(got - expected) < 2,
                                     qPrintable(QString("%1 for %2").arg(got).arg(expected)));
                        }
            }
        }
    }

    void AFlipIsExactAndTwoGiveTheImage() {
        for (const ImageShape& shape : kShapes) {
            const Bytes image = noiseImage(shape);
            const Bytes once = viewOf(image, shape, only({{"flip", 1}}), 5);
            QCOMPARE(once, mirroredImage(image, shape));
            QCOMPARE(viewOf(once, shape, only({{"flip", 1}}), 6), image);
        }
    }

    void AShiftMovesWholePixelsAndLetsBlackIn() {
        const ImageShape shape{3, 3, 1};
        const Bytes image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        Bytes view(9);
        takePlace(image, shape, {.shiftX = 1, .shiftY = -1, .x = 0, .y = 0, .width = 3, .height = 3}, view);
        QCOMPARE(view, (Bytes{0, 4, 5, 0, 7, 8, 0, 0, 0}));
    }

    void OneParameterChangesOnlyItsOwnPart() {
        const ImageShape shape{32, 32, 3};
        const Choice weak{"simclr_cifar", {}}, strong{"simclr_cifar", {{"brightness", 0.9}, {"blur", 1}}};
        const ViewSettings a = viewSettings(completed(augmentationCatalog()[2], weak.parameters));
        const ViewSettings b = viewSettings(completed(augmentationCatalog()[2], strong.parameters));
        for (int seed = 0; seed < 50; ++seed) {
            const Place one = drawPlace(a.place, shape, seed), other = drawPlace(b.place, shape, seed);
            QVERIFY(one.x == other.x && one.width == other.width && one.flipped == other.flipped);
            QCOMPARE(drawColouring(a.colour, seed).hue, drawColouring(b.colour, seed).hue);
            QCOMPARE(drawColouring(a.colour, seed).grey, drawColouring(b.colour, seed).grey);
        }
    }

    void TheSameSeedGivesTheSameViewOnEveryThread() {
        const ImageShape shape{32, 24, 3};
        const Bytes image = noiseImage(shape);
        const Augmenter augmenter({"simclr_imagenet", {{"solarise", 0.3}, {"shift", 0.1}}}, shape);
        const auto all = [&](std::vector<Bytes>& views) {
            for (int seed = 0; seed < 200; ++seed) augmenter.view(image, seed, views[seed]);
        };
        std::vector<Bytes> here(200, Bytes(image.size())), one = here, two = here;
        {
            std::jthread first([&] { all(one); });
            std::jthread second([&] { all(two); });
        }
        all(here);
        QCOMPARE(one, here);
        QCOMPARE(two, here);
        std::set<std::string> different;
        for (const Bytes& view : here) different.emplace(view.begin(), view.end());
        QVERIFY(different.size() > 195);
    }

    void ViewsAreTheSameOnEveryMachine() {
        // A change here breaks the reproduction of stored runs: FNV-1a over the views of all rows.
        const auto digest = [](const ImageShape& shape) {
            std::uint64_t hash = 0xCBF29CE484222325ULL;
            const Bytes image = noiseImage(shape);
            for (const CatalogEntry& row : augmentationCatalog())
                for (int seed = 0; seed < 100; ++seed)
                    for (const std::uint8_t byte : viewOf(image, shape, {row.id, {}}, seed))
                        hash = (hash ^ byte) * 0x100000001B3ULL;
            return QString::number(hash, 16);
        };
        QCOMPARE(digest({32, 32, 3}), QString("cefad56956d47b7"));
        QCOMPARE(digest({20, 28, 1}), QString("43ebb89867fd2813"));
    }

    void AugmentedViewsAreThoseOfTheAugmenter() {
        DataSet data;
        data.shape = {16, 16, 3};
        data.samples.resize(2);
        Bytes pixels = noiseImage({32, 16, 3});
        data.pixels = std::make_shared<const Bytes>(pixels);
        const Choice choice{"simclr_cifar", {}};
        const auto views = augmentedViews(data, 1, choice, 9, 4);
        QCOMPARE(views.size(), std::size_t{4});
        for (std::size_t i = 0; i < views.size(); ++i) {
            QVERIFY(views[i].shape == data.shape);
            const Bytes image(data.image(1).begin(), data.image(1).end());
            QCOMPARE(views[i].pixels, viewOf(image, data.shape, choice, viewSeed(9, 0, 1, i)));
        }
        QCOMPARE(augmentedViews(data, 1, choice, 9, 6)[2].pixels, views[2].pixels);
        QVERIFY(views[0].pixels != views[1].pixels);
    }

    void PortableFunctionsAreThoseOfMathematics() {
        for (double x = -30; x < 5; x += 0.37) QVERIFY(std::abs(portableExp(x) / std::exp(x) - 1) < 1e-13);
        for (double x = 0.02; x < 20; x *= 1.3) QVERIFY(std::abs(portableLog(x) - std::log(x)) < 1e-13);
        QCOMPARE(portableExp(-1e9), 0.0);
    }
};

QTEST_GUILESS_MAIN(AugmentTest)
#include "augment_test.moc"
