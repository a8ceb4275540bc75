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

#include <opencv2/dnn.hpp>
#include <torch/script.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <numeric>

Q_DECLARE_METATYPE(embedscope::Choice)

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

constexpr double kTolerance = 2e-4;  ///< On rows of unit length.

/// Few pictures: ResNets are slow.
std::shared_ptr<const DataSet> fewPictures(int channels, int side = 16) {
    return syntheticData({.classes = 2, .perClass = 8, .side = side, .channels = channels, .heldOutEvery = 4});
}

/// A network such as a user brings along: [B, 3, H, W] -> [B, 5], with a buffer that training changes.
void writeOwnNetwork(const fs::path& file) {
    torch::jit::Module net("Net");
    const torch::Tensor kernel = torch::arange(5 * 3 * 3 * 3, torch::kFloat).remainder(7).sub(3).div(10);
    net.register_parameter("kernel", kernel.view({5, 3, 3, 3}).set_requires_grad(true), false);
    if (!net.hasattr("training")) net.register_attribute("training", c10::BoolType::get(), true);
    net.register_buffer("mean", torch::zeros({5}));
    net.define(R"(
def forward(self, x):
    y = torch.conv2d(x, self.kernel, None, [1, 1], [1, 1])
    if self.training:
        self.mean.mul_(0.9).add_(y.detach().mean([0, 2, 3]), alpha=0.1)
    return torch.relu(y - self.mean.view(1, -1, 1, 1)).mean([2, 3])
)");
    net.save(file.string());
}

template <typename Number>
void writeNumbers(const fs::path& file, const Number* numbers, std::size_t count) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(numbers), static_cast<std::streamsize>(count * sizeof(Number)));
}

