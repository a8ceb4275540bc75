#include "engine/data_load.h"

#include "engine/images/folder_scan.h"
#include "engine/images/idx_file.h"
#include "engine/images/image_file.h"
#include "engine/images/image_shape.h"
#include "engine/images/manifest.h"
#include "engine/latest.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace embedscope {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kReportEvery = std::chrono::milliseconds(50);
constexpr std::size_t kPreviewImages = 48;
constexpr double kLargestShareOfMemory = 0.7;

/// Thrown to leave a load that was cancelled; never reaches a caller.
struct Cancelled {};

std::shared_ptr<const Image> previewOf(const ImageShape& shape, const std::uint8_t* pixels) {
    auto image = std::make_shared<Image>();
    image->shape = shape;
    image->pixels.assign(pixels, pixels + shape.bytes());
    return image;
}

void checkMemory(const fs::path& folder, double bytes) {
    const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    if (bytes <= kLargestShareOfMemory * memory) return;
    throw std::runtime_error("\"" + folder.string() + "\" needs " + std::to_string(std::llround(bytes / 1e9)) +
                             " GB decoded, this machine has " + std::to_string(std::llround(memory / 1e9)) +
                             " GB; choose a smaller image size.");
}

/// The images' own order: previews first (spread over the list), then the rest. A preview picture is decoded once.
std::vector<std::size_t> decodeOrder(std::size_t count) {
    std::vector<std::size_t> order;
    order.reserve(count);
    const std::size_t previews = std::min(count, kPreviewImages);
    std::vector<bool> taken(count);
    for (std::size_t i = 0; i < previews; ++i) {
        order.push_back(i * count / previews);
        taken[order.back()] = true;
    }
    for (std::size_t i = 0; i < count; ++i)
        if (!taken[i]) order.push_back(i);
    return order;
}

std::string skippedRemark(std::size_t skipped, std::size_t found) {
    if (skipped == 0) return {};
    return std::to_string(skipped) + " of " + std::to_string(found) + " files could not be read; see the report.";
}

}  // namespace

struct DataLoad::Impl {
    DataSettings settings;
    WakeUp wakeUp;
    Latest<LoadState> mailbox;
    std::jthread worker;

    LoadState state;  ///< The worker's own.
    Clock::time_point lastReport;

    void publish() {
        mailbox.publish(std::make_shared<const LoadState>(state));
        if (wakeUp) wakeUp();
        lastReport = Clock::now();
    }
    void publishIfDue() {
        if (Clock::now() - lastReport >= kReportEvery) publish();
    }

    void run(std::stop_token stop);
    std::shared_ptr<const DataSet> load(std::stop_token stop);
    std::shared_ptr<const DataSet> loadIdx(const std::vector<fs::path>& files, std::stop_token stop);
    std::shared_ptr<const DataSet> loadList(SourceList list, std::stop_token stop);
    void decodeAll(const SourceList& list, const ImageShape& shape, std::vector<std::uint8_t>& pixels,
                   std::vector<std::string>& failures, std::stop_token stop);
};

void DataLoad::Impl::run(std::stop_token stop) {
    try {
        state.dataSet = load(stop);
        state.phase = LoadPhase::Done;
        state.skipped = state.dataSet->skipped.size();
        state.message = skippedRemark(state.skipped, state.dataSet->size() + state.skipped);
    } catch (const Cancelled&) {
        state.phase = LoadPhase::Cancelled;
    } catch (const std::bad_alloc&) {
        state.phase = LoadPhase::Failed;
        state.message = "The images do not fit into memory; choose a smaller image size.";
    } catch (const std::exception& failure) {
        state.phase = stop.stop_requested() ? LoadPhase::Cancelled : LoadPhase::Failed;
        state.message = failure.what();
    }
    publish();
}

std::shared_ptr<const DataSet> DataLoad::Impl::load(std::stop_token stop) {
    const fs::path& place = settings.folder;
    publish();
    if (fs::is_regular_file(place) && isIdxImages(place)) return loadIdx({place}, stop);
    if (fs::is_regular_file(place) && place.extension() == ".csv") return loadList(readManifest(place, stop), stop);
    if (fs::is_directory(place))
        if (const auto files = idxImagesIn(place); !files.empty()) return loadIdx(files, stop);
    const auto progress = [this](std::size_t found) {
        state.found = found;
        publishIfDue();
    };
    return loadList(scanFolder(place, progress, stop), stop);
}

std::shared_ptr<const DataSet> DataLoad::Impl::loadIdx(const std::vector<fs::path>& files, std::stop_token stop) {
    const auto data = reshaped(readIdx(files, stop), settings);
    if (stop.stop_requested()) throw Cancelled();
    state.found = state.decoded = data->size();
    for (std::size_t i = 0; i < std::min(data->size(), kPreviewImages); ++i)
        state.preview.push_back(previewOf(data->shape, data->image(i).data()));
    return data;
}

