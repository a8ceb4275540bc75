#include "engine/encoders/norm_pool.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/types.h>

#include <QTest>

#include <atomic>
#include <cmath>
#include <vector>

using namespace embedscope;

namespace {

struct Block {
    Convolution convolution;
    BatchNorm norm;
};

Block makeBlock(int in, int out) {
    LayerBuilder build(5, torch::kCPU);
    Block block{build.convolution("conv", in, out, 3), build.batchNorm("norm", out)};
    const torch::NoGradGuard noGradient;
    const at::Generator generator = at::detail::createCPUGenerator(8);
    block.norm.scale.copy_(torch::randn({out}, generator));  // some below zero
    block.norm.shift.copy_(torch::randn({out}, generator));
    return block;
}

torch::Tensor pictures(std::vector<std::int64_t> shape) {
    const at::Generator generator = at::detail::createCPUGenerator(3);
    return torch::randn(shape, generator).contiguous(at::MemoryFormat::ChannelsLast);
}

/// What a pass leaves: its result and the gradients of the pictures and of all weights.
struct Left {
    torch::Tensor result;
    std::vector<torch::Tensor> gradients;
    torch::Tensor runningMean, runningVariance;
};

template <typename Layers>
Left leftBy(const Layers& layers, const torch::Tensor& given, int out) {
    const Block block = makeBlock(static_cast<int>(given.size(1)), out);
    const torch::Tensor images = given.detach().clone(at::MemoryFormat::Preserve).set_requires_grad(true);
    const torch::Tensor result = layers(block, images);
    (result * pictures(result.sizes().vec())).sum().backward();
    return {result.detach(),
            {images.grad(), block.convolution.weight.grad(), block.norm.scale.grad(), block.norm.shift.grad()},
            block.norm.runningMean,
            block.norm.runningVariance};
}

torch::Tensor ofTorch(const Block& block, const torch::Tensor& images) {
    return torch::max_pool2d(apply(block.convolution, block.norm, images, {Pass::Mode::Train, {}}), 2).relu();
}

torch::Tensor ours(const Block& block, const torch::Tensor& images) {
    return applyPooled(block.convolution, block.norm, images, {Pass::Mode::Train, {}});
}

/// Largest difference, relative to the largest number.
double apart(const torch::Tensor& a, const torch::Tensor& b) {
    return (a - b).abs().max().item<double>() / std::max(1e-6, b.abs().max().item<double>());
}

}  // namespace

class NormPoolTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void IsWhatTorchsLayersAre_data() {
        QTest::addColumn<std::vector<std::int64_t>>("shape");
        QTest::addColumn<int>("out");
        QTest::newRow("even") << std::vector<std::int64_t>{6, 3, 16, 12} << 32;
        QTest::newRow("odd lines and columns") << std::vector<std::int64_t>{5, 3, 9, 13} << 16;
        QTest::newRow("odd channels") << std::vector<std::int64_t>{4, 1, 8, 8} << 13;
        QTest::newRow("fewer channels than a vector") << std::vector<std::int64_t>{4, 2, 10, 7} << 5;
        QTest::newRow("more pixels than a partial sum") << std::vector<std::int64_t>{9, 3, 32, 32} << 8;
    }
    void IsWhatTorchsLayersAre() {
        QFETCH(std::vector<std::int64_t>, shape);
        QFETCH(int, out);
        const torch::Tensor images = pictures(shape) * 2 + 1;
        const Left expected = leftBy(ofTorch, images, out), found = leftBy(ours, images, out);
        QVERIFY(apart(found.result, expected.result) < 1e-5);
        for (std::size_t i = 0; i < found.gradients.size(); ++i)
            QVERIFY2(apart(found.gradients[i], expected.gradients[i]) < 2e-5,
                     qPrintable(QStringLiteral("%1: %2").arg(i).arg(apart(found.gradients[i], expected.gradients[i]))));
        QVERIFY(apart(found.runningMean, expected.runningMean) < 1e-5);
        QVERIFY(apart(found.runningVariance, expected.runningVariance) < 1e-5);
    }

    void EvaluatingIsWhatTorchsLayersAre() {
        const torch::NoGradGuard noGradient;
        const Block block = makeBlock(3, 12);
        const torch::Tensor images = pictures({3, 3, 11, 10});
        const Pass pass{Pass::Mode::Evaluate, {}};
        QVERIFY(torch::equal(applyPooled(block.convolution, block.norm, images, pass),
                             torch::max_pool2d(apply(block.convolution, block.norm, images, pass), 2).relu()));
    }

    void IsTheSameOnAnyNumberOfThreads() {
        const torch::Tensor images = pictures({16, 3, 32, 32});
        const Block block = makeBlock(3, 32);
        const torch::Tensor maps = convolution(block.convolution, images).detach();
        const int threads = at::get_num_threads();
        std::vector<torch::Tensor> results;
        for (const int count : {1, 2}) {
            at::set_num_threads(count);
            // A convolution of one pixel and one channel to itself: only the norm and the maxima are compared.
            const torch::Tensor leaf = maps.clone(at::MemoryFormat::Preserve).set_requires_grad(true);
            const Convolution none{torch::ones({32, 1, 1, 1}), 1, 32};
            const torch::Tensor result = applyPooled(none, block.norm, leaf, {Pass::Mode::Train, {}});
            result.square().sum().backward();
            results.push_back(result.detach());
            results.push_back(leaf.grad());
        }
        at::set_num_threads(threads);
        QVERIFY(torch::equal(results[0], results[2]));
        QVERIFY(torch::equal(results[1], results[3]));
    }

    /// Without OpenMP in the compiler's options they take one, and nothing says so.
    void LoopsInTorchsHeadersTakeTheThreadsTheyAreGiven() {
#if defined(__SANITIZE_THREAD__)
        QSKIP("Under ThreadSanitizer they run on one thread, as it does not see libgomp's barriers.");
#endif
        const int threads = at::get_num_threads();
        at::set_num_threads(2);
        std::atomic<int> parts = 0;
        at::parallel_for(0, 2, 1, [&](auto, auto) { ++parts; });
        at::set_num_threads(threads);
        QCOMPARE(parts.load(), 2);
    }

    void ANumberThatIsNotFiniteIsNotHidden() {
        torch::Tensor images = pictures({2, 3, 8, 8});
        images[0][0][0][0] = std::nan("");
        const torch::Tensor result = ours(makeBlock(3, 8), images);
        QVERIFY(result.isnan().any().item<bool>());
    }
};

QTEST_APPLESS_MAIN(NormPoolTest)
#include "norm_pool_test.moc"
