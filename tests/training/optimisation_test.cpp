// Optimisers against literal transcriptions of their papers, schedules, clipping, the average of the weights.

#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"
#include "engine/training/weight_average.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/types.h>

#include <QTest>

#include <cmath>
#include <functional>

using namespace embedscope;

namespace {

constexpr double kRate = 0.05;
constexpr int kSteps = 5;

using Numbers = std::vector<double>;

/// A matrix of 6 and a bias of 4: what an optimiser may treat differently.
struct Weights {
    Numbers matrix, bias;
};

Numbers drawn(int count, std::uint64_t seed) {
    const at::Generator generator = at::detail::createCPUGenerator(seed);
    const torch::Tensor values = torch::randn({count}, generator, torch::kDouble);
    return {values.data_ptr<double>(), values.data_ptr<double>() + count};
}

Numbers gradientOf(int count, int step) {
    return drawn(count, 100 + static_cast<std::uint64_t>(step));
}

torch::Tensor tensorOf(const Numbers& values, at::IntArrayRef shape) {
    return torch::tensor(values, torch::kDouble).reshape(shape);
}

Numbers numbersOf(const torch::Tensor& tensor) {
    const torch::Tensor flat = tensor.detach().contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

/// The weights after some steps of the program's optimiser.
Weights moved(const Choice& choice, Update update) {
    const torch::Tensor matrix = tensorOf(drawn(6, 1), {2, 3}).set_requires_grad(true);
    const torch::Tensor bias = tensorOf(drawn(4, 2), {4}).set_requires_grad(true);
    const auto optimizer = makeOptimizer(choice, {{{matrix, bias}, false}}, update);
    for (int step = 0; step < kSteps; ++step) {
        matrix.mutable_grad() = tensorOf(gradientOf(6, step), {2, 3});
        bias.mutable_grad() = tensorOf(gradientOf(4, step), {4});
        optimizer->step(kRate);
    }
    return {numbersOf(matrix), numbersOf(bias)};
}

using Formula = std::function<void(Numbers& weight, const Numbers& gradient, Numbers& first, Numbers& second, int step,
                                   bool isMatrix)>;

/// The same by a formula with two numbers of state a weight.
Weights transcribed(const Formula& formula) {
    Weights weights{drawn(6, 1), drawn(4, 2)};
    for (Numbers* weight : {&weights.matrix, &weights.bias}) {
        const int count = static_cast<int>(weight->size());
        Numbers first(weight->size(), 0.0), second(weight->size(), 0.0);
        for (int step = 0; step < kSteps; ++step)
            formula(*weight, gradientOf(count, step), first, second, step + 1, weight == &weights.matrix);
    }
    return weights;
}

double norm(const Numbers& values) {
    double sum = 0;
    for (const double value : values) sum += value * value;
    return std::sqrt(sum);
}

void compare(const Numbers& found, const Numbers& wanted) {
    QCOMPARE(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) QVERIFY(std::abs(found[i] - wanted[i]) < 1e-12);
}

void matches(const Choice& choice, const Formula& formula) {
    const Weights wanted = transcribed(formula);
    for (const Update update : {Update::Fused, Update::Tensors}) {
        const Weights found = moved(choice, update);
        compare(found.matrix, wanted.matrix);
        compare(found.bias, wanted.bias);
    }
}

double factorAt(const Choice& choice, std::int64_t step, int epochs = 10) {
    return scheduleFactor(choice, {step, 4, epochs});
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-12;
}

}  // namespace

class OptimisationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void AdamFollowsItsPaper() {
        matches({"adam", {{"weight_decay", 0.1}, {"beta1", 0.8}, {"beta2", 0.95}}},
                [](Numbers& w, const Numbers& g, Numbers& m, Numbers& v, int t, bool) {
                    for (std::size_t i = 0; i < w.size(); ++i) {
                        const double slope = g[i] + 0.1 * w[i];
                        m[i] = 0.8 * m[i] + 0.2 * slope;
                        v[i] = 0.95 * v[i] + 0.05 * slope * slope;
                        const double mHat = m[i] / (1 - std::pow(0.8, t)), vHat = v[i] / (1 - std::pow(0.95, t));
                        w[i] -= kRate * mHat / (std::sqrt(vHat) + 1e-8);
                    }
                });
    }

    void AdamWDecaysApartFromTheGradient() {
        matches({"adamw", {{"weight_decay", 0.1}}},
                [](Numbers& w, const Numbers& g, Numbers& m, Numbers& v, int t, bool) {
                    for (std::size_t i = 0; i < w.size(); ++i) {
                        m[i] = 0.9 * m[i] + 0.1 * g[i];
                        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
                        const double mHat = m[i] / (1 - std::pow(0.9, t)), vHat = v[i] / (1 - std::pow(0.999, t));
                        w[i] = w[i] - kRate * 0.1 * w[i] - kRate * mHat / (std::sqrt(vHat) + 1e-8);
                    }
                });
    }

