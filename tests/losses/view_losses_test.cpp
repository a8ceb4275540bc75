// BYOL, SimSiam and decoupled contrastive on views against their formulas written out with loops.
#include "engine/losses/distances.h"
#include "engine/losses/view_predictor.h"
#include "tests/support/batches.h"

#include <ATen/Functions.h>

#include <QTest>

#include <cmath>
#include <numbers>

using namespace embedscope;

namespace {

constexpr int kDimension = 6;

std::unique_ptr<Loss> inDouble(const Choice& choice) {
    auto loss = makeViewLoss(choice, {.dimension = kDimension});
    for (torch::Tensor weight : loss->weights()) weight.set_data(weight.to(torch::kFloat64));
    return loss;
}

torch::Tensor seeded(at::IntArrayRef shape, std::uint64_t seed) {
    at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    return torch::randn(shape, generator, torch::kFloat64);
}

using Matrix = std::vector<std::vector<double>>;

Matrix matrixOf(const torch::Tensor& rows) {
    Matrix matrix;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        matrix.emplace_back();
        for (std::int64_t k = 0; k < rows.size(1); ++k) matrix.back().push_back(rows.index({i, k}).item<double>());
    }
    return matrix;
}

/// W x + b of every row.
Matrix linear(const Matrix& rows, const torch::Tensor& weight, const torch::Tensor& bias) {
    const Matrix w = matrixOf(weight);
    Matrix out;
    for (const auto& row : rows) {
        out.emplace_back();
        for (std::size_t o = 0; o < w.size(); ++o) {
            double sum = bias.index({static_cast<std::int64_t>(o)}).item<double>();
            for (std::size_t k = 0; k < row.size(); ++k) sum += w[o][k] * row[k];
            out.back().push_back(sum);
        }
    }
    return out;
}

/// BatchNorm with scale 1 and shift 0, as it begins, then ReLU.
void standardizeAndCut(Matrix& rows) {
    for (std::size_t k = 0; k < rows.front().size(); ++k) {
        double mean = 0, variance = 0;
        for (const auto& row : rows) mean += row[k] / static_cast<double>(rows.size());
        for (const auto& row : rows) variance += (row[k] - mean) * (row[k] - mean) / static_cast<double>(rows.size());
        for (auto& row : rows) row[k] = std::max(0.0, (row[k] - mean) / std::sqrt(variance + 1e-5));
    }
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
    double dot = 0, aa = 0, bb = 0;
    for (std::size_t k = 0; k < a.size(); ++k) dot += a[k] * b[k], aa += a[k] * a[k], bb += b[k] * b[k];
    return dot / std::sqrt(aa * bb);
}

/// The predictor's rows, with the weights of `loss` and their order: linear, BatchNorm, linear.
Matrix predictions(Loss& loss, const torch::Tensor& rows) {
    const std::vector<torch::Tensor> weights = loss.weights();
    if (weights.size() != 6) qFatal("The predictor is another one.");
    Matrix hidden = linear(matrixOf(rows), weights[0], weights[1]);
    standardizeAndCut(hidden);
    return linear(hidden, weights[4], weights[5]);
}

bool near(double a, double b, double tolerance = 1e-9) {
    return std::abs(a - b) <= tolerance * (1 + std::abs(b));
}

}  // namespace

class ViewLossesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void SimSiamIsHalfTheNegativeCosineOfBothDirections() {
        const auto loss = inDouble({"simsiam", {{"hidden", 4}}});
        const torch::Tensor z = seeded({10, kDimension}, 3);
        const Matrix p = predictions(*loss, z), target = matrixOf(z);
        double expected = 0;
        for (int i = 0; i < 5; ++i)
            expected += (-cosine(p[i], target[i + 5]) / 2 - cosine(p[i + 5], target[i]) / 2) / 5;
        QVERIFY(near(loss->evaluate(z, {}, {}).loss.item<double>(), expected));
    }

    void ByolIsTheSquaredDistanceToTheFollowersUnitVectors() {
        const auto loss = inDouble({"byol", {{"hidden", 8}}});
        const torch::Tensor z = seeded({10, kDimension}, 4), followed = seeded({10, kDimension}, 5);
        const Matrix p = predictions(*loss, z), target = matrixOf(followed);
        const auto square = [&](int i, int j) {
            double sum = 0, pp = 0, tt = 0;
            for (int k = 0; k < kDimension; ++k) pp += p[i][k] * p[i][k], tt += target[j][k] * target[j][k];
            for (int k = 0; k < kDimension; ++k) {
                const double off = p[i][k] / std::sqrt(pp) - target[j][k] / std::sqrt(tt);
                sum += off * off;
            }
            return sum;
        };
        double expected = 0;
        for (int i = 0; i < 5; ++i) expected += (square(i, i + 5) + square(i + 5, i)) / 5;
        auto& byol = dynamic_cast<FollowedLoss&>(*loss);
        QVERIFY(near(byol.evaluateAgainst(z, followed).loss.item<double>(), expected));
    }

    void DecoupledViewsLeaveTheirOwnImageOutOfTheNegatives() {
        const auto loss = inDouble({"dcl_views", {{"temperature", 0.3}}});
        const torch::Tensor z = seeded({8, kDimension}, 6);
        const Matrix rows = matrixOf(z);
        double expected = 0;
        for (int i = 0; i < 8; ++i) {
            double negatives = 0;
            for (int k = 0; k < 8; ++k)
                if (k % 4 != i % 4) negatives += std::exp(cosine(rows[i], rows[k]) / 0.3);
            expected += (-cosine(rows[i], rows[(i + 4) % 8]) / 0.3 + std::log(negatives)) / 8;
        }
        QVERIFY(near(loss->evaluate(z, {}, {}).loss.item<double>(), expected));
    }

    void MocoAsksTheQueueForItsNegatives() {
        const auto loss = inDouble({"moco", {{"temperature", 0.3}, {"size", 16}}});
        auto& moco = dynamic_cast<FollowedLoss&>(*loss);
        const torch::Tensor z = seeded({10, kDimension}, 10), followed = seeded({10, kDimension}, 11);
        const auto expected = [](const Matrix& asking, const Matrix& keys, const Matrix& queue) {
            double sum = 0;
            for (int i = 0; i < 10; ++i) {
                const double own = std::exp(cosine(asking[i], keys[(i + 5) % 10]) / 0.3);
                double all = own;
                for (const auto& key : queue) all += std::exp(cosine(asking[i], key) / 0.3);
                sum += -std::log(own / all) / 10;
            }
            return sum;
        };
        const Matrix before = matrixOf(moco.memory().front().to(torch::kFloat64));
        QCOMPARE(before.size(), 16U);
        QVERIFY(near(moco.evaluateAgainst(z, followed).loss.item<double>(),
                     expected(matrixOf(z), matrixOf(followed), before), 1e-6));
        // Now the ten keys of this step push, and the six newest of those before.
        Matrix queue = matrixOf(followed);
        queue.insert(queue.end(), before.begin(), before.begin() + 6);
        const torch::Tensor next = seeded({10, kDimension}, 12);
        QVERIFY(near(moco.evaluateAgainst(next, next).loss.item<double>(),
                     expected(matrixOf(next), matrixOf(next), queue), 1e-6));
    }

    void MocosGradientAgreesWithFiniteDifferences() {
        const torch::Tensor z = seeded({10, kDimension}, 13), direction = seeded({10, kDimension}, 14);
        const torch::Tensor targets = seeded({10, kDimension}, 15).requires_grad_(true);
        const auto at = [&](const torch::Tensor& rows) {
            const auto loss = inDouble({"moco", {{"size", 32}}});
            return dynamic_cast<FollowedLoss&>(*loss).evaluateAgainst(rows, targets).loss;
        };
        const torch::Tensor rows = z.clone().requires_grad_(true);
        at(rows).backward();
        const double expected =
            (at(z + 1e-6 * direction).item<double>() - at(z - 1e-6 * direction).item<double>()) / 2e-6;
        QVERIFY(near((rows.grad() * direction).sum().item<double>(), expected, 1e-6));
        QVERIFY(!targets.grad().defined());
    }

    void GradientsOfPredictorsAgreeWithFiniteDifferences() {
        const torch::Tensor z = seeded({12, kDimension}, 7), targets = seeded({12, kDimension}, 8);
        for (const char* id : {"byol", "simsiam"}) {
            const auto loss = inDouble({id, {}});
            const auto& predicted = dynamic_cast<PredictorLoss&>(*loss);
            std::vector<torch::Tensor> moved = loss->weights();
            const torch::Tensor rows = z.clone().requires_grad_(true);
            moved.push_back(rows);
            predicted.compared(rows, targets).loss.backward();
            for (std::size_t i = 0; i < moved.size(); ++i) {
                const torch::Tensor direction = seeded(moved[i].sizes(), 20 + i);
                const auto at = [&](double step) {
                    const at::NoGradGuard noGradient;
                    torch::Tensor(moved[i]).add_(direction, step);
                    const double value = predicted.compared(rows, targets).loss.item<double>();
                    torch::Tensor(moved[i]).sub_(direction, step);
                    return value;
                };
                const double expected = (at(1e-6) - at(-1e-6)) / 2e-6;
                const double actual = (moved[i].grad() * direction).sum().item<double>();
                QVERIFY2(near(actual, expected, 1e-6),
                         qPrintable(QString("%1, tensor %2: %3 and %4").arg(id).arg(i).arg(actual).arg(expected)));
            }
        }
    }

    void NoGradientFlowsThroughTheTargets() {
        const torch::Tensor z = seeded({12, kDimension}, 9);
        for (const char* id : {"byol", "simsiam"}) {
            const auto loss = inDouble({id, {}});
            const auto& predicted = dynamic_cast<PredictorLoss&>(*loss);
            const torch::Tensor targets = z.clone().requires_grad_(true), rows = z.clone().requires_grad_(true);
            predicted.compared(rows, targets).loss.backward();
            QVERIFY(!targets.grad().defined());
            // As its own target a row has the very same gradient: what it is compared with stands still.
            const torch::Tensor both = z.clone().requires_grad_(true);
            loss->evaluate(both, {}, {}).loss.backward();
            QVERIFY(torch::equal(both.grad(), rows.grad()));
        }
    }

    void MomentumGrowsToOneByACosine() {
        const auto loss = inDouble({"byol", {}});
        const auto& byol = dynamic_cast<Byol&>(*loss);
        QCOMPARE(byol.momentum(0), 0.99);
        QVERIFY(near(byol.momentum(0.25), 1 - 0.01 * (std::cos(std::numbers::pi / 4) + 1) / 2, 1e-12));
        QVERIFY(near(byol.momentum(0.5), 0.995, 1e-12));
        QCOMPARE(byol.momentum(1), 1.0);
    }

    void TheSmallestBatchesAreFinite() {
        for (const CatalogEntry& entry : viewLossCatalog())
            for (const torch::Tensor& values :
                 {torch::zeros({2, kDimension}), torch::ones({2, kDimension}), torch::eye(kDimension).slice(0, 0, 4),
                  torch::eye(2, kDimension).repeat({2, 1})}) {
                const auto loss = makeViewLoss({entry.id, {}}, {.dimension = kDimension});
                const torch::Tensor rows = values.clone().requires_grad_(true);
                const torch::Tensor value = loss->evaluate(rows, {}, {}).loss;
                value.backward();
                QVERIFY2(value.isfinite().item<bool>(), entry.id.c_str());
                QVERIFY2(std::abs(value.item<double>()) < 1e4, entry.id.c_str());
                QVERIFY2(rows.grad().isfinite().all().item<bool>(), entry.id.c_str());
            }
    }
};

QTEST_GUILESS_MAIN(ViewLossesTest)
#include "view_losses_test.moc"
