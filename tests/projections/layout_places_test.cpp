#include "engine/layout_places.h"

#include "engine/map_task.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace embedscope;

namespace {

constexpr int kDimension = 5;

std::shared_ptr<const Layout> layoutOf(const std::function<void(std::span<const float>, float*)>& draw) {
    auto bank = std::make_shared<BankFrame>();
    bank->dimension = kDimension;
    bank->embeddings = RandomPoints(4).rows(200, kDimension);
    bank->computedAtStep.assign(200, 0);
    auto layout = std::make_shared<Layout>();
    layout->coordinates.resize(400);
    for (std::size_t i = 0; i < 200; ++i) draw(bank->row(i), layout->coordinates.data() + 2 * i);
    layout->bank = bank;
    return layout;
}

void linear(std::span<const float> row, float* place) {
    place[0] = 0.5F * row[0] - 2 * row[3] + 1;
    place[1] = row[1] + row[2] - 3;
}

}  // namespace

class LayoutPlacesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ALinearPictureIsFollowedBeyondItsSamples() {
        const std::vector<float> far = {10, 0, -7, 3, 20, 0, 0, 0, 0, 0};
        const std::vector<float> places = placesIn(*layoutOf(linear), far).coordinates;
        QCOMPARE(places.size(), 4U);
        for (std::size_t i = 0; i < 2; ++i) {
            float wanted[2];
            linear(std::span(far).subspan(i * kDimension, kDimension), wanted);
            QVERIFY(std::abs(places[2 * i] - wanted[0]) < 1e-2F);
            QVERIFY(std::abs(places[2 * i + 1] - wanted[1]) < 1e-2F);
        }
    }
    void InAnyOtherPictureAPointOnASampleIsDrawnOnIt() {
        const auto layout = layoutOf([](std::span<const float> row, float* place) {
            place[0] = std::sin(5 * row[0]) * row[1];
            place[1] = std::abs(row[2]);
        });
        const auto row = layout->bank->row(17);
        const std::vector<float> places = placesIn(*layout, row).coordinates;
        QVERIFY(std::abs(places[0] - layout->coordinates[34]) < 1e-3F);
        QVERIFY(std::abs(places[1] - layout->coordinates[35]) < 1e-3F);
    }
    void BetweenTwoIslandsAPointGoesToTheOneOfMostOfItsNeighbours() {
        // Two islands far apart on the map; the point's neighbours are of both, more of the first.
        auto bank = std::make_shared<BankFrame>();
        auto layout = std::make_shared<Layout>();
        bank->dimension = 2;
        RandomPoints random(6);
        for (int i = 0; i < 40; ++i) {
            const bool second = i % 4 == 3;
            bank->embeddings.insert(bank->embeddings.end(),
                                    {static_cast<float>(i % 8) * 0.3F, static_cast<float>(i / 8)});
            const float x = second ? 10.F : -10.F;
            layout->coordinates.insert(layout->coordinates.end(), {x + 0.2F * static_cast<float>(random.normal()),
                                                                   0.2F * static_cast<float>(random.normal())});
        }
        bank->computedAtStep.assign(40, 0);
        layout->bank = bank;
        const std::vector<float> places = placesIn(*layout, std::vector<float>{1.05F, 2.2F}).coordinates;
        QVERIFY2(std::abs(places[0] + 10) < 1 && std::abs(places[1]) < 1, std::to_string(places[0]).c_str());
    }
    void NewPointsKeepTheirNeighboursInAMapOfOthers() {
        for (const int dims : {2, 3}) {
            RandomPoints random(8);
            const std::vector<float> centres = random.rows(6, kDimension);
            const auto blobs = [&](std::size_t count) {
                std::vector<float> rows = random.rows(count, kDimension);
                for (std::size_t i = 0; i < rows.size(); ++i)
                    rows[i] = 0.3F * rows[i] + 3 * centres[i / kDimension % 6 * kDimension + i % kDimension];
                return rows;
            };
            const std::vector<float> known = blobs(600), added = blobs(60);
            const auto map = makeMap({known, kDimension, {}, {"tsne", {}}, dims});
            auto bank = std::make_shared<BankFrame>();
            bank->dimension = kDimension;
            bank->embeddings = known;
            bank->computedAtStep.assign(600, 0);
            Layout layout;
            layout.bank = bank;
            for (std::size_t i = 0; i < map->coordinates.size(); ++i)
                (i % static_cast<std::size_t>(dims) == 2 ? layout.depths : layout.coordinates)
                    .push_back(map->coordinates[i]);
            const Places places = placesIn(layout, added);
            QCOMPARE(places.depths.size(), dims == 3 ? 60U : 0U);
            int strangers = 0;
            for (std::size_t i = 0; i < 60; ++i) {
                double least = 1e30;
                std::size_t nearest = 0;
                for (std::size_t j = 0; j < 600; ++j) {
                    double squared = std::pow(places.coordinates[2 * i] - layout.coordinates[2 * j], 2) +
                                     std::pow(places.coordinates[2 * i + 1] - layout.coordinates[2 * j + 1], 2);
                    if (dims == 3) squared += std::pow(places.depths[i] - layout.depths[j], 2);
                    if (squared < least) nearest = j;
                    least = std::min(least, squared);
                }
                strangers += nearest % 6 != i % 6;
            }
            QVERIFY2(strangers <= 2, std::to_string(strangers).c_str());
        }
    }
};

QTEST_APPLESS_MAIN(LayoutPlacesTest)
#include "layout_places_test.moc"
