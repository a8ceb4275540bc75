// Each augmentation by image size and number of threads. "copy" is its time in that of copying the same bytes, "batch"
// in that of a batch of the same images without augmentation. All in one run, as the machine's own speed wanders.
#include "engine/images/augment.h"
#include "engine/training/image_batch.h"
#include "tests/bench/benchmark.h"

#include <ATen/Parallel.h>

#include <cstring>
#include <functional>
#include <memory>
#include <numeric>
#include <random>

namespace embedscope::bench {
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
    std::vector<std::uint8_t> copies(data.pixels.size());
    const double copy = seconds([&] { std::memcpy(copies.data(), data.pixels.view().data(), copies.size()); });
    const double batch = seconds([&] { imageBatch(data, scale, samples); });
    for (const CatalogEntry& row : augmentationCatalog()) {
        const Augmenter augmenter({row.id, {}}, data.shape);
        std::uint64_t step = 0;
        const double views = seconds([&] { viewBatch(data, scale, samples, {augmenter, 1, 7, ++step}); });
        print({{"bench", "augment"},
               {"name", row.id},
               {"side", data.shape.width},
               {"channels", data.shape.channels},
               {"threads", threads},
               {"views_per_second", std::llround(kBatch / views)},
               {"microseconds", rounded(1e6 * views / kBatch)},
               {"copy", rounded(views / copy)},
               {"batch", rounded(views / batch)}});
    }
}

Measurement prepare(CLI::App& command) {
    struct Options {
        std::vector<int> sides = {32, 96}, threads = {1, 2};
        int channels = 3;
    };
    const auto options = std::make_shared<Options>();
    command.add_option("--side", options->sides, "Of the images in pixels");
    command.add_option("--threads", options->threads);
    command.add_option("--channels", options->channels)->check(CLI::IsMember({1, 3}));
    return [options] {
        for (const int side : options->sides)
            for (const int threads : options->threads) measure(blobs(side, options->channels), threads);
    };
}

}  // namespace

Benchmark augmentBenchmark() {
    return {"augment", "The random changes of images", prepare};
}

}  // namespace embedscope::bench
