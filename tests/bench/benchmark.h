#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iostream>
#include <vector>

namespace embedscope::bench {

/// What measures and prints, once the options are parsed.
using Measurement = std::function<void()>;

/// One sub-command of embedscope_bench.
struct Benchmark {
    const char* name;
    const char* help;
    Measurement (*prepare)(CLI::App& command);  ///< Adds its options to the sub-command.
};

Benchmark trainBenchmark();
Benchmark lossBenchmark();
Benchmark layersBenchmark();
Benchmark loadBenchmark();
Benchmark neighborsBenchmark();
Benchmark tsneBenchmark();
Benchmark umapBenchmark();
Benchmark liveBenchmark();
Benchmark pairsBenchmark();
Benchmark renderBenchmark();
Benchmark augmentBenchmark();
Benchmark optimizerBenchmark();
Benchmark measuresBenchmark();

using Line = nlohmann::ordered_json;

/// One line of JSON, at once.
inline void print(const Line& line) {
    std::cout << line << std::endl;
}

/// For numbers that are read: 3 digits after the point.
inline double rounded(double value) {
    return std::round(1000 * value) / 1000;
}

using Clock = std::chrono::steady_clock;

inline double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// @param values Not empty.
inline double medianOf(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace embedscope::bench
