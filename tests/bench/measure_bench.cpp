/// How long all measures take and what memory they need: embedscope_bench_measures ROWS DIMENSION [SECONDS]. With
/// SECONDS it is stopped then, and the line says so. Prints one line of JSON.
#include "engine/measures.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <stop_token>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace embedscope;

int main(int count, char** arguments) {
    const std::size_t rows = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 10'000;
    const int dimension = count > 2 ? std::atoi(arguments[2]) : 64;
    const double limit = count > 3 ? std::atof(arguments[3]) : 1e9;
    constexpr int kClasses = 100;

    std::mt19937 random(1);
    std::normal_distribution<float> noise;
    std::vector<float> embeddings(rows * static_cast<std::size_t>(dimension));
    for (float& value : embeddings) value = noise(random);
    std::vector<std::int32_t> labels(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        labels[i] = static_cast<std::int32_t>(i % kClasses);
        embeddings[i * static_cast<std::size_t>(dimension) + i % kClasses % static_cast<std::size_t>(dimension)] += 3;
    }
    MeasureOptions options;
    options.fitted = embeddings;
    options.fittedLabels = labels;

    std::stop_source stop;
    std::mutex mutex;
    std::condition_variable_any done;
    std::jthread alarm([&](const std::stop_token& finished) {
        std::unique_lock lock(mutex);
        done.wait_for(lock, finished, std::chrono::duration<double>(limit), [] { return false; });
        stop.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    const auto values = measureAll(embeddings, dimension, labels, options, stop.get_token());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    alarm.request_stop();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "{\"name\": \"measures\", \"rows\": %zu, \"dimension\": %d, \"seconds\": %.2f, \"peak_mib\": %ld, "
        "\"stopped\": %s}\n",
        rows, dimension, seconds, usage.ru_maxrss / 1024, values ? "false" : "true");
}
