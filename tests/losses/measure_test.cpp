#include "engine/losses/measure.h"

#include "engine/used_parameters.h"
#include "tests/support/batches.h"

#include <QTest>

#include <cmath>

using namespace embedscope;

class MeasureTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EveryMeasureOfListedPairsIsItsMatrixs_data() {
        QTest::addColumn<int>("measure");
        const Parameter parameter = measureParameter(Measure::Cosine);
        for (std::size_t i = 0; i < parameter.options.size(); ++i)
            QTest::newRow(parameter.options[i].c_str()) << static_cast<int>(i);
    }
    /// Values and gradients, rows of no length and identical rows included.
    void EveryMeasureOfListedPairsIsItsMatrixs() {
        QFETCH(int, measure);
        torch::Tensor rows = seededBatch(9, 6, 3, 5).embeddings.detach().clone();
        rows[4] = rows[3];
        rows[8].zero_();
        const torch::Tensor anchors = torch::arange(9), others = torch::arange(9).flip(0) % 8;
        const torch::Tensor one = rows.clone().requires_grad_(true), two = rows.clone().requires_grad_(true);
        const torch::Tensor matrix = measured(one, {static_cast<Measure>(measure), 2.5}).index({anchors, others});
        const torch::Tensor listed = measuredPairs(two, anchors, others, {static_cast<Measure>(measure), 2.5});
        QVERIFY((matrix - listed).abs().max().item<double>() < 1e-10);
        (matrix * torch::arange(9)).sum().backward();
        (listed * torch::arange(9)).sum().backward();
        QVERIFY(one.grad().isfinite().all().item<bool>());
        QVERIFY(two.grad().isfinite().all().item<bool>());
        // Normalising a row of no length multiplies its gradient by 1e12, and the rounding too: relative, row by row.
        const torch::Tensor allowed = 1e-9 * (1 + std::get<0>(one.grad().abs().max(1, true)));
        QVERIFY(((one.grad() - two.grad()).abs() <= allowed).all().item<bool>());
    }
    void LargestAndManhattanAreWhatTheySay() {
        const torch::Tensor rows = torch::tensor({{0.0, 0.0, 0.0}, {1.0, -2.0, 0.5}}, torch::kFloat64);
        QCOMPARE(measured(rows, Measure::Manhattan)[0][1].item<double>(), 3.5);
        QCOMPARE(measured(rows, Measure::Largest)[1][0].item<double>(), 2.0);
        const double cubes = measured(rows, {Measure::Power, 3})[0][1].item<double>();
        QVERIFY(std::abs(cubes - std::cbrt(1 + 8 + 0.125)) < 1e-12);
        const torch::Tensor euclidean = measured(rows, Measure::NormalizedEuclidean);
        QVERIFY(torch::allclose(measured(rows, {Measure::NormalizedPower, 2}), euclidean, 0, 1e-12));
    }
    void OnlyLpReadsAnExponent() {
        const auto at = [](Measure measure, std::string_view id) {
            return isRead({{"distance", static_cast<double>(measure)}, {"exponent", 3}}, id);
        };
        QVERIFY(at(Measure::Power, "exponent"));
        QVERIFY(at(Measure::NormalizedPower, "exponent"));
        QVERIFY(!at(Measure::Largest, "exponent"));
        QVERIFY(at(Measure::Largest, "distance"));
        QVERIFY(isRead({{"margin", 1}}, "margin"));
    }
};

QTEST_APPLESS_MAIN(MeasureTest)
#include "measure_test.moc"
