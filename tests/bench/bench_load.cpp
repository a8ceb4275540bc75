// Opening a folder: decoded anew, decoded into the cache, and from the cache, beside the same files read with nothing
// but OpenCV on as many threads. With --growth the same for 1,000, 10,000 … images, and a few training steps on each.
#include "engine/data_load.h"
#include "engine/image_cache.h"
#include "engine/machine.h"
#include "engine/training/trainer.h"
#include "tests/bench/bell.h"
#include "tests/bench/benchmark.h"
#include "tests/bench/made_images.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <atomic>
#include <fstream>
#include <memory>
#include <optional>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <thread>

namespace embedscope::bench {
namespace {

struct Options {
    DataSettings data;
    MadeImages made;
    int threads = 0;
    int rounds = 3;
    bool growth = false;
    std::size_t growthTo = 1'000'000;
    int steps = 100;
};

/// Of this thread and those that it starts, so that a load has as many.
void useCores(int count) {
    cpu_set_t allowed, some;
    sched_getaffinity(0, sizeof allowed, &allowed);
    CPU_ZERO(&some);
    for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&some) < count; ++core)
        if (CPU_ISSET(core, &allowed)) CPU_SET(core, &some);
    if (sched_setaffinity(0, sizeof some, &some) != 0) throw std::runtime_error("The threads cannot be bounded.");
}

struct Loaded {
    std::shared_ptr<const DataSet> data;
    double seconds = 0;
    double secondsToPreview = 0;
};

Loaded loadTimed(const DataSettings& settings, const ImageCache& cache) {
    Bell bell;
    Loaded result;
    const Clock::time_point start = Clock::now();
    DataLoad load(
        settings, [&bell] { bell.ring(); }, cache);
    for (;; bell.wait()) {
        const auto state = load.latest();
        if (result.secondsToPreview == 0 && !state->preview.empty()) result.secondsToPreview = secondsSince(start);
        if (state->phase == LoadPhase::Failed) throw std::runtime_error(state->message);
        if (state->phase != LoadPhase::Done) continue;
        result.seconds = secondsSince(start);
        result.data = state->dataSet;
        return result;
    }
}

/// What a script of a few lines does: read, resize, next. @return Seconds; 0 for samples that are no files of their
/// own.
double plainSeconds(const DataSet& data) {
    if (!std::filesystem::is_regular_file(data.root / data.samples.front().path)) return 0;
    const Clock::time_point start = Clock::now();
    std::atomic<std::size_t> next = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < availableCores(); ++t)
            threads.emplace_back([&] {
                cv::Mat image;
                for (std::size_t i = next++; i < data.size(); i = next++) {
                    image = cv::imread((data.root / data.samples[i].path).string());
                    const cv::Size wanted(data.shape.width, data.shape.height);
                    if (!image.empty() && image.size() != wanted)
                        cv::resize(image, image, wanted, 0, 0, cv::INTER_AREA);
                }
            });
    }
    return secondsSince(start);
}

void printLoad(const char* what, const Loaded& loaded) {
    const auto images = static_cast<double>(loaded.data->size());
    print({{"bench", "load"},
           {"case", what},
           {"images", loaded.data->size()},
           {"side", loaded.data->shape.width},
           {"threads", availableCores()},
           {"seconds", rounded(loaded.seconds)},
           {"seconds_to_preview", rounded(loaded.secondsToPreview)},
           {"images_per_second", std::llround(images / loaded.seconds)}});
}

/// A cache of its own, which is removed at the end.
class EmptyCache {
public:
    EmptyCache() : base_(makeTemporaryFolder()) { cache_ = {base_ / "images", std::uint64_t{1} << 40}; }
    ~EmptyCache() {
        std::error_code ignored;
        std::filesystem::remove_all(base_, ignored);
    }
    EmptyCache(const EmptyCache&) = delete;
    EmptyCache& operator=(const EmptyCache&) = delete;
    const ImageCache& get() const { return cache_; }

private:
    std::filesystem::path base_;
    ImageCache cache_;
};

