#include "engine/layout_places.h"

#include "tests/support/random_points.h"

#include <QTest>

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
        const std::vector<float> places = placesIn(*layoutOf(linear), far);
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
        const std::vector<float> places = placesIn(*layout, row);
        QVERIFY(std::abs(places[0] - layout->coordinates[34]) < 1e-3F);
        QVERIFY(std::abs(places[1] - layout->coordinates[35]) < 1e-3F);
    }
};

QTEST_APPLESS_MAIN(LayoutPlacesTest)
#include "layout_places_test.moc"
