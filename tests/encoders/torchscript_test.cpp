// A network of the user's own.

#include "engine/encoders/encoder.h"

#include <torch/script.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <string>

using namespace embedscope;

namespace {

/// A convolution, BatchNorm by hand and a mean: [B, 3, H, W] -> [B, 6].
torch::jit::Module smallNet() {
    torch::jit::Module net("Net");
    torch::Tensor kernel = torch::arange(6 * 3 * 3 * 3, torch::kFloat).remainder(7).sub(3).div(10).view({6, 3, 3, 3});
    net.register_parameter("kernel", kernel, false);
    net.register_parameter("frozen", torch::ones({6}), false);
    net.attr("kernel").toTensor().set_requires_grad(true);
    net.register_attribute("training", c10::BoolType::get(), true);
    net.register_buffer("mean", torch::zeros({6}));
    net.register_buffer("count", torch::zeros({}, torch::kLong));
    net.define(R"(
def forward(self, x):
    y = torch.conv2d(x, self.kernel, None, [1, 1], [1, 1])
    if self.training:
        self.mean.mul_(0.9).add_(y.detach().mean([0, 2, 3]), alpha=0.1)
    return torch.relu(y - self.mean.view(1, -1, 1, 1)).mean([2, 3]) * self.frozen
)");
    return net;
}

torch::jit::Module netOf(const std::string& body) {
    torch::jit::Module net("Net");
    net.register_parameter("w", torch::ones({3}).set_requires_grad(true), false);
    net.define("def forward(self, x):\n    " + body + "\n");
    return net;
}

}  // namespace

class TorchScriptTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path saved(const torch::jit::Module& net) const {
        const std::string file = folder_.filePath("net.pt").toStdString();
        net.save(file);
        return file;
    }

    static std::unique_ptr<Encoder> encoderOf(const std::filesystem::path& file, int dimension, int channels = 3) {
        return makeEncoder({"torchscript", {}}, {.channels = channels, .dimension = dimension, .file = file});
    }

    std::string refusalOf(const std::filesystem::path& file, int channels = 3) const {
        try {
            encoderOf(file, 6, channels);
        } catch (const std::runtime_error& refusal) {
            return refusal.what();
        }
        return "";
    }

private Q_SLOTS:
    void ItComputesWhatTheFileComputes() {
        torch::jit::Module net = smallNet();
        const auto encoder = encoderOf(saved(net), 6);
        const torch::Tensor images = torch::rand({4, 3, 12, 10});
        net.eval();
        const torch::Tensor rows = net.forward({images}).toTensor().detach();
        const torch::Tensor unit = rows / rows.norm(2, {1}, true);
        QVERIFY(torch::allclose(encoder->embed(images, {}).detach(), unit, 1e-4, 1e-5));
    }

    void OnlyWhatIsTrainableIsTrained() {
        const auto encoder = encoderOf(saved(smallNet()), 6);
        QCOMPARE(encoder->weights().size(), std::size_t{1});
        QCOMPARE(encoder->weights()[0].name, std::string("kernel"));
        QCOMPARE(encoder->statistics().size(), std::size_t{2});  // frozen and mean
        encoder->embed(torch::rand({4, 3, 8, 8}), {Pass::Mode::Train, {}}).select(1, 0).sum().backward();
        QVERIFY(encoder->weights()[0].tensor.grad().abs().sum().item<float>() > 0);
    }

    void AnotherDimensionIsProjected() {
        const std::filesystem::path file = saved(smallNet());
        const auto encoder = encoderOf(file, 2);
        QCOMPARE(encoder->embed(torch::rand({4, 3, 8, 8}), {}).sizes().vec(), (std::vector<std::int64_t>{4, 2}));
        QCOMPARE(encoder->weights().size(), std::size_t{3});
        QVERIFY(torch::equal(encoder->weights()[1].tensor, encoderOf(file, 2)->weights()[1].tensor));
    }

    void TrainingMovesItsStatisticsAndEvaluationDoesNot() {
        const auto encoder = encoderOf(saved(smallNet()), 6);
        const torch::Tensor mean = encoder->statistics()[1].tensor;
        encoder->embed(torch::rand({4, 3, 8, 8}), {Pass::Mode::Evaluate, {}});
        QCOMPARE(mean.abs().sum().item<float>(), 0.0F);
        encoder->embed(torch::rand({4, 3, 8, 8}), {Pass::Mode::Train, {}});
        QVERIFY(mean.abs().sum().item<float>() > 0);
    }

    void StopIsHonoured() {
        const auto encoder = encoderOf(saved(smallNet()), 6);
        std::stop_source source;
        const torch::Tensor rows = encoder->embed(torch::rand({2, 3, 8, 8}), {Pass::Mode::Train, source.get_token()});
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(rows.sum().backward(), StopRequested);
        QVERIFY_EXCEPTION_THROWN(encoder->embed(torch::rand({2, 3, 8, 8}), {Pass::Mode::Train, source.get_token()}),
                                 StopRequested);
    }

    void FilesThatCannotServeAreSentences() {
        const auto contains = [](const std::string& text, const char* part) {
            return QString::fromStdString(text).contains(part);
        };
        QVERIFY(contains(refusalOf("/nowhere/net.pt"), "is not there"));
        QFile garbage(folder_.filePath("garbage.pt"));
        QVERIFY(garbage.open(QIODevice::WriteOnly));
        garbage.write(QByteArray(1000, 'x'));
        garbage.close();
        QVERIFY(contains(refusalOf(garbage.fileName().toStdString()), "is no TorchScript network"));
        QVERIFY(contains(refusalOf(saved(smallNet()), 1), "cannot take images of 1x32x32"));
        QVERIFY(contains(refusalOf(saved(netOf("return x * self.w.sum()"))), "a row of numbers for each image"));
        QVERIFY(contains(refusalOf(saved(netOf("return (x, x)"))), "puts out no tensor"));
        QVERIFY(contains(refusalOf(saved(netOf("return x.mean([0, 2, 3])"))), "a row of numbers for each image"));
    }
};

QTEST_GUILESS_MAIN(TorchScriptTest)
#include "torchscript_test.moc"
