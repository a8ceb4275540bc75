// Miner and loss, forward and backward, on seeded rows.
#include "engine/losses/loss.h"
#include "engine/machine.h"
#include "engine/miners/miner.h"
#include "tests/bench/benchmark.h"
#include "tests/bench/processor_seconds.h"
#include "tests/support/batches.h"

#include <ATen/Parallel.h>

#include <memory>
#include <string>
#include <sys/resource.h>

namespace embedscope::bench {
namespace {

struct Options {
    std::vector<std::int64_t> batches = {128, 256, 512, 1024};
    std::int64_t dimension = 64;
    int threads = 0;
    int runs = 15;
};

struct Recipe {
    std::string name;
    Choice loss, miner;
};

struct Time {
    double wall = 0, cpu = 0;  ///< Milliseconds; of all threads, waiting threads that spin included.
};

long peakMegabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

Time timeOf(const Recipe& recipe, const Batch& batch, int classes) {
    LossSetting setting;
    setting.dimension = static_cast<int>(batch.embeddings.size(1));
    setting.classes = classes;
    const auto loss = makeLoss(recipe.loss, setting);
    const auto miner = makeMiner(recipe.miner, 1);
    const torch::Tensor rows = batch.embeddings.detach().clone().requires_grad_(true);
    const Clock::time_point start = Clock::now();
    const double cpu = processorSeconds();
    const Tuples tuples = miner->mine(rows.detach(), batch.labels);
    loss->evaluate(rows, batch.labels, tuples).loss.backward();
    return {1000 * secondsSince(start), 1000 * (processorSeconds() - cpu)};
}

/// The median of several runs, the first two, which warm caches up, left out.
Time medianTime(const Recipe& recipe, const Batch& batch, int classes, int runs) {
    std::vector<double> wall, cpu;
    for (int run = 0; run < runs + 2; ++run) {
        const Time time = timeOf(recipe, batch, classes);
        if (run < 2 && runs > 1) continue;
        wall.push_back(time.wall);
        cpu.push_back(time.cpu);
    }
    return {medianOf(wall), medianOf(cpu)};
}

std::vector<Recipe> recipes() {
    std::vector<Recipe> all = {
        {"triplet_semi_hard", {"triplet_margin", {{"margin", 0.2}}}, {"semi_hard", {}}},
        {"triplet_squared_semi_hard", {"triplet_squared", {}}, {"semi_hard", {}}},
        {"triplet_batch_hard", {"triplet_margin", {{"margin", 0.2}}}, {"batch_hard", {}}},
        {"contrastive_all_pairs", {"contrastive_linear", {}}, {"all", {}}},
        {"contrastive_squared_all_pairs", {"contrastive_squared", {}}, {"all", {}}},
        {"multi_similarity_mined", {"multi_similarity", {}}, {"multi_similarity", {}}},
        {"supcon", {"supcon", {}}, {"all", {}}},
        {"nt_xent_labels", {"nt_xent", {}}, {"all", {}}},
    };
    for (const CatalogEntry& row : lossCatalog()) all.push_back({row.id, {row.id, {}}, {"all", {}}});
    return all;
}

/// Beyond this only what does not take minutes or all memory.
constexpr std::int64_t kLargeBatch = 2048;

std::vector<Recipe> recipesFor(std::int64_t batch) {
    if (batch < kLargeBatch) return recipes();
    return {{"triplet_semi_hard", {"triplet_margin", {}}, {"semi_hard", {}}},
            {"triplet_all", {"triplet_squared", {}}, {"all", {}}}};
}

void measure(const Options& options) {
    if (options.threads > 0) at::set_num_threads(options.threads);
    for (const std::int64_t size : options.batches) {
        const auto classes = static_cast<int>(std::max<std::int64_t>(2, size / 4));
        const Batch batch = seededBatch(size, options.dimension, classes, 1, torch::kFloat32);
        for (const Recipe& recipe : recipesFor(size)) {
            const Time time = medianTime(recipe, batch, classes, size < kLargeBatch ? options.runs : 1);
            print({{"bench", "loss"},
                   {"name", recipe.name},
                   {"batch", size},
                   {"threads", at::get_num_threads()},
                   {"ms", rounded(time.wall)},
                   {"cpu_ms", rounded(time.cpu)},
                   {"peak_megabytes", peakMegabytes()}});
        }
    }
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("--batch", options->batches, "Sizes; from 2048 two losses only");
    command.add_option("--dimension", options->dimension);
    command.add_option("--threads", options->threads, "0: all cores");
    command.add_option("--runs", options->runs, "Of which the median is taken");
    return [options] { measure(*options); };
}

}  // namespace

Benchmark lossBenchmark() {
    return {"loss", "Miner and loss, forward and backward", prepare};
}

}  // namespace embedscope::bench