std::shared_ptr<const DataSet> DataLoad::Impl::loadList(SourceList list, std::stop_token stop) {
    if (stop.stop_requested()) throw Cancelled();
    state.phase = LoadPhase::Decoding;
    state.found = list.images.size();
    const ImageShape shape = chooseShape(list, settings, stop);
    if (stop.stop_requested()) throw Cancelled();
    checkMemory(settings.folder, static_cast<double>(list.images.size()) * static_cast<double>(shape.bytes()));

    auto pixels = std::make_shared<std::vector<std::uint8_t>>(list.images.size() * shape.bytes());
    std::vector<std::string> failures(list.images.size());
    decodeAll(list, shape, *pixels, failures, stop);
    if (stop.stop_requested()) throw Cancelled();

    // Close the gaps that unreadable files left.
    std::vector<ImageSource> readable;
    for (std::size_t i = 0; i < list.images.size(); ++i) {
        if (!failures[i].empty()) {
            list.skipped.push_back({list.images[i].path, failures[i]});
            continue;
        }
        if (readable.size() != i)
            std::copy_n(pixels->begin() + static_cast<std::ptrdiff_t>(i * shape.bytes()), shape.bytes(),
                        pixels->begin() + static_cast<std::ptrdiff_t>(readable.size() * shape.bytes()));
        readable.push_back(std::move(list.images[i]));
    }
    list.images = std::move(readable);
    if (list.images.empty())
        throw std::runtime_error("\"" + settings.folder.string() + "\": none of its " + std::to_string(state.found) +
                                 " images can be read (" + list.skipped.back().reason + ").");
    pixels->resize(list.images.size() * shape.bytes());

    auto data = std::make_shared<DataSet>();
    fillSamples(list, *data);
    data->shape = shape;
    data->fingerprint = fingerprintOf(list, shape);
    data->pixels = std::move(pixels);
    return data;
}

void DataLoad::Impl::decodeAll(const SourceList& list, const ImageShape& shape, std::vector<std::uint8_t>& pixels,
                               std::vector<std::string>& failures, std::stop_token stop) {
    const std::vector<std::size_t> order = decodeOrder(list.images.size());
    const Clock::time_point start = Clock::now();
    std::atomic<std::size_t> next = 0, decoded = 0, skipped = 0;
    std::mutex previewMutex;
    std::vector<std::shared_ptr<const Image>> previews;

    const auto decodeOne = [&](std::size_t position) {
        const std::size_t index = order[position];
        std::uint8_t* target = pixels.data() + index * shape.bytes();
        try {
            writeShaped(decodeImage(list.root / list.images[index].path, shape.width), shape, target);
            ++decoded;
        } catch (const std::exception& unreadable) {
            failures[index] = unreadable.what();
            ++skipped;
            return;
        }
        if (position < kPreviewImages) {
            std::lock_guard lock(previewMutex);
            previews.push_back(previewOf(shape, target));
        }
    };
    const auto report = [&] {
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        state.decoded = decoded;
        state.skipped = skipped;
        state.imagesPerSecond = seconds > 0 ? static_cast<double>(state.decoded) / seconds : 0;
        std::lock_guard lock(previewMutex);
        state.preview = previews;
    };
    const auto work = [&](bool reports) {
        for (std::size_t i = next++; i < order.size() && !stop.stop_requested(); i = next++) {
            decodeOne(i);
            if (reports && Clock::now() - lastReport >= kReportEvery) {
                report();
                publish();
            }
        }
    };
    {
        std::vector<std::jthread> helpers;
        const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
        for (unsigned i = 1; i < threads; ++i) helpers.emplace_back([&] { work(false); });
        work(true);
    }
    report();
}

DataLoad::DataLoad(DataSettings settings, WakeUp wakeUp) : impl_(std::make_unique<Impl>()) {
    impl_->settings = std::move(settings);
    impl_->wakeUp = std::move(wakeUp);
    impl_->mailbox.publish(std::make_shared<const LoadState>());
    impl_->worker = std::jthread([impl = impl_.get()](std::stop_token stop) { impl->run(stop); });
}

DataLoad::~DataLoad() = default;

void DataLoad::requestStop() {
    impl_->worker.request_stop();
}

std::shared_ptr<const LoadState> DataLoad::latest() const {
    return impl_->mailbox.get();
}

std::shared_ptr<const DataSet> loadDataSet(const DataSettings& settings) {
    std::atomic_flag ended;
    DataLoad* self = nullptr;
    // The worker may publish before `load` is constructed; only the state in the mailbox decides.
    std::mutex mutex;
    std::unique_lock constructing(mutex);
    DataLoad load(settings, [&] {
        std::lock_guard lock(mutex);
        const LoadPhase phase = self->latest()->phase;
        if (phase == LoadPhase::Scanning || phase == LoadPhase::Decoding) return;
        ended.test_and_set();
        ended.notify_all();
    });
    self = &load;
    constructing.unlock();
    ended.wait(false);
    const auto state = load.latest();
    if (state->phase == LoadPhase::Failed) throw std::runtime_error(state->message);
    return state->dataSet;
}

}  // namespace embedscope
