#include "engine/encoders/calibration.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/types.h>

#include <QTest>

#include <cmath>
#include <string>

using namespace embedscope;

namespace {

using Mode = Pass::Mode;

torch::Tensor pictures(int count, int channels, int side, std::uint64_t seed = 3) {
    const at::Generator generator = at::detail::createCPUGenerator(seed);
    return torch::randn({count, channels, side, side}, generator).contiguous(at::MemoryFormat::ChannelsLast);
}

bool sameWeights(const Encoder& a, const Encoder& b) {
    for (std::size_t i = 0; i < a.weights().size(); ++i)
        if (!torch::equal(a.weights()[i].tensor, b.weights()[i].tensor)) return false;
    return a.weights().size() == b.weights().size();
}

std::int64_t numbersIn(const Encoder& encoder) {
    std::int64_t count = 0;
    for (const NamedTensor& weight : encoder.weights()) {
        const bool head = weight.name.starts_with("fc.") || weight.name.starts_with("head.");
        if (!head) count += weight.tensor.numel();
    }
    return count;
}

/// Runs a test on every row of the table but that which needs a file.
void addEncoders() {
    QTest::addColumn<QString>("id");
    for (const CatalogEntry& entry : encoderCatalog())
        if (entry.id != "torchscript") QTest::newRow(entry.id.c_str()) << QString::fromStdString(entry.id);
}

}  // namespace

class EncodersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void EveryShapeGivesUnitRows_data() { addEncoders(); }
    void EveryShapeGivesUnitRows() {
        QFETCH(QString, id);
        for (const int channels : {1, 3}) {
            const auto encoder = makeEncoder({id.toStdString(), {}}, {.channels = channels, .dimension = 5});
            for (const int side : {8, 9, 17}) {
                for (const Mode mode : {Mode::Train, Mode::Evaluate}) {
                    const torch::NoGradGuard noGradient;
                    const torch::Tensor rows = encoder->embed(pictures(2, channels, side), {mode, {}});
                    QCOMPARE(rows.sizes().vec(), (std::vector<std::int64_t>{2, 5}));
                    QVERIFY(rows.isfinite().all().item<bool>());
                    QVERIFY((rows.norm(2, {1}) - 1).abs().max().item<float>() < 1e-5F);
                }
            }
        }
    }

    void CalibrationFindsTheStatisticsOfItsBatches() {
        const auto calibrated = makeEncoder({"small_cnn", {{"width", 8}}}, {.channels = 1, .dimension = 4});
        const auto images = [](int batch) { return pictures(40, 1, 16, 7 + batch) * 3 + 5; };
        calibrateStatistics(*calibrated, 4, images, {});
        const auto evaluated = calibrated->embed(images(0), {Mode::Evaluate, {}});
        // The same weights with the statistics of this batch.
        const auto trained = calibrated->embed(images(0), {Mode::Train, {}});
        const auto fresh = makeEncoder({"small_cnn", {{"width", 8}}}, {.channels = 1, .dimension = 4});
        const auto uncalibrated = fresh->embed(images(0), {Mode::Evaluate, {}});
        const auto apart = [&](const torch::Tensor& rows) {
            return (rows - trained).norm(2, {1}).mean().item<float>();
        };
        QVERIFY2(apart(evaluated) < 0.05F, qPrintable(QString::number(apart(evaluated))));
        QVERIFY2(apart(uncalibrated) > 10 * apart(evaluated), qPrintable(QString::number(apart(uncalibrated))));
    }

    void LargestImagesFit() {
        const auto encoder = makeEncoder({"small_cnn", {{"width", 8}}}, {.channels = 3, .dimension = 2});
        const torch::NoGradGuard noGradient;
        QVERIFY(encoder->embed(pictures(1, 3, 512), {Mode::Evaluate, {}}).isfinite().all().item<bool>());
    }

    void NormalisationCanBeTurnedOff_data() { addEncoders(); }
    void NormalisationCanBeTurnedOff() {
        QFETCH(QString, id);
        const Choice choice{id.toStdString(), {}};
        const auto unit = makeEncoder(choice, {.channels = 1, .dimension = 4, .normalize = true});
        const auto free = makeEncoder(choice, {.channels = 1, .dimension = 4, .normalize = false});
        const torch::Tensor images = pictures(4, 1, 16);
        const torch::Tensor rows = free->embed(images, {Mode::Evaluate, {}});
        QVERIFY((rows.norm(2, {1}) - 1).abs().max().item<float>() > 1e-2F);
        const torch::Tensor scaled = rows / rows.norm(2, {1}, true);
        QVERIFY(torch::allclose(scaled, unit->embed(images, {Mode::Evaluate, {}}), 1e-4, 1e-5));
    }

    void WeightsDependOnTheSeedAlone_data() { addEncoders(); }
    void WeightsDependOnTheSeedAlone() {
        QFETCH(QString, id);
        const Choice choice{id.toStdString(), {}};
        const auto first = makeEncoder(choice, {.channels = 3, .seed = 11});
        torch::rand({1000});  // moves the global generator on
        const torch::Tensor before = at::detail::getDefaultCPUGenerator().get_state();
        const auto second = makeEncoder(choice, {.channels = 3, .seed = 11});
        QVERIFY(torch::equal(before, at::detail::getDefaultCPUGenerator().get_state()));
        QVERIFY(sameWeights(*first, *second));
        QVERIFY(!sameWeights(*first, *makeEncoder(choice, {.channels = 3, .seed = 12})));
    }

    void WeightsSpreadAsTorchSpreadsThem() {
        const auto encoder = makeEncoder({"small_cnn", {}}, {.channels = 3});
        for (const NamedTensor& weight : encoder->weights()) {
            if (!weight.name.ends_with("conv.weight")) continue;
            const double bound = 1 / std::sqrt(static_cast<double>(weight.tensor[0].numel()));
            QVERIFY(weight.tensor.is_contiguous(at::MemoryFormat::ChannelsLast));
            QVERIFY(weight.tensor.abs().max().item<double>() <= bound);
            QVERIFY(std::abs(weight.tensor.std().item<double>() / (bound / std::sqrt(3.0)) - 1) < 0.1);
        }
    }

    void EvaluationEqualsBatchNormWithRunningStatistics() {
        // After enough passes over one batch the running statistics are the batch's, but for Bessel's correction.
        const auto encoder = makeEncoder({"small_cnn", {}}, {.channels = 1, .dimension = 4});
        const torch::Tensor images = pictures(16, 1, 16);
        const torch::NoGradGuard noGradient;
        torch::Tensor trained;
        for (int i = 0; i < 200; ++i) trained = encoder->embed(images, {Mode::Train, {}});
        const torch::Tensor evaluated = encoder->embed(images, {Mode::Evaluate, {}});
        QVERIFY(torch::allclose(trained, evaluated, 2e-2, 2e-2));
    }

    void EvaluationLeavesTheStatisticsAlone_data() { addEncoders(); }
    void EvaluationLeavesTheStatisticsAlone() {
        QFETCH(QString, id);
        const auto encoder = makeEncoder({id.toStdString(), {}}, {.channels = 1});
        std::vector<torch::Tensor> before;
        for (const NamedTensor& one : encoder->statistics()) before.push_back(one.tensor.clone());
        const auto unchanged = [&](std::size_t i) { return torch::equal(before[i], encoder->statistics()[i].tensor); };
        encoder->embed(pictures(4, 1, 16), {Mode::Evaluate, {}});
        for (std::size_t i = 0; i < before.size(); ++i) QVERIFY(unchanged(i));
        encoder->embed(pictures(4, 1, 16), {Mode::Train, {}});
        for (std::size_t i = 0; i < before.size(); ++i) QVERIFY(!unchanged(i));
    }

    void EveryWeightGetsAGradient_data() { addEncoders(); }
    void EveryWeightGetsAGradient() {
        QFETCH(QString, id);
        const auto encoder = makeEncoder({id.toStdString(), {}}, {.channels = 1, .dimension = 4});
        const torch::Tensor rows = encoder->embed(pictures(4, 1, 16), {Mode::Train, {}});
        (rows * pictures(4, 1, 2, 5).reshape({4, 4})).sum().backward();
        for (const NamedTensor& weight : encoder->weights()) {
            QVERIFY2(weight.tensor.grad().defined(), weight.name.c_str());
            QVERIFY2(weight.tensor.grad().abs().sum().item<float>() > 0, weight.name.c_str());
        }
    }

    void StopEndsAPassForwardAndBackward_data() { addEncoders(); }
    void StopEndsAPassForwardAndBackward() {
        QFETCH(QString, id);
        const auto encoder = makeEncoder({id.toStdString(), {}}, {.channels = 1});
        std::stop_source source;
        const torch::Tensor rows = encoder->embed(pictures(2, 1, 8), {Mode::Train, source.get_token()});
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(rows.sum().backward(), StopRequested);
        QVERIFY_EXCEPTION_THROWN(encoder->embed(pictures(2, 1, 8), {Mode::Train, source.get_token()}), StopRequested);
        QVERIFY(encoder->embed(pictures(2, 1, 8), {Mode::Train, {}}).isfinite().all().item<bool>());
    }

    /// Without the last linear layer: torchvision's and, for the transformer, timm's vit_tiny_patch16_224, whose 197
    /// learned positions of 192 numbers are fixed here.
    void SizesAreThePublishedOnes_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<qint64>("count");
        QTest::newRow("resnet18") << "resnet18_imagenet" << qint64{11'689'512 - 513'000};
        QTest::newRow("resnet34") << "resnet34_imagenet" << qint64{21'797'672 - 513'000};
        QTest::newRow("resnet50") << "resnet50_imagenet" << qint64{25'557'032 - 2'049'000};
        QTest::newRow("mobilenet") << "mobilenet_v3_small" << qint64{2'542'856 - 590'848 - 1'025'000};
        QTest::newRow("transformer") << "vit" << qint64{5'717'416 - 193'000 - 197 * 192};
    }
    void SizesAreThePublishedOnes() {
        QFETCH(QString, id);
        QFETCH(qint64, count);
        ParameterValues values;
        if (id == "vit") values = {{"patch", 16}, {"depth", 12}, {"width", 192}, {"pooling", 1}};
        const auto encoder = makeEncoder({id.toStdString(), values}, {.channels = 3, .height = 224, .width = 224});
        QCOMPARE(numbersIn(*encoder), count);
    }

    void MobileNetKeepsTheResolutionOfSmallPictures() {
        const auto encoder = makeEncoder({"mobilenet_v3_small", {}}, {.channels = 3, .dimension = 4});
        for (const int side : {64, 65, 96})
            QVERIFY(encoder->embed(pictures(2, 3, side), {Mode::Evaluate, {}}).isfinite().all().item<bool>());
    }

    void TheTransformerTakesAnySizeAndBothPoolings() {
        for (const double pooling : {0.0, 1.0}) {
            const Choice choice{"vit", {{"patch", 5}, {"depth", 2}, {"width", 64}, {"pooling", pooling}}};
            const auto encoder = makeEncoder(choice, {.channels = 3, .dimension = 4});
            for (const int side : {8, 32, 61})
                QVERIFY(encoder->embed(pictures(2, 3, side), {Mode::Train, {}}).isfinite().all().item<bool>());
        }
    }

    void TheTransformerSeesWhereAPatchLies() {
        const auto encoder = makeEncoder({"vit", {{"depth", 1}, {"width", 64}}}, {.channels = 3, .dimension = 4});
        const torch::Tensor images = pictures(2, 3, 32);
        const torch::Tensor moved = images.roll({4}, {3}).contiguous(at::MemoryFormat::ChannelsLast);
        const Pass pass{Mode::Evaluate, {}};
        QVERIFY(!torch::allclose(encoder->embed(images, pass), encoder->embed(moved, pass), 1e-3, 1e-3));
    }

    void TooManyPatchesAreRefusedWithTheCure() {
        try {
            makeEncoder({"vit", {{"patch", 2}}}, {.channels = 3, .height = 224, .width = 224});
            QFAIL("Twelve thousand patches were accepted.");
        } catch (const std::invalid_argument& refusal) {
            QVERIFY(QString::fromUtf8(refusal.what()).contains("choose a larger patch size"));
        }
    }

    /// Two pictures of few places: the smallest batch that BatchNorm can take.
    void TwoPicturesTrainWithoutNaN_data() { addEncoders(); }
    void TwoPicturesTrainWithoutNaN() {
        QFETCH(QString, id);
        const auto encoder = makeEncoder({id.toStdString(), {}}, {.channels = 3, .dimension = 4});
        const torch::Tensor rows = encoder->embed(pictures(2, 3, 8), {Mode::Train, {}});
        (rows[0] * rows[1]).sum().backward();
        for (const NamedTensor& weight : encoder->weights())
            QVERIFY2(weight.tensor.grad().isfinite().all().item<bool>(), weight.name.c_str());
        for (const NamedTensor& one : encoder->statistics())
            QVERIFY2(one.tensor.isfinite().all().item<bool>(), one.name.c_str());
    }

    void BFloat16ComputesNearlyTheSame_data() { addEncoders(); }
    void BFloat16ComputesNearlyTheSame() {
        QFETCH(QString, id);
        const auto encoder = makeEncoder({id.toStdString(), {}}, {.channels = 3, .dimension = 8});
        const torch::Tensor images = pictures(4, 3, 16);
        const torch::Tensor full = encoder->embed(images, {Mode::Evaluate, {}});
        const torch::Tensor half = encoder->embed(images.to(torch::kBFloat16), {Mode::Evaluate, {}});
        QVERIFY(half.scalar_type() == torch::kFloat);
        QVERIFY((full * half).sum(1).min().item<float>() > 0.99F);
        encoder->embed(images.to(torch::kBFloat16), {Mode::Train, {}}).sum().backward();
        for (const NamedTensor& weight : encoder->weights())
            QVERIFY(weight.tensor.grad().scalar_type() == torch::kFloat);
    }

    void UnknownNamesAreRefused() {
        QVERIFY_EXCEPTION_THROWN(makeEncoder({"small_cn", {}}, {}), std::invalid_argument);
        QVERIFY_EXCEPTION_THROWN(makeEncoder({"small_cnn", {{"depth", 3}}}, {}), std::invalid_argument);
    }
};

QTEST_GUILESS_MAIN(EncodersTest)
#include "encoders_test.moc"
