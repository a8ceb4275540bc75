// What runs side by side cost: twins in one process against one run of the same steps, and against as many processes.
//   embedscope_bench_twins [FOLDER] [--runs 4] [--epochs 2] [--rounds 3] [--threads 0] [--augmentation ID]
// Each measurement is a process of its own, so that peak memory is its own too. A JSON line a measurement and one at
// the end with medians over the rounds: "compute_ratio" (asked: at most 4.05 for four), "cpu_ratio",
// "against_processes" (asked: below 1) and "memory_against_processes".

#include "engine/data_load.h"
#include "engine/machine.h"
#include "engine/run.h"
#include "engine/twins.h"
#include "tests/bench/bell.h"
#include "tests/bench/processor_seconds.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace embedscope;
using bench::Bell, bench::processorSeconds;
using nlohmann::json;

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    Experiment experiment;
    int runs = 4, rounds = 3;
    int inThisProcess = 0;  ///< Trains so many here and prints what it took; 0: measures.
};

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double cpuSeconds(const rusage& usage) {
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::shared_ptr<const DataSet> load(const Experiment& experiment) {
    Bell bell;
    DataLoad loading(experiment.data, [&bell] { bell.ring(); });
    while (true) {
        const auto state = loading.latest();
        if (state->phase == LoadPhase::Failed) throw std::runtime_error(state->message);
        if (state->phase == LoadPhase::Done) return withHoldOut(*state->dataSet, experiment.data, experiment.seed);
        bell.wait();
    }
}

/// Trains `count` runs that differ in their margin, and prints what the training alone took.
void trainHere(const Options& options, int count) {
    const std::shared_ptr<const DataSet> data = load(options.experiment);
    Bell bell;
    const auto twins = count > 1 ? makeTwins(static_cast<std::size_t>(count), Pace::LockStep) : nullptr;
    const double cpuBefore = processorSeconds();
    const Clock::time_point begin = Clock::now();
    std::vector<std::unique_ptr<Run>> runs;
    for (int i = 0; i < count; ++i) {
        RunStart start;
        start.experiment = options.experiment;
        start.experiment.loss.parameters["margin"] = 0.2 + 0.1 * i;
        start.data = data;
        start.wakeUp = [&bell] { bell.ring(); };
        start.twins = twins;
        start.twin = static_cast<std::size_t>(i);
        runs.push_back(startTrainingRun(std::move(start)));
    }
    while (!std::ranges::all_of(runs, [](const auto& run) { return run->latest()->ended(); })) bell.wait();
    for (const auto& run : runs)
        if (run->latest()->phase != RunPhase::Finished) throw std::runtime_error(run->latest()->message);
    json line{{"training_seconds", secondsSince(begin)},
              {"training_cpu_seconds", processorSeconds() - cpuBefore},
              {"steps", runs.front()->latest()->step}};
    if (twins) line["batches_made"] = sharedBatches(*twins).made;
    std::cout << line << std::endl;
}

/// A process of this program that trains `count` runs.
struct Child {
    pid_t process = -1;
    int output = -1;
};

Child spawn(const std::vector<std::string>& arguments, int count) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("No pipe can be made.");
    const pid_t process = fork();
    if (process < 0) throw std::runtime_error("No process can be started.");
    if (process == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        std::vector<std::string> own = arguments;
        own.insert(own.end(), {"--in-this-process", std::to_string(count)});
        std::vector<char*> raw;
        for (std::string& argument : own) raw.push_back(argument.data());
        raw.push_back(nullptr);
        execv("/proc/self/exe", raw.data());
        _exit(127);
    }
    close(ends[1]);
    return {process, ends[0]};
}

json await(const Child& child) {
    std::string text;
    char block[4096];
    for (ssize_t count = 0; (count = read(child.output, block, sizeof block)) > 0;)
        text.append(block, static_cast<std::size_t>(count));
    close(child.output);
    int status = 0;
    rusage usage{};
    if (wait4(child.process, &status, 0, &usage) < 0 || status != 0)
        throw std::runtime_error("A measured process failed.");
    json result = json::parse(text);
    result["peak_mb"] = static_cast<double>(usage.ru_maxrss) / 1024;
    result["cpu_seconds"] = cpuSeconds(usage);
    return result;
}

/// `processes` at once, each with `runsEach`.
json measure(const std::vector<std::string>& arguments, int processes, int runsEach) {
    const Clock::time_point begin = Clock::now();
    std::vector<Child> children;
    for (int i = 0; i < processes; ++i) children.push_back(spawn(arguments, runsEach));
    json sum{{"processes", processes}, {"runs_each", runsEach}, {"peak_mb", 0.0}, {"cpu_seconds", 0.0}};
    for (const Child& child : children) {
        const json one = await(child);
        for (const char* added : {"peak_mb", "cpu_seconds"})
            sum[added] = sum[added].get<double>() + one.at(added).get<double>();
        for (const auto& [key, value] : one.items())
            if (!sum.contains(key)) sum[key] = value;
    }
    sum["seconds"] = secondsSince(begin);
    std::cout << sum << std::endl;
    return sum;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void compare(const std::vector<std::string>& arguments, const Options& options) {
    std::vector<double> compute, cpu, against, memory;
    for (int round = 0; round < options.rounds; ++round) {
        const json alone = measure(arguments, 1, 1);
        const json together = measure(arguments, 1, options.runs);
        const json apart = measure(arguments, options.runs, 1);
        const auto ratio = [](const json& a, const json& b, const char* key) {
            return a.at(key).get<double>() / b.at(key).get<double>();
        };
        compute.push_back(ratio(together, alone, "training_seconds"));
        cpu.push_back(ratio(together, alone, "training_cpu_seconds"));
        against.push_back(ratio(together, apart, "seconds"));
        memory.push_back(ratio(together, apart, "peak_mb"));
    }
    std::cout << json{{"runs", options.runs},
                      {"compute_ratio", median(compute)},
                      {"cpu_ratio", median(cpu)},
                      {"against_processes", median(against)},
                      {"memory_against_processes", median(memory)}}
              << std::endl;
}

}  // namespace

int main(int argc, char** argv) try {
    Options options;
    options.experiment.loss = {"triplet_margin", {}};
    options.experiment.epochs = 2;
    CLI::App app("What runs side by side cost.");
    app.add_option("folder", options.experiment.data.folder);
    app.add_option("--runs", options.runs)->check(CLI::Range(2, 16));
    app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 100));
    app.add_option("--epochs", options.experiment.epochs);
    app.add_option("--threads", options.experiment.threads);
    app.add_option("--augmentation", options.experiment.augmentation.id);
    app.add_option("--in-this-process", options.inThisProcess)->group("");
    CLI11_PARSE(app, argc, argv);
    if (options.experiment.data.folder.empty()) options.experiment.data.folder = bundledSampleFolder();
    if (options.inThisProcess > 0) {
        prepareProcess();
        trainHere(options, options.inThisProcess);
    } else {
        compare({argv, argv + argc}, options);
    }
    return 0;
} catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
}
