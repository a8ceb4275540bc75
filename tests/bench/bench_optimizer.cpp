// What a step of each optimiser costs on the weights of an encoder, in one pass over memory and by tensor operations.
#include "engine/encoders/encoder.h"
#include "engine/training/optimizer.h"
#include "engine/training/stopwatch.h"
#include "tests/bench/benchmark.h"

#include <ATen/Parallel.h>

#include <limits>
#include <memory>
#include <string>

namespace embedscope::bench {
namespace {

constexpr int kRounds = 7;

/// Milliseconds of the fastest of some steps.
double milliseconds(Optimizer& optimizer) {
    double best = std::numeric_limits<double>::infinity();
    for (int round = 0; round < kRounds; ++round) {
        Stopwatch watch;
        watch.start();
        optimizer.step(1e-3);
        best = std::min(best, 1000 * watch.seconds());
    }
    return best;
}

void measureAll(const std::string& id, int threads) {
    if (threads > 0) at::set_num_threads(threads);
    const auto encoder = makeEncoder({id, {}}, {});
    WeightGroup group;
    std::int64_t count = 0;
    for (const NamedTensor& weight : encoder->weights()) {
        torch::Tensor(weight.tensor).mutable_grad() = torch::full_like(weight.tensor.detach(), 1e-3);
        group.weights.push_back(weight.tensor);
        count += weight.tensor.numel();
    }
    for (const CatalogEntry& entry : optimizerCatalog()) {
        const auto fused = makeOptimizer({entry.id, {}}, {group}, Update::Fused);
        const auto tensors = makeOptimizer({entry.id, {}}, {group}, Update::Tensors);
        const double onePass = milliseconds(*fused), operations = milliseconds(*tensors);
        print({{"bench", "optimizer"},
               {"optimizer", entry.id},
               {"weights", count},
               {"one_pass_ms", rounded(onePass)},
               {"tensors_ms", rounded(operations)},
               {"ratio", rounded(operations / onePass)}});
    }
}

Measurement prepare(CLI::App& command) {
    struct Options {
        std::string encoder = "resnet18_cifar";
        int threads = 0;
    };
    const auto options = std::make_shared<Options>();
    command.add_option("--encoder", options->encoder);
    command.add_option("--threads", options->threads, "0: all cores");
    return [options] { measureAll(options->encoder, options->threads); };
}

}  // namespace

Benchmark optimizerBenchmark() {
    return {"optimizer", "A step of each optimiser", prepare};
}

}  // namespace embedscope::bench
