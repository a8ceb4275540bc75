#include "engine/layout_alignment.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

using namespace embedscope;

namespace {

std::shared_ptr<const std::vector<std::int32_t>> samplesFrom(std::int32_t first, std::int32_t count) {
    auto samples = std::make_shared<std::vector<std::int32_t>>();
    for (std::int32_t i = 0; i < count; ++i) samples->push_back(first + i);
    return samples;
}

/// A cloud without any symmetry.
Layout cloud(std::int32_t count) {
    Layout layout;
    layout.samples = samplesFrom(0, count);
    layout.axisNames = {"PC 1", "PC 2"};
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    for (std::int32_t i = 0; i < count; ++i) {
        const float x = normal(random);
        layout.coordinates.insert(layout.coordinates.end(), {3 * x, 0.5F * x * x + normal(random) + 2});
    }
    return layout;
}

/// The same, with a third axis.
Layout spaceCloud(std::int32_t count) {
    Layout layout = cloud(count);
    layout.axisNames.push_back("PC 3");
    std::mt19937 random(8);
    std::exponential_distribution<float> depth;
    for (std::int32_t i = 0; i < count; ++i) layout.depths.push_back(depth(random));
    return layout;
}

/// Mirrored at the x axis if asked, turned, then moved.
Layout copyOf(const Layout& layout, double degrees, bool mirrored, float dx, float dy) {
    Layout copy = layout;
    const double angle = degrees * std::numbers::pi / 180;
    for (std::size_t i = 0; i < copy.coordinates.size(); i += 2) {
        const double x = layout.coordinates[i], y = (mirrored ? -1 : 1) * layout.coordinates[i + 1];
        copy.coordinates[i] = static_cast<float>(std::cos(angle) * x - std::sin(angle) * y) + dx;
        copy.coordinates[i + 1] = static_cast<float>(std::sin(angle) * x + std::cos(angle) * y) + dy;
    }
    return copy;
}

/// Largest distance of a coordinate between two layouts of the same samples.
double largestError(const Layout& one, const Layout& other) {
    double error = 0;
    for (std::size_t i = 0; i < one.coordinates.size(); ++i)
        error = std::max<double>(error, std::abs(one.coordinates[i] - other.coordinates[i]));
    return error;
}

}  // namespace

class LayoutAlignmentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ATurnedAndMirroredCopyLandsOnTheOriginal_data() {
        QTest::addColumn<double>("degrees");
        QTest::addColumn<bool>("mirrored");
        for (const double degrees : {0.0, 37.0, 90.0, 180.0, -120.0})
            for (const bool mirrored : {false, true})
                QTest::addRow("%g%s", degrees, mirrored ? " mirrored" : "") << degrees << mirrored;
    }

    void ATurnedAndMirroredCopyLandsOnTheOriginal() {
        QFETCH(double, degrees);
        QFETCH(bool, mirrored);
        const Layout original = cloud(200);
        const Layout copy = copyOf(original, degrees, mirrored, 5, -3);
        QVERIFY(largestError(original, copy) > 1);
        const RigidMotion motion = motionOnto(original, copy);
        QCOMPARE(motion.mirrored, mirrored);
        QCOMPARE(motion.shared, std::size_t{200});
        QVERIFY(largestError(original, *moved(copy, motion)) < 1e-4);
    }

    void InSpaceATurnedAndMirroredCopyLandsOnTheOriginal_data() {
        QTest::addColumn<bool>("mirrored");
        QTest::addRow("turned") << false;
        QTest::addRow("mirrored") << true;
    }

    void InSpaceATurnedAndMirroredCopyLandsOnTheOriginal() {
        QFETCH(bool, mirrored);
        const Layout original = spaceCloud(200);
        Layout copy = original;
        const double c = std::cos(0.7), s = std::sin(0.7);
        for (std::size_t row = 0; row < 200; ++row) {  // around z, then around x, then away
            const double x = original.coordinates[2 * row], y = original.coordinates[2 * row + 1];
            const double z = (mirrored ? -1 : 1) * original.depths[row], around = s * x + c * y;
            copy.coordinates[2 * row] = static_cast<float>(c * x - s * y + 4);
            copy.coordinates[2 * row + 1] = static_cast<float>(c * around - s * z - 1);
            copy.depths[row] = static_cast<float>(s * around + c * z + 2);
        }
        QVERIFY(largestError(original, copy) > 1);
        const RigidMotion motion = motionOnto(original, copy);
        QCOMPARE(motion.mirrored, mirrored);
        const auto back = moved(copy, motion);
        QVERIFY(largestError(original, *back) < 1e-4);
        for (std::size_t row = 0; row < 200; ++row) QVERIFY(std::abs(back->depths[row] - original.depths[row]) < 1e-4);
        QCOMPARE(back->axisNames[2], std::string(mirrored ? "PC 3, mirrored and turned" : "PC 3, turned"));
        QCOMPARE(moved(original, motionOnto(original, original))->axisNames, original.axisNames);
    }

    void APlaneAndSpaceStayWhereTheyAre() {
        const Layout plane = cloud(50), space = spaceCloud(50);
        QCOMPARE(moved(space, motionOnto(plane, space))->coordinates, space.coordinates);
        QCOMPARE(moved(plane, motionOnto(space, plane))->coordinates, plane.coordinates);
    }

    void OnlySharedSamplesCount() {
        const Layout original = cloud(100);
        Layout copy = copyOf(original, 50, false, 1, 1);
        copy.samples = samplesFrom(60, 100);  // of these, 60..99 are in the original, there in rows 60..99
        std::rotate(copy.coordinates.begin(), copy.coordinates.begin() + 2 * 60, copy.coordinates.end());
        const RigidMotion motion = motionOnto(original, copy);
        QCOMPARE(motion.shared, std::size_t{40});
        const auto turned = moved(copy, motion);
        for (std::size_t i = 0; i < 80; ++i)
            QVERIFY(std::abs(turned->coordinates[i] - original.coordinates[2 * 60 + i]) < 1e-4);
    }

    void LengthsStay() {
        const Layout original = cloud(50);
        Layout wide = copyOf(original, 20, false, 0, 0);
        for (float& value : wide.coordinates) value *= 4;
        const auto turned = moved(wide, motionOnto(original, wide));
        const auto distance = [](const Layout& layout) {
            return std::hypot(layout.coordinates[0] - layout.coordinates[2],
                              layout.coordinates[1] - layout.coordinates[3]);
        };
        QVERIFY(std::abs(distance(*turned) - distance(wide)) < 1e-4);
    }

    void TheHandIsKeptWhileItFitsNearlyAsWell() {
        // On a line both hands fit equally well.
        Layout line;
        line.samples = samplesFrom(0, 10);
        for (int i = 0; i < 10; ++i) line.coordinates.insert(line.coordinates.end(), {static_cast<float>(i), 0});
        RigidMotion before;
        QVERIFY(!motionOnto(line, line, &before).mirrored);
        before.mirrored = true;
        QVERIFY(motionOnto(line, line, &before).mirrored);
        // And given up where it does not.
        const Layout original = cloud(100);
        QVERIFY(!motionOnto(original, copyOf(original, 10, false, 0, 0), &before).mirrored);
    }

    void AxesSayHowTheyWereTurned() {
        const Layout original = cloud(100);
        QCOMPARE(moved(original, motionOnto(original, original))->axisNames, original.axisNames);
        const Layout copy = copyOf(original, -40, false, 0, 0);
        QCOMPARE(moved(copy, motionOnto(original, copy))->axisNames[0], std::string("PC 1, turned by 40°"));
    }

    void WithoutSharedSamplesNothingMoves() {
        const Layout original = cloud(20);
        Layout other = copyOf(original, 30, true, 1, 2);
        other.samples = samplesFrom(500, 20);
        QVERIFY(largestError(other, *moved(other, motionOnto(original, other))) == 0);
    }
};

QTEST_GUILESS_MAIN(LayoutAlignmentTest)
#include "layout_alignment_test.moc"
