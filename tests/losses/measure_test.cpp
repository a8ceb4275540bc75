#include "engine/losses/measure.h"

#include "tests/support/batches.h"

#include <QTest>

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
        const torch::Tensor matrix = measured(one, measureOf(measure)).index({anchors, others});
        const torch::Tensor listed = measuredPairs(two, anchors, others, measureOf(measure));
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
    }
};

QTEST_APPLESS_MAIN(MeasureTest)
#include "measure_test.moc"
