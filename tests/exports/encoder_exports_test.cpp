// Encoders as ONNX, TorchScript and safetensors: what others read computes what the run computed.

#include "engine/encoders/encoder.h"
#include "engine/exports/kept_encoder.h"
#include "engine/exports/onnx.h"
#include "engine/image_embedder.h"
#include "engine/machine.h"
#include "engine/run_export.h"
#include "engine/run_resume.h"
#include "engine/training/image_batch.h"
#include "tests/support/kept_run.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <ATen/core/grad_mode.h>
#include <opencv2/dnn.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

constexpr double kTolerance = 2e-4;  ///< On rows of unit length.

/// Few pictures: ResNets are slow.
std::shared_ptr<const DataSet> fewPictures(int channels) {
    return syntheticData({.classes = 2, .perClass = 8, .side = 16, .channels = channels, .heldOutEvery = 4});
}

/// [N, C, H, W], 0 to 255, as OpenCV takes it.
cv::Mat blobOf(const DataSet& data) {
    const ImageShape& shape = data.shape;
    const int sizes[] = {static_cast<int>(data.size()), shape.channels, shape.height, shape.width};
    cv::Mat blob(4, sizes, CV_32F);
    auto* target = blob.ptr<float>();
    for (std::size_t image = 0; image < data.size(); ++image) {
        const auto pixels = data.image(image);
        for (int c = 0; c < shape.channels; ++c)
            for (std::size_t i = 0; i < pixels.size() / shape.channels; ++i)
                *target++ = static_cast<float>(pixels[i * shape.channels + c]);
    }
    return blob;
}

double largestDifference(const float* a, const std::vector<float>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < b.size(); ++i) largest = std::max<double>(largest, std::abs(a[i] - b[i]));
    return largest;
}

}  // namespace

class EncoderExportsTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    fs::path at(const std::string& name) const { return fs::path(temporary_.path().toStdString()) / name; }

    /// Trains once an encoder and channels.
    fs::path runOf(const Choice& encoder, int channels) {
        const fs::path folder = at(encoder.id + std::to_string(channels));
        if (fs::exists(folder)) return folder;
        Experiment experiment = smallExperiment();
        experiment.encoder = encoder;
        experiment.epochs = 1;
        trainInto(folder, experiment, fewPictures(channels));
        return folder;
    }
    static std::vector<float> embedded(const fs::path& run, const DataSet& data) {
        return ImageEmbedder(*resumePointOf(run).checkpoint, 1).embed(data);
    }

    static void addEncoders() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("channels");
        for (const char* id :
             {"small_cnn", "deep_cnn", "resnet18_cifar", "resnet18_imagenet", "resnet34_cifar", "resnet50_imagenet"})
            QTest::newRow(id) << id << 3;
        QTest::newRow("small_cnn, grey") << "small_cnn" << 1;
    }

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    /// Of a run folder of somebody else's.
    void AnEmptyConvolutionIsASentence() {
        KeptEncoder encoder = keptEncoder(runOf({"small_cnn", {{"width", 8}}}, 1));
        for (NamedValues& each : encoder.weights.tensors)
            if (each.name.starts_with("block1.")) {
                each.shape[0] = 0;
                each.values.clear();
            }
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, onnxOf(encoder));
    }

    void ACheckpointThatClaimsTooMuchIsASentence() {
        Checkpoint checkpoint = *resumePointOf(runOf({"small_cnn", {{"width", 8}}}, 1)).checkpoint;
        checkpoint.settings.embeddingDimension = 2'000'000'000;
        try {
            const ImageEmbedder embedder(checkpoint, 1);
            QFAIL("it was made");
        } catch (const std::runtime_error& refusal) {
            QVERIFY2(QString(refusal.what()).startsWith("The embedding dimension"), refusal.what());
        }
    }

    void OnnxGivesEqualOutputsInOpenCv_data() { addEncoders(); }
    void OnnxGivesEqualOutputsInOpenCv() {
        QFETCH(QString, id);
        QFETCH(int, channels);
        const fs::path run = runOf({id.toStdString(), {}}, channels);
        QCOMPARE(exportRun(run, "onnx", at("encoder.onnx")), std::string());
        cv::dnn::Net net = cv::dnn::readNetFromONNX(at("encoder.onnx").string());
        const auto data = fewPictures(channels);
        net.setInput(blobOf(*data));
        const cv::Mat rows = net.forward();
        const std::vector<float> expected = embedded(run, *data);
        QCOMPARE(rows.total(), expected.size());
        const double difference = largestDifference(rows.ptr<float>(), expected);
        QVERIFY2(difference < kTolerance, qPrintable(QString::number(difference)));
    }

    void TorchScriptGivesEqualOutputsInThisProgram_data() { addEncoders(); }
    void TorchScriptGivesEqualOutputsInThisProgram() {
        QFETCH(QString, id);
        QFETCH(int, channels);
        const fs::path run = runOf({id.toStdString(), {}}, channels);
        exportRun(run, "torchscript", at("encoder.pt"));
        const auto data = fewPictures(channels);
        const auto encoder = makeEncoder({"torchscript", {}}, {.channels = channels,
                                                               .height = 16,
                                                               .width = 16,
                                                               .dimension = 8,
                                                               .normalize = false,
                                                               .file = at("encoder.pt")});
        QVERIFY(!encoder->weights().empty());
        const KeptEncoder kept = keptEncoder(run);
        std::vector<std::int32_t> all(data->size());
        std::iota(all.begin(), all.end(), 0);
        const at::NoGradGuard noGradient;
        const torch::Tensor rows =
            encoder->embed(imageBatch(*data, {kept.pixelFactor, kept.pixelOffset}, all), {}).contiguous();
        const std::vector<float> expected = embedded(run, *data);
        QCOMPARE(static_cast<std::size_t>(rows.numel()), expected.size());
        const double difference = largestDifference(rows.data_ptr<float>(), expected);
        QVERIFY2(difference < kTolerance, qPrintable(QString::number(difference)));
    }

    void SafetensorsStartAnotherRunWhereThisOneEnded() {
        const fs::path run = runOf({"small_cnn", {{"width", 8}}}, 3);
        exportRun(run, "safetensors", at("weights.safetensors"));
        const EncoderWeights written = readWeights(at("weights.safetensors"));
        const EncoderWeights own = readWeights(run / "weights.safetensors");
        QCOMPARE(written.encoder.id, own.encoder.id);
        QCOMPARE(written.tensors.size(), own.tensors.size());
        for (std::size_t i = 0; i < own.tensors.size(); ++i) {
            QCOMPARE(written.tensors[i].name, own.tensors[i].name);
            QVERIFY(written.tensors[i].values == own.tensors[i].values);
        }
    }

    void OtherEncodersAreRefusedWithASentence() {
        const fs::path run = runOf({"vit", {}}, 3);
        for (const char* format : {"onnx", "torchscript"}) try {
                exportRun(run, format, at("vit.file"));
                QFAIL("It was written.");
            } catch (const std::runtime_error& refusal) {
                QVERIFY(QString(refusal.what()).contains("\"vit\" cannot be written as a network"));
            }
        QVERIFY(!fs::exists(at("vit.file")));
    }
};

QTEST_GUILESS_MAIN(EncoderExportsTest)
#include "encoder_exports_test.moc"
