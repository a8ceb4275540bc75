// Prints a JSON line for each augmentation, image size and number of threads:
//   {"name": "simclr_cifar", "side": 32, "channels": 3, "threads": 1, "views_per_second": …, "microseconds": …,
//    "copy": …, "batch": …}
// "copy" is the time in that of copying the same bytes, "batch" in that of imageBatch with the same images and threads,
// which is what a batch costs without augmentation. All in one run, as the machine's own speed wanders.

#include "engine/images/augment.h"
#include "engine/training/image_batch.h"

#include <ATen/Parallel.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

using namespace embedscope;

namespace {

constexpr int kBatch = 64;
constexpr double kSeconds = 0.4;

/// Coloured blobs: neither noise nor flat, as photographs.
DataSet blobs(int side, int channels) {
    DataSet data;
    data.shape = {side, side, channels};
    data.samples.resize(kBatch);
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(kBatch * data.shape.bytes());
    std::mt19937 noise(3);
    for (std::size_t i = 0; i < pixels->size(); ++i)
        (*pixels)[i] = static_cast<std::uint8_t>((i / 7 * 3 + i % 7 * 11 + noise() % 64) % 256);
    data.pixels = std::move(pixels);
    return data;
}

/// The fastest of many calls.
double seconds(const std::function<void()>& work) {
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    double best = 1e9;
    for (auto last = begin; std::chrono::duration<double>(last - begin).count() < kSeconds;) {
        work();
        const auto now = Clock::now();
        best = std::min(best, std::chrono::duration<double>(now - last).count());
        last = now;
    }
    return best;
}

void measure(const DataSet& data, int threads) {
    at::set_num_threads(threads);
    const std::vector<std::int32_t> samples = [] {
        std::vector<std::int32_t> all(kBatch);
        std::iota(all.begin(), all.end(), 0);
        return all;
    }();
    const PixelScale scale = pixelScale(data);
    std::vector<std::uint8_t> copies(data.pixels->size());
    const double copy = seconds([&] { std::memcpy(copies.data(), data.pixels->data(), copies.size()); });
    const double batch = seconds([&] { imageBatch(data, scale, samples); });
    for (const CatalogEntry& row : augmentationCatalog()) {
        const Augmenter augmenter({row.id, {}}, data.shape);
        std::uint64_t step = 0;
        const double views = seconds([&] { viewBatch(data, scale, samples, {augmenter, 1, 7, ++step}); });
        std::printf(
            "{\"name\": \"%s\", \"side\": %d, \"channels\": %d, \"threads\": %d, \"views_per_second\": %.0f, "
            "\"microseconds\": %.2f, \"copy\": %.1f, \"batch\": %.2f}\n",
            row.id.c_str(), data.shape.width, data.shape.channels, threads, kBatch / views, 1e6 * views / kBatch,
            views / copy, views / batch);
    }
}

}  // namespace

int main() {
    for (const int side : {32, 96})
        for (const int threads : {1, 2}) measure(blobs(side, 3), threads);
    measure(blobs(28, 1), 1);
    return 0;
}