void measureOnce(const DataSettings& settings) {
    const EmptyCache cache;
    const Loaded plain = loadTimed(settings, {});
    printLoad("decoded", plain);
    printLoad("decoded_into_cache", loadTimed(settings, cache.get()));
    awaitImageCache();
    const Loaded known = loadTimed(settings, cache.get());
    if (!known.data->fromCache) throw std::runtime_error("The second opening did not come from the cache.");
    printLoad("from_cache", known);
    if (const double seconds = plainSeconds(*plain.data); seconds > 0)
        print({{"bench", "load"},
               {"case", "plain_opencv"},
               {"images", plain.data->size()},
               {"threads", availableCores()},
               {"seconds", rounded(seconds)},
               {"images_per_second", std::llround(static_cast<double>(plain.data->size()) / seconds)}});
}

/// The most memory that was resident since restartPeak(), in MiB.
long peakMegabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6)) / 1024;
    return 0;
}

void restartPeak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

double stepsPerSecond(const std::shared_ptr<const DataSet>& data, int steps) {
    Experiment experiment;
    Trainer trainer(experiment, data, torch::kCPU);
    const Clock::time_point start = Clock::now();
    for (int i = 0; i < steps; ++i) trainer.step({});
    return steps / secondsSince(start);
}

void measureGrowth(const Options& options) {
    for (std::size_t count = 1'000; count <= options.growthTo; count *= 10) {
        MadeImages images = options.made;
        images.count = count;
        const MadeFolder folder(images);
        const EmptyCache cache;
        DataSettings settings = options.data;
        settings.folder = folder.path();
        restartPeak();
        const double first = loadTimed(settings, cache.get()).seconds;
        awaitImageCache();
        const long peakFirst = peakMegabytes();
        restartPeak();
        const Loaded known = loadTimed(settings, cache.get());
        const long peakKnown = peakMegabytes();
        const auto data = withHoldOut(*known.data, settings, 1);
        const double steps = stepsPerSecond(data, options.steps);
        print({{"bench", "load"},
               {"case", "growth"},
               {"images", count},
               {"side", known.data->shape.width},
               {"megabytes", known.data->pixels.size() >> 20},
               {"seconds_first", rounded(first)},
               {"seconds_from_cache", rounded(known.seconds)},
               {"peak_megabytes_first", peakFirst},
               {"peak_megabytes_from_cache", peakKnown},
               {"steps_per_second", rounded(steps)},
               {"peak_megabytes_training", peakMegabytes()}});
    }
}

void measure(const Options& options) {
    if (options.threads > 0) useCores(options.threads);
    if (options.growth) return measureGrowth(options);
    DataSettings settings = options.data;
    std::optional<MadeFolder> made;
    if (settings.folder.empty()) settings.folder = made.emplace(options.made).path();
    for (int round = 0; round < options.rounds; ++round) measureOnce(settings);
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("folder", options->data.folder, "Of images; made for the purpose if none");
    command.add_option("--images", options->made.count, "Made ones");
    command.add_option("--width", options->made.width, "Of made ones, in pixels");
    command.add_option("--height", options->made.height);
    command.add_option("--different", options->made.different, "Of made ones; the others are links to these");
    command.add_option("--image-size", options->data.imageSize, "That the encoder sees; 0: chosen");
    command.add_option("--threads", options->threads, "Cores that are used; 0: all");
    command.add_option("--rounds", options->rounds);
    command.add_flag("--growth", options->growth, "Time and memory for 1,000, 10,000 … images");
    command.add_option("--growth-to", options->growthTo);
    command.add_option("--steps", options->steps, "Of training, with --growth");
    return [options] { measure(*options); };
}

}  // namespace

Benchmark loadBenchmark() {
    return {"load", "Opening a folder, from files and from the cache, beside plain OpenCV", prepare};
}

}  // namespace embedscope::bench