    void SgdFollowsItsPaper() {
        matches({"sgd", {{"momentum", 0.7}, {"weight_decay", 0.2}}},
                [](Numbers& w, const Numbers& g, Numbers& v, Numbers&, int, bool) {
                    for (std::size_t i = 0; i < w.size(); ++i) {
                        v[i] = 0.7 * v[i] + g[i] + 0.2 * w[i];
                        w[i] -= kRate * v[i];
                    }
                });
    }

    /// Algorithm 1 of the paper; a bias is left to plain SGD.
    void LarsAdaptsMatricesAlone() {
        matches({"lars", {{"momentum", 0.9}, {"weight_decay", 0.3}, {"trust", 0.02}}},
                [](Numbers& w, const Numbers& g, Numbers& v, Numbers&, int, bool isMatrix) {
                    const double decay = isMatrix ? 0.3 : 0;
                    const double local = isMatrix ? 0.02 * norm(w) / (norm(g) + decay * norm(w)) : 1;
                    for (std::size_t i = 0; i < w.size(); ++i) {
                        v[i] = 0.9 * v[i] + kRate * local * (g[i] + decay * w[i]);
                        w[i] -= v[i];
                    }
                });
    }

    void LarsMovesFromZeroWeights() {
        const torch::Tensor weight = torch::zeros({2, 2}).set_requires_grad(true);
        const auto optimizer = makeOptimizer({"lars", {}}, {{{weight}, false}});
        weight.mutable_grad() = torch::ones({2, 2});
        optimizer->step(0.5);
        QVERIFY(torch::allclose(weight.detach(), torch::full({2, 2}, -0.5F)));
    }

    /// Layouts, sizes above a slice, and weights without a gradient, against the tensor operations.
    void OnePassEqualsTensorOperations_data() {
        QTest::addColumn<QString>("id");
        for (const CatalogEntry& entry : optimizerCatalog())
            QTest::newRow(entry.id.c_str()) << QString::fromStdString(entry.id);
    }
    void OnePassEqualsTensorOperations() {
        QFETCH(QString, id);
        std::vector<std::vector<torch::Tensor>> results;
        for (const Update update : {Update::Fused, Update::Tensors}) {
            const at::Generator generator = at::detail::createCPUGenerator(5);
            std::vector<torch::Tensor> weights = {
                torch::randn({40, 60, 3, 3}, generator).contiguous(at::MemoryFormat::ChannelsLast),
                torch::randn({7}, generator), torch::randn({30, 20}, generator).t(), torch::randn({3, 3}, generator)};
            for (torch::Tensor& weight : weights) weight.set_requires_grad(true);
            const auto optimizer =
                makeOptimizer({id.toStdString(), {{"weight_decay", 0.01}}}, {{weights, false}}, update);
            for (int step = 0; step < 3; ++step) {
                for (std::size_t i = 0; i + 1 < weights.size(); ++i)
                    weights[i].mutable_grad() =
                        torch::randn(weights[i].sizes(), generator);  // contiguous, not its layout
                optimizer->step(0.01);
            }
            results.push_back(weights);
        }
        for (std::size_t i = 0; i < results[0].size(); ++i)
            QVERIFY(torch::allclose(results[0][i].detach(), results[1][i].detach(), 1e-5, 1e-6));
    }

    void ClippingShortensLongGradientsAlone() {
        const torch::Tensor a = torch::zeros({2}).set_requires_grad(true),
                            b = torch::zeros({1}).set_requires_grad(true);
        const std::vector<WeightGroup> groups = {{{a}, false}, {{b}, true}};
        const auto clippedNorm = [&](double limit) {
            a.mutable_grad() = torch::tensor({3.0F, 0.0F});
            b.mutable_grad() = torch::tensor({4.0F});
            clipGradients(groups, gradientNorm(groups).item<double>(), limit);
            return gradientNorm(groups).item<float>();
        };
        QCOMPARE(clippedNorm(0), 5.0F);
        QCOMPARE(clippedNorm(6), 5.0F);
        QCOMPARE(clippedNorm(2), 2.0F);
        QVERIFY(torch::allclose(a.grad(), torch::tensor({1.2F, 0.0F})));
    }

    void ConstantStaysOne() {
        for (const std::int64_t step : {0, 17, 39}) QCOMPARE(factorAt({"constant", {}}, step), 1.0);
    }

