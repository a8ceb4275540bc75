// What a step of each optimiser costs on the weights of an encoder, in one pass over memory and by tensor operations;
// prints JSON lines: embedscope_bench_optimizer [ENCODER]

#include "engine/encoders/encoder.h"
#include "engine/machine.h"
#include "engine/training/optimizer.h"
#include "engine/training/stopwatch.h"

#include <algorithm>
#include <cstdio>
#include <limits>

using namespace embedscope;

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

}  // namespace

int main(int argc, char** argv) {
    prepareProcess();
    const auto encoder = makeEncoder({argc > 1 ? argv[1] : "resnet18_cifar", {}}, {});
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
        std::printf(
            "{\"optimizer\": \"%s\", \"weights\": %lld, \"one_pass_ms\": %.2f, \"tensors_ms\": %.2f, \"ratio\": "
            "%.2f}\n",
            entry.id.c_str(), static_cast<long long>(count), onePass, operations, operations / onePass);
    }
}