/// One that has PyTorch, or nothing.
QString pythonWithTorch() {
    for (const QString& python : {QString("/usr/bin/python3"), QString("python3")})
        if (QProcess::execute(python, {"-c", "import torch"}) == 0) return python;
    return {};
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

    /// Trains once an encoder, channels and side.
    fs::path runOf(const Choice& encoder, int channels, int side = 16) {
        std::string name = encoder.id + std::to_string(channels) + '_' + std::to_string(side);
        for (const auto& [id, value] : encoder.parameters) name += id + std::to_string(value);
        const fs::path folder = at(name);
        if (fs::exists(folder)) return folder;
        Experiment experiment = smallExperiment();
        experiment.encoder = encoder;
        experiment.epochs = 1;
        if (encoder.id == "torchscript") writeOwnNetwork(experiment.encoderFile = at("own.pt"));
        trainInto(folder, experiment, fewPictures(channels, side));
        return folder;
    }
    static std::vector<float> embedded(const fs::path& run, const DataSet& data) {
        return ImageEmbedder(*resumePointOf(run).checkpoint, 1).embed(data);
    }

    static void addEncoders() {
        QTest::addColumn<Choice>("encoder");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("side");
        for (const char* id :
             {"small_cnn", "deep_cnn", "resnet18_cifar", "resnet18_imagenet", "resnet34_cifar", "resnet50_imagenet"})
            QTest::newRow(id) << Choice{id, {}} << 3 << 16;
        QTest::newRow("small_cnn, grey") << Choice{"small_cnn", {}} << 1 << 16;
        QTest::newRow("mobilenet, small pictures") << Choice{"mobilenet_v3_small", {}} << 3 << 16;
        QTest::newRow("mobilenet, large pictures") << Choice{"mobilenet_v3_small", {}} << 1 << 70;
        QTest::newRow("transformer") << Choice{"vit", {{"width", 128}, {"depth", 2}}} << 3 << 16;
        QTest::newRow("transformer, class token, patches that are not whole")
            << Choice{"vit", {{"width", 64}, {"depth", 2}, {"patch", 5}, {"pooling", 1}}} << 1 << 16;
    }

    static std::vector<float> rowsOf(const fs::path& script, const KeptEncoder& kept, const DataSet& data) {
        const auto encoder = makeEncoder({"torchscript", {}}, {.channels = kept.shape.channels,
                                                               .height = kept.shape.height,
                                                               .width = kept.shape.width,
                                                               .dimension = 8,
                                                               .normalize = false,
                                                               .file = script});
        if (encoder->weights().empty()) qFatal("nothing to train");
        std::vector<std::int32_t> all(data.size());
        std::iota(all.begin(), all.end(), 0);
        const at::NoGradGuard noGradient;
        const torch::Tensor rows =
            encoder->embed(imageBatch(data, {kept.pixelFactor, kept.pixelOffset}, all), {}).contiguous();
        return {rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel()};
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
        QFETCH(Choice, encoder);
        QFETCH(int, channels);
        QFETCH(int, side);
        const fs::path run = runOf(encoder, channels, side);
        QCOMPARE(exportRun(run, "onnx", at("encoder.onnx")), std::string());
        cv::dnn::Net net = cv::dnn::readNetFromONNX(at("encoder.onnx").string());
        const auto data = fewPictures(channels, side);
        net.setInput(blobOf(*data));
        const cv::Mat rows = net.forward();
        const std::vector<float> expected = embedded(run, *data);
        QCOMPARE(rows.total(), expected.size());
        const double difference = largestDifference(rows.ptr<float>(), expected);
        QVERIFY2(difference < kTolerance, qPrintable(QString::number(difference)));
    }

    void TorchScriptGivesEqualOutputsInThisProgram_data() { addEncoders(); }
    void TorchScriptGivesEqualOutputsInThisProgram() {
        QFETCH(Choice, encoder);
        QFETCH(int, channels);
        QFETCH(int, side);
        const fs::path run = runOf(encoder, channels, side);
        exportRun(run, "torchscript", at("encoder.pt"));
        const auto data = fewPictures(channels, side);
        const std::vector<float> rows = rowsOf(at("encoder.pt"), keptEncoder(run), *data);
        const std::vector<float> expected = embedded(run, *data);
        QCOMPARE(rows.size(), expected.size());
        const double difference = largestDifference(rows.data(), expected);
        QVERIFY2(difference < kTolerance, qPrintable(QString::number(difference)));
    }

    void AnOwnNetworkIsWrittenWithWhatItHasLearned() {
        const fs::path run = runOf({"torchscript", {}}, 3);
        exportRun(run, "torchscript", at("learned.pt"));
        const auto data = fewPictures(3);
        const std::vector<float> expected = embedded(run, *data);
        const std::vector<float> rows = rowsOf(at("learned.pt"), keptEncoder(run), *data);
        QCOMPARE(rows.size(), expected.size());
        QVERIFY(largestDifference(rows.data(), expected) < kTolerance);
        // It is no ONNX network in general, and without its file it is nothing.
        const auto refusal = [&](const char* format) -> QString {
            try {
                exportRun(run, format, at("refused"));
            } catch (const std::runtime_error& sentence) {
                return sentence.what();
            }
            return "it was written";
        };
        QVERIFY2(refusal("onnx").contains("torch.onnx.export"), qPrintable(refusal("onnx")));
        fs::rename(at("own.pt"), at("gone.pt"));
        QVERIFY2(refusal("torchscript").contains("own.pt\" is not there"), qPrintable(refusal("torchscript")));
        QVERIFY(!fs::exists(at("refused")));
    }

    /// The files load without this program, give its numbers for bytes, and can be trained further.
    void TorchScriptLoadsInPython() {
        const QString python = pythonWithTorch();
        if (python.isEmpty()) QSKIP("python3-torch is not installed; tests/run.sh installs it");
        const auto data = fewPictures(3);
        const cv::Mat blob = blobOf(*data);
        writeNumbers(at("pixels"), blob.ptr<float>(), blob.total());
        QStringList arguments{"-c", R"(
import sys, torch
folder = sys.argv[1]
def numbers(name):
    return torch.frombuffer(bytearray(open(folder + '/' + name, 'rb').read()), dtype=torch.float32)
pixels = numbers('pixels').view(16, 3, 16, 16)
for name in sys.argv[2:]:
    encoder = torch.jit.load(folder + '/' + name + '.pt')
    difference = (encoder.embed(pixels).flatten() - numbers(name + '.rows')).abs().max().item()
    assert difference < 2e-4, (name, difference)
    encoder.train()
    encoder(torch.rand(4, 3, 16, 16)).square().sum().backward()
    assert all(weight.grad is not None for weight in encoder.parameters()), name
)",
                              QString::fromStdString(at("").string())};
        for (const Choice& encoder : {Choice{"small_cnn", {}}, Choice{"mobilenet_v3_small", {}},
                                      Choice{"vit", {{"width", 128}, {"depth", 2}}}}) {
            const fs::path run = runOf(encoder, 3);
            exportRun(run, "torchscript", at(encoder.id + ".pt"));
            const std::vector<float> rows = embedded(run, *data);
            writeNumbers(at(encoder.id + ".rows"), rows.data(), rows.size());
            arguments << QString::fromStdString(encoder.id);
        }
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(python, arguments);
        QVERIFY(process.waitForFinished(120'000));
        QVERIFY2(process.exitCode() == 0, process.readAll().constData());
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
};

QTEST_GUILESS_MAIN(EncoderExportsTest)
#include "encoder_exports_test.moc"