    /// 10 epochs of 4 steps, 2 of warm-up: 8 steps up, 32 down.
    void WarmUpRisesAndTheRestFalls() {
        const ParameterValues values{{"warm_up", 2}, {"final_share", 0.1}};
        for (const char* id : {"cosine", "linear"}) {
            QVERIFY(near(factorAt({id, values}, 0), 1.0 / 8));
            QVERIFY(near(factorAt({id, values}, 7), 1));
            QVERIFY(near(factorAt({id, values}, 8), 1));
            QVERIFY(near(factorAt({id, values}, 24), 0.55));
            QVERIFY(near(factorAt({id, values}, 40), 0.1));
        }
        QVERIFY(near(factorAt({"cosine", values}, 16), 0.1 + 0.9 * (1 + std::cos(std::acos(-1.0) / 4)) / 2));
        QVERIFY(near(factorAt({"linear", values}, 16), 0.1 + 0.9 * 0.75));
    }

    void AWarmUpOfTheWholeRunOnlyRises() {
        const Choice choice{"cosine", {{"warm_up", 10}}};
        QVERIFY(near(factorAt(choice, 39), 1));
        QVERIFY(near(factorAt(choice, 19), 0.5));
    }

    void StairsFallEverySoManyEpochs() {
        const Choice choice{"step", {{"every", 3}, {"factor", 0.5}}};
        QCOMPARE(factorAt(choice, 11), 1.0);
        QCOMPARE(factorAt(choice, 12), 0.5);
        QCOMPARE(factorAt(choice, 39), 0.125);
    }

    void UnknownSchedulesAreRefused() {
        QVERIFY_EXCEPTION_THROWN(factorAt({"cosin", {}}, 0), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(factorAt({"cosine", {{"warmup", 1}}}, 0), std::invalid_argument);
    }

    /// Weights of several slices, moved side by side.
    void TheSameBitsOnAnyNumberOfThreads() {
        const int before = at::get_num_threads();
        for (const CatalogEntry& entry : optimizerCatalog()) {
            std::vector<torch::Tensor> results;
            for (const int threads : {1, 2, 3}) {
                at::set_num_threads(threads);
                const at::Generator generator = at::detail::createCPUGenerator(4);
                const torch::Tensor large = torch::randn({10 * 16'384 + 7}, generator).set_requires_grad(true);
                const torch::Tensor small = torch::randn({5, 7}, generator).set_requires_grad(true);
                const auto optimizer = makeOptimizer({entry.id, {}}, {{{large, small}, false}});
                for (int step = 0; step < 2; ++step) {
                    large.mutable_grad() = torch::randn(large.sizes(), generator);
                    small.mutable_grad() = torch::randn(small.sizes(), generator);
                    optimizer->step(kRate);
                }
                results.push_back(torch::cat({large.detach(), small.detach().flatten()}));
            }
            QVERIFY2(torch::equal(results[0], results[1]), entry.id.c_str());
            QVERIFY2(torch::equal(results[0], results[2]), entry.id.c_str());
        }
        at::set_num_threads(before);
    }

    void TheAverageFollowsItsFormula() {
        const Choice choice{"small_cnn", {{"width", 8}}};
        const auto trained = makeEncoder(choice, {.channels = 1, .seed = 1});
        WeightAverage average(*trained, makeEncoder(choice, {.channels = 1, .seed = 2}), 0.5);
        const torch::Tensor weight = trained->weights()[0].tensor;
        const torch::Tensor mean = trained->statistics()[0].tensor;
        torch::Tensor expectedWeight = weight.detach().clone(), expectedMean = mean.clone();
        QVERIFY(torch::equal(average.encoder().weights()[0].tensor, weight));
        for (int t = 1; t <= 12; ++t) {
            {
                const at::NoGradGuard noGradient;
                torch::Tensor(weight).add_(t * 0.1);
                torch::Tensor(mean).add_(t * 0.2);
            }
            average.follow(*trained);
            const double kept = std::min(0.5, (1.0 + t) / (10.0 + t));
            expectedWeight = kept * expectedWeight + (1 - kept) * weight.detach();
            expectedMean = kept * expectedMean + (1 - kept) * mean;
        }
        QVERIFY(torch::allclose(average.encoder().weights()[0].tensor.detach(), expectedWeight));
        QVERIFY(torch::allclose(average.encoder().statistics()[0].tensor, expectedMean));
        QVERIFY(!torch::allclose(expectedWeight, weight.detach()));
    }
};

QTEST_GUILESS_MAIN(OptimisationTest)
#include "optimisation_test.moc"
