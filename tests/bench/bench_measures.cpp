// How long all measures take and what memory they need; with a limit it is stopped then, and the line says so.
#include "engine/measures.h"
#include "tests/bench/benchmark.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <sys/resource.h>
#include <thread>

namespace embedscope::bench {
namespace {

constexpr int kClasses = 100;

struct Options {
    std::size_t rows = 10'000;
    int dimension = 64;
    double limit = 1e9;
};

/// Requests a stop after some seconds, unless it ends before.
class Alarm {
public:
    Alarm(double seconds, std::stop_source& stop)
        : thread_([seconds, &stop](const std::stop_token& finished) {
              std::mutex mutex;
              std::condition_variable_any done;
              std::unique_lock lock(mutex);
              done.wait_for(lock, finished, std::chrono::duration<double>(seconds), [] { return false; });
              if (!finished.stop_requested()) stop.request_stop();
          }) {}

private:
    std::jthread thread_;
};

void measure(const Options& options) {
    std::mt19937 random(1);
    std::normal_distribution<float> noise;
    const auto dimension = static_cast<std::size_t>(options.dimension);
    std::vector<float> embeddings(options.rows * dimension);
    for (float& value : embeddings) value = noise(random);
    std::vector<std::int32_t> labels(options.rows);
    for (std::size_t i = 0; i < options.rows; ++i) {
        labels[i] = static_cast<std::int32_t>(i % kClasses);
        embeddings[i * dimension + i % kClasses % dimension] += 3;
    }
    MeasureOptions fitted;
    fitted.fitted = embeddings;
    fitted.fittedLabels = labels;

    std::stop_source stop;
    const Clock::time_point start = Clock::now();
    bool stopped = false;
    {
        const Alarm alarm(options.limit, stop);
        stopped = !measureAll(embeddings, options.dimension, labels, fitted, stop.get_token());
    }
    const double seconds = secondsSince(start);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    print({{"bench", "measures"},
           {"rows", options.rows},
           {"dimension", options.dimension},
           {"seconds", rounded(seconds)},
           {"peak_megabytes", usage.ru_maxrss / 1024},
           {"stopped", stopped}});
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("--rows", options->rows);
    command.add_option("--dimension", options->dimension);
    command.add_option("--limit", options->limit, "Seconds after which it is stopped");
    return [options] { measure(*options); };
}

}  // namespace

Benchmark measuresBenchmark() {
    return {"measures", "All measures of the hold-out at once", prepare};
}

}  // namespace embedscope::bench
