// The parts of a step: pictures to floats, the optimisers, the trainer.

#include "engine/training/image_batch.h"
#include "engine/training/optimizer.h"
#include "engine/training/trainer.h"
#include "tests/support/synthetic_data.h"

#include <ATen/Parallel.h>
#include <torch/types.h>

#include <QTest>

#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Experiment smallExperiment() {
    Experiment experiment;
    experiment.encoder = {"small_cnn", {{"width", 8}}};
    experiment.embeddingDimension = 8;
    experiment.sampler = {"p_by_k", {{"batch_size", 16}}};
    return experiment;
}

/// The weight after each of three steps down the parabola w², from 1.
std::vector<double> descend(const Choice& optimizer, double learningRate, bool ofLoss = false) {
    const torch::Tensor weight = torch::ones({1}, torch::kDouble).set_requires_grad(true);
    const std::vector<WeightGroup> groups = {{{weight}, ofLoss}};
    const auto made = makeOptimizer(optimizer, groups);
    std::vector<double> path;
    for (int i = 0; i < 3; ++i) {
        clearGradients(groups);
        weight.square().sum().backward();
        made->step(learningRate);
        path.push_back(weight.item<double>());
    }
    return path;
}

bool near(const std::vector<double>& a, const std::vector<double>& b) {
    return std::ranges::equal(a, b, [](double x, double y) { return std::abs(x - y) < 1e-9; });
}

}  // namespace

class TrainingStepTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void PixelsAreStandardisedOverTheTrainingPart() {
        const auto data = syntheticData({.channels = 3});
        std::vector<std::int32_t> training;
        for (std::size_t i = 0; i < data->size(); ++i)
            if (data->samples[i].split == Split::Train) training.push_back(static_cast<std::int32_t>(i));
        const torch::Tensor images = imageBatch(*data, pixelScale(*data), training);
        QVERIFY(images.is_contiguous(at::MemoryFormat::ChannelsLast));
        for (int channel = 0; channel < 3; ++channel) {
            const torch::Tensor values = images.select(1, channel).to(torch::kDouble);
            QVERIFY(std::abs(values.mean().item<double>()) < 1e-4);
            QVERIFY(std::abs(values.std().item<double>() - 1) < 1e-3);
        }
    }

    void EveryPixelGoesToItsPlace() {
        const auto data = syntheticData({.channels = 3});
        const PixelScale scale = pixelScale(*data);
        const torch::Tensor images = imageBatch(*data, scale, std::vector<std::int32_t>{5, 33});
        QCOMPARE(images.sizes().vec(), (std::vector<std::int64_t>{2, 3, 12, 12}));
        const std::uint8_t byte = data->image(33)[(4 * 12 + 9) * 3 + 2];
        const float expected = static_cast<float>(byte) * scale.factor[2] + scale.offset[2];
        QCOMPARE(images.index({1, 2, 4, 9}).item<float>(), expected);
    }

    void ViewsLieViewAfterView() {
        const auto data = syntheticData({.channels = 3});
        const PixelScale scale = pixelScale(*data);
        const Augmenter augmenter({"simclr_cifar", {}}, data->shape);
        const std::vector<std::int32_t> samples = {5, 33, 5};
        const torch::Tensor views = viewBatch(*data, scale, samples, {augmenter, 2, 77, 4});
        QCOMPARE(views.sizes().vec(), (std::vector<std::int64_t>{6, 3, 12, 12}));
        QVERIFY(views.is_contiguous(at::MemoryFormat::ChannelsLast));
        auto one = std::make_shared<DataSet>(*data);
        auto pixels = std::make_shared<std::vector<std::uint8_t>>(data->shape.bytes());
        augmenter.view(data->image(33), viewSeed(77, 4, 1, 1), *pixels);
        one->pixels = pixels;
        const torch::Tensor expected = imageBatch(*one, scale, std::vector<std::int32_t>{0});
        QVERIFY(torch::equal(views[4], expected[0]));  // view 1 of sample 1
        for (int other = 0; other < 6; ++other) QCOMPARE(torch::equal(views[4], views[other]), other == 4);
    }

    void ViewsDependOnNothingButTheirPlace() {
        const auto data = syntheticData();
        const PixelScale scale = pixelScale(*data);
        const Augmenter augmenter({"supervised", {}}, data->shape);
        std::vector<std::int32_t> samples(100);
        for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int32_t>(i);
        const torch::Tensor many = viewBatch(*data, scale, samples, {augmenter, 2, 1, 0});
        const int threads = at::get_num_threads();
        at::set_num_threads(1);
        QVERIFY(torch::equal(many, viewBatch(*data, scale, samples, {augmenter, 2, 1, 0})));
        at::set_num_threads(threads);
        QVERIFY(torch::equal(many.slice(0, 0, 100), viewBatch(*data, scale, samples, {augmenter, 1, 1, 0})));
        QVERIFY(!torch::equal(many, viewBatch(*data, scale, samples, {augmenter, 2, 1, 1})));
        QVERIFY(!torch::equal(many, viewBatch(*data, scale, samples, {augmenter, 2, 2, 0})));
    }

    void TwinsSeeTheSameViewsAndEvaluationSeesNone() {
        const auto data = syntheticData();
        Experiment augmented = smallExperiment();
        augmented.augmentation = {"supervised", {}};
        Experiment twin = augmented;
        twin.miner = {"all", {}};
        Trainer plain(smallExperiment(), data, torch::kCPU), one(augmented, data, torch::kCPU),
            two(twin, data, torch::kCPU);
        const std::vector<std::int32_t> some = {0, 9, 77};
        const auto embedded = [&](const Trainer& trainer) {
            std::vector<float> all;
            trainer.embed(some, {}, [&](auto, auto rows) { all.insert(all.end(), rows.begin(), rows.end()); });
            return all;
        };
        QCOMPARE(embedded(one), embedded(plain));
        const auto firstStep = [](Trainer& trainer) {
            const auto rows = trainer.step({}).embeddings;
            return std::vector<float>(rows.begin(), rows.end());
        };
        const std::vector<float> seen = firstStep(one);
        QCOMPARE(firstStep(two), seen);
        QVERIFY(firstStep(plain) != seen);
        QVERIFY(one.step({}).samples.empty());  // what was embedded is not what is shown
        QCOMPARE(plain.step({}).samples.size(), 16U);
    }

    void AFlatChannelStaysFinite() {
        auto data = std::make_shared<DataSet>(*syntheticData());
        data->pixels = std::make_shared<std::vector<std::uint8_t>>(data->pixels.size(), std::uint8_t{255});
        const torch::Tensor images = imageBatch(*data, pixelScale(*data), std::vector<std::int32_t>{0});
        QVERIFY(images.isfinite().all().item<bool>());
    }

    void AdamFollowsItsFormula() {
        // By hand: m and v start at 0; the first step is the learning rate, whatever the gradient.
        double weight = 1, mean = 0, square = 0;
        std::vector<double> expected;
        for (int step = 1; step <= 3; ++step) {
            const double gradient = 2 * weight;
            mean = 0.9 * mean + 0.1 * gradient;
            square = 0.999 * square + 0.001 * gradient * gradient;
            weight -=
                0.1 * (mean / (1 - std::pow(0.9, step))) / (std::sqrt(square / (1 - std::pow(0.999, step))) + 1e-8);
            expected.push_back(weight);
        }
        QVERIFY(std::abs(expected[0] - 0.9) < 1e-6);
        QVERIFY(near(descend({"adam", {}}, 0.1), expected));
    }

    void SgdFollowsItsFormula() {
        // Velocities 2; 0.5 * 2 + 1.6 = 2.6; 0.5 * 2.6 + 1.08 = 2.38.
        QVERIFY(near(descend({"sgd", {{"momentum", 0.5}}}, 0.1), {0.8, 0.54, 0.302}));
        QVERIFY(near(descend({"sgd", {{"momentum", 0}}}, 0.1), {0.8, 0.64, 0.512}));
    }

    void WeightDecayPullsTheEncoderAloneTowardsZero() {
        const Choice decaying{"sgd", {{"momentum", 0}, {"weight_decay", 0.5}, {"loss_rate_factor", 1}}};
        QVERIFY(near(descend(decaying, 0.1), {0.75, 0.5625, 0.421875}));
        QVERIFY(near(descend(decaying, 0.1, true), {0.8, 0.64, 0.512}));
    }

    void WeightsOfTheLossHaveARateOfTheirOwn() {
        const Choice fast{"sgd", {{"momentum", 0}, {"loss_rate_factor", 2}}};
        QVERIFY(near(descend(fast, 0.1, true), {0.6, 0.36, 0.216}));
    }

    void GradientNormIsEuclideanOverAllWeights() {
        const torch::Tensor a = torch::zeros({2}).set_requires_grad(true);
        const torch::Tensor b = torch::zeros({1}).set_requires_grad(true);
        const std::vector<WeightGroup> groups = {{{a}, false}, {{b}, true}};
        QCOMPARE(gradientNorm(groups).item<float>(), 0.0F);
        (3 * a.sum() + 4 * b.sum()).backward();
        QCOMPARE(gradientNorm(groups).item<float>(), std::sqrt(9.0F + 9.0F + 16.0F));
        clearGradients(groups);
        QCOMPARE(gradientNorm(groups).item<float>(), 0.0F);
    }

    void EmbeddingChangesNothingInTheTrainer() {
        const auto data = syntheticData();
        Trainer plain(smallExperiment(), data, torch::kCPU);
        Trainer watched(smallExperiment(), data, torch::kCPU);
        std::vector<std::int32_t> all(data->size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int32_t>(i);
        for (int step = 0; step < 5; ++step) {
            watched.embed(all, {}, [](auto, auto) {});
            QCOMPARE(watched.step({}).loss, plain.step({}).loss);
        }
    }

    void EmbeddingDoesNotDependOnTheBlock() {
        const auto data = syntheticData({.classes = 4, .perClass = 100});
        Trainer trainer(smallExperiment(), data, torch::kCPU);
        for (int step = 0; step < 5; ++step) trainer.step({});
        std::vector<std::int32_t> all(data->size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int32_t>(i);
        std::vector<float> together, alone;
        trainer.embed(all, {}, [&](auto, auto rows) { together.insert(together.end(), rows.begin(), rows.end()); });
        QCOMPARE(together.size(), all.size() * 8);
        for (const std::int32_t sample : {0, 255, 256, 399}) {
            trainer.embed(std::span(&sample, 1), {}, [&](auto, auto rows) { alone.assign(rows.begin(), rows.end()); });
            for (int k = 0; k < 8; ++k) QVERIFY(std::abs(alone[k] - together[sample * 8 + k]) < 1e-5F);
        }
    }
};

QTEST_GUILESS_MAIN(TrainingStepTest)
#include "training_step_test.moc"
