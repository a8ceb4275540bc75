/// Loads a folder the way the window does, and the same files with nothing but cv::imread on two threads, in one run:
/// embedscope_bench_load FOLDER. Prints one line of JSON. Run it twice: the first time measures the disk.

#include "engine/data_load.h"

#include <opencv2/imgcodecs.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

using namespace embedscope;

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kPlainThreads = 2;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Loaded {
    std::shared_ptr<const DataSet> data;
    double seconds = 0;
    double secondsToPreview = 0;
};

Loaded loadTimed(const DataSettings& settings) {
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = true;
    Loaded result;
    const Clock::time_point start = Clock::now();
    DataLoad load(settings, [&] {
        std::lock_guard lock(mutex);
        woken = true;
        changed.notify_one();
    });
    for (;;) {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return woken; });
            woken = false;
        }
        const auto state = load.latest();
        if (result.secondsToPreview == 0 && !state->preview.empty()) result.secondsToPreview = secondsSince(start);
        if (state->phase == LoadPhase::Failed) throw std::runtime_error(state->message);
        if (state->phase != LoadPhase::Done) continue;
        result.seconds = secondsSince(start);
        result.data = state->dataSet;
        return result;
    }
}

/// @returns images/s, or "null" for samples that are no files of their own.
std::string plainImagesPerSecond(const DataSet& data) {
    if (!std::filesystem::is_regular_file(data.root / data.samples.front().path)) return "null";
    const Clock::time_point start = Clock::now();
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> read = 0;
    {
        std::vector<std::jthread> threads;
        for (unsigned t = 0; t < kPlainThreads; ++t)
            threads.emplace_back([&] {
                for (std::size_t i = next++; i < data.size(); i = next++)
                    read += cv::imread((data.root / data.samples[i].path).string()).empty() ? 0 : 1;
            });
    }
    return std::to_string(std::llround(static_cast<double>(read) / secondsSince(start)));
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 2) {
        std::cerr << "usage: embedscope_bench_load FOLDER\n";
        return 2;
    }
    DataSettings settings;
    settings.folder = arguments[1];
    const Loaded loaded = loadTimed(settings);
    const std::string plain = plainImagesPerSecond(*loaded.data);
    const auto images = static_cast<double>(loaded.data->size());
    std::printf(
        "{\"name\":\"load\",\"images\":%.0f,\"seconds\":%.3f,\"seconds_to_preview\":%.3f,\"images_per_second\":%.0f,"
        "\"plain_opencv_images_per_second\":%s}\n",
        images, loaded.seconds, loaded.secondsToPreview, images / loaded.seconds, plain.c_str());
    return 0;
} catch (const std::exception& failure) {
    std::cerr << failure.what() << "\n";
    return 1;
}
