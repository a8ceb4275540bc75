#include "engine/losses/matrix_product.h"

#include "tests/support/batches.h"

#include <ATen/Functions.h>

#include <QTest>

using namespace embedscope;

namespace {

torch::Tensor drawn(std::int64_t rows, std::int64_t columns, torch::ScalarType type) {
    return seededBatch(rows, columns, 1, static_cast<std::uint64_t>(rows + columns), type).embeddings.detach();
}

double largestDifference(const torch::Tensor& a, const torch::Tensor& b) {
    return (a.to(torch::kDouble) - b.to(torch::kDouble)).abs().max().item<double>();
}

}  // namespace

class MatrixProductTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void productOfAnyShapeIsTorchs_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("depth");
        QTest::addColumn<int>("columns");
        QTest::newRow("one number") << 1 << 1 << 1;
        QTest::newRow("less than a tile") << 5 << 3 << 15;
        QTest::newRow("a whole tile") << 6 << 16 << 16;
        QTest::newRow("beyond a tile") << 7 << 64 << 17;
        QTest::newRow("beyond a block of depth") << 13 << 600 << 40;
    }
    void productOfAnyShapeIsTorchs() {
        QFETCH(int, rows);
        QFETCH(int, depth);
        QFETCH(int, columns);
        for (const auto type : {torch::kFloat32, torch::kFloat64}) {
            const torch::Tensor a = drawn(rows, depth, type), b = drawn(depth, columns, type);
            const torch::Tensor exact = a.to(torch::kDouble).matmul(b.to(torch::kDouble));
            const double tolerance = (type == torch::kFloat32 ? 1e-6 : 1e-14) * depth * 20;
            QVERIFY(largestDifference(product(a, b), exact) < tolerance);
            QVERIFY(largestDifference(product(b.t(), a.t()), exact.t()) < tolerance);
        }
    }
    void productOfRowsWithThemselvesIsSymmetricToTheBit() {
        for (const auto type : {torch::kFloat32, torch::kFloat64}) {
            const torch::Tensor all = rowProducts(drawn(101, 300, type));
            QVERIFY(all.equal(all.t()));
        }
    }
    void gradientsAreTorchs() {
        const torch::Tensor a = drawn(9, 5, torch::kFloat64).requires_grad_(true);
        const torch::Tensor b = drawn(21, 5, torch::kFloat64).requires_grad_(true);
        const torch::Tensor weights = drawn(9, 21, torch::kFloat64), own = drawn(9, 9, torch::kFloat64);
        ((rowProducts(a, b) * weights).sum() + (rowProducts(a) * own).sum()).backward();
        const torch::Tensor ofA = a.grad().clone(), ofB = b.grad().clone();
        a.mutable_grad().zero_();
        b.mutable_grad().zero_();
        ((a.matmul(b.t()) * weights).sum() + (a.matmul(a.t()) * own).sum()).backward();
        QVERIFY(largestDifference(ofA, a.grad()) < 1e-12);
        QVERIFY(largestDifference(ofB, b.grad()) < 1e-12);
    }
    void transposedIsAddedBeyondBlocks() {
        const torch::Tensor matrix = drawn(70, 70, torch::kFloat32);
        QVERIFY(plusTransposed(matrix).equal(matrix + matrix.t()));
        QVERIFY(plusTransposed(matrix.t()).equal(matrix + matrix.t()));
    }
};

QTEST_APPLESS_MAIN(MatrixProductTest)
#include "matrix_product_test.moc"
