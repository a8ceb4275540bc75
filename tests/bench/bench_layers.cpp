// What a block of the small CNN costs, forward and backward: its convolution alone, with torch's layers behind it, and
// with the one layer that stands for them; in turns, as the machine's own speed wanders.
#include "engine/encoders/norm_pool.h"
#include "tests/bench/benchmark.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/types.h>

#include <memory>

namespace embedscope::bench {
namespace {

struct Options {
    int batch = 128, side = 32, width = 32, rounds = 15, threads = 0;
};

template <typename Layers>
double milliseconds(const Layers& layers, const torch::Tensor& images) {
    const Clock::time_point start = Clock::now();
    layers(images).sum().backward();
    return 1e3 * secondsSince(start);
}

void measureBlock(const Options& options, int block) {
    const int out = options.width << block, in = block == 0 ? 3 : out / 2, side = options.side >> block;
    LayerBuilder build(1, torch::kCPU);
    const Convolution layer = build.convolution("conv", in, out, 3);
    const BatchNorm norm = build.batchNorm("norm", out);
    const at::Generator generator = at::detail::createCPUGenerator(2);
    const torch::Tensor images = torch::randn({options.batch, in, side, side}, generator)
                                     .contiguous(at::MemoryFormat::ChannelsLast)
                                     .set_requires_grad(block > 0);
    const Pass pass{Pass::Mode::Train, {}};
    const auto alone = [&](const torch::Tensor& x) { return convolution(layer, x); };
    const auto torchs = [&](const torch::Tensor& x) {
        return torch::max_pool2d(apply(layer, norm, x, pass), 2).relu_();
    };
    const auto ours = [&](const torch::Tensor& x) { return applyPooled(layer, norm, x, pass); };
    std::vector<double> ofConvolution, ofTorch, ofOurs;
    for (int round = -1; round < options.rounds; ++round) {  // the first is forgotten
        const double a = milliseconds(alone, images), b = milliseconds(torchs, images), c = milliseconds(ours, images);
        if (round < 0) continue;
        ofConvolution.push_back(a);
        ofTorch.push_back(b);
        ofOurs.push_back(c);
    }
    print({{"bench", "layers"},
           {"block", block + 1},
           {"channels", out},
           {"side", side},
           {"convolution_ms", rounded(medianOf(ofConvolution))},
           {"with_torchs_layers_ms", rounded(medianOf(ofTorch))},
           {"with_one_layer_ms", rounded(medianOf(ofOurs))},
           {"ratio", rounded(medianOf(ofTorch) / medianOf(ofOurs))}});
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("--batch", options->batch);
    command.add_option("--side", options->side, "Of the pictures");
    command.add_option("--width", options->width, "Channels of the first block");
    command.add_option("--rounds", options->rounds);
    command.add_option("--threads", options->threads, "0: all cores");
    return [options] {
        if (options->threads > 0) at::set_num_threads(options->threads);
        for (int block = 0; block < 3; ++block) measureBlock(*options, block);
    };
}

}  // namespace

Benchmark layersBenchmark() {
    return {"layers", "The blocks of the small CNN, layer by layer", prepare};
}

}  // namespace embedscope::bench
