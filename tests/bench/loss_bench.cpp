// Miner and loss, forward and backward, on seeded rows: one JSON line a measurement. `embedscope_bench_loss large` runs
// batch 4096 instead and adds the peak memory of the process; `embedscope_bench_loss table 1` uses one thread.
#include "engine/losses/loss.h"
#include "engine/machine.h"
#include "engine/miners/miner.h"
#include "tests/support/batches.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <sys/resource.h>
#include <vector>

namespace {

using namespace embedscope;

struct Recipe {
    const char* name;
    Choice loss, miner;
};

struct Time {
    double wall = 0, cpu = 0;  ///< Milliseconds; of all threads, waiting threads that spin included.
};

double cpuMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Time timeOf(const Recipe& recipe, const Batch& batch, int classes) {
    LossSetting setting;
    setting.dimension = static_cast<int>(batch.embeddings.size(1));
    setting.classes = classes;
    const auto loss = makeLoss(recipe.loss, setting);
    const auto miner = makeMiner(recipe.miner, 1);
    const torch::Tensor rows = batch.embeddings.detach().clone().requires_grad_(true);
    const auto start = std::chrono::steady_clock::now();
    const double cpu = cpuMilliseconds();
    const Tuples tuples = miner->mine(rows.detach(), batch.labels);
    loss->evaluate(rows, batch.labels, tuples).loss.backward();
    return {std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count(),
            cpuMilliseconds() - cpu};
}

double medianOf(std::vector<double> times) {
    std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
    return times[times.size() / 2];
}

/// The median of several runs, the first two, which warm caches up, left out.
Time medianOf(const Recipe& recipe, const Batch& batch, int classes, int runs) {
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
    for (const CatalogEntry& row : lossCatalog()) all.push_back({row.id.c_str(), {row.id, {}}, {"all", {}}});
    return all;
}

void measureTable() {
    for (const std::int64_t size : {128, 256, 512, 1024}) {
        const Batch batch = seededBatch(size, 64, size / 4, 1, torch::kFloat32);
        for (const Recipe& recipe : recipes()) {
            const Time time = medianOf(recipe, batch, static_cast<int>(size / 4), 15);
            std::printf("{\"name\": \"%s\", \"batch\": %lld, \"ms\": %.3f, \"cpu_ms\": %.3f}\n", recipe.name,
                        static_cast<long long>(size), time.wall, time.cpu);
        }
        std::fflush(stdout);
    }
}

void measureLarge() {
    const Batch batch = seededBatch(4096, 64, 1024, 1, torch::kFloat32);
    const std::vector<Recipe> large = {{"triplet_semi_hard", {"triplet_margin", {}}, {"semi_hard", {}}},
                                       {"triplet_all", {"triplet_squared", {}}, {"all", {}}}};
    for (const Recipe& recipe : large) {
        const Time time = medianOf(recipe, batch, 1024, 1);
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("{\"name\": \"%s\", \"batch\": 4096, \"ms\": %.1f, \"peak_mib\": %ld}\n", recipe.name, time.wall,
                    usage.ru_maxrss / 1024);
    }
}

}  // namespace

int main(int count, char** arguments) {
    prepareProcess();
    const std::string_view what = count > 1 ? arguments[1] : "";
    if (count > 2) at::set_num_threads(std::max(1, std::atoi(arguments[2])));
    if (what == "large")
        measureLarge();
    else
        measureTable();
}
