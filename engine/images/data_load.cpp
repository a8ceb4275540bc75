#include "engine/data_load.h"

#include "engine/images/failure.h"
#include "engine/images/folder_scan.h"
#include "engine/images/idx_file.h"
#include "engine/images/load_progress.h"
#include "engine/images/manifest.h"
#include "engine/images/source_load.h"
#include "engine/trace.h"

#include <opencv2/core/utility.hpp>

#include <condition_variable>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

/// Every image has a thread of its own already; OpenCV's pool would only fight for the same cores.
void useOneThreadAnImage() {
    static std::once_flag once;
    std::call_once(once, [] { cv::setNumThreads(1); });
}

std::shared_ptr<const DataSet> open(const DataSettings& settings, const ImageCache& cache, LoadProgress& progress,
                                    const std::stop_token& stop) {
    const auto load = [&](SourceList list) {
        throwIfStopped(stop);
        return loadSources(std::move(list), settings, cache, progress, stop);
    };
    const fs::path& place = settings.folder;
    if (place.empty()) throw std::runtime_error("No folder is chosen; open a folder of images.");
    const auto found = [&](std::size_t images) { progress.setFound(images); };
    const TraceSpan span("open folder");
    std::error_code error;
    if (fs::is_regular_file(place, error)) {
        if (isIdxImages(place)) return loadIdx({place}, settings, progress, stop);
        if (isManifest(place)) return load(readManifest(place, found, stop));
    }
    if (const auto files = idxImagesIn(place); !files.empty()) return loadIdx(files, settings, progress, stop);
    if (const fs::path manifest = manifestIn(place); !manifest.empty())
        return load(readManifest(manifest, found, stop));
    return load(scanFolder(place, found, stop));
}

std::string remarkOn(const DataSet& data) {
    if (data.skipped.empty()) return {};
    return grouped(data.skipped.size()) + " of " + grouped(data.size() + data.skipped.size()) +
           " files were skipped; see the report.";
}

void run(const DataSettings& settings, const ImageCache& cache, LoadProgress& progress, const std::stop_token& stop) {
    nameThreadInTraces("load");
    try {
        const auto data = open(settings, cache, progress, stop);
        progress.finish(LoadPhase::Done, data, remarkOn(*data));
    } catch (const Cancelled&) {
        progress.finish(LoadPhase::Cancelled, nullptr, {});
    } catch (const std::bad_alloc&) {
        progress.finish(LoadPhase::Failed, nullptr,
                        inQuotes(settings.folder) + " does not fit into memory; choose a smaller image size.");
    } catch (const std::filesystem::filesystem_error& failure) {
        progress.finish(LoadPhase::Failed, nullptr,
                        inQuotes(failure.path1()) + " cannot be looked at (" + failure.code().message() +
                            "); check that it is still there and its permissions.");
    } catch (const std::exception& failure) {
        progress.finish(LoadPhase::Failed, nullptr, failure.what());
    }
}

bool hasEnded(const LoadState& state) {
    return state.phase != LoadPhase::Scanning && state.phase != LoadPhase::Decoding;
}

}  // namespace

struct DataLoad::Impl {
    Impl(DataSettings chosen, ImageCache kept, WakeUp wakeUp)
        : settings(std::move(chosen)), cache(std::move(kept)), progress(mailbox, std::move(wakeUp)) {}

    const DataSettings settings;
    const ImageCache cache;
    Latest<LoadState> mailbox;
    LoadProgress progress;
    std::stop_source stop;  ///< Not the thread's own: a wake-up may ask to stop before `worker` is assigned.
    std::jthread worker;    ///< Last, so that it has ended before what it uses is destroyed.
};

DataLoad::DataLoad(DataSettings settings, WakeUp wakeUp, ImageCache cache)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(cache), std::move(wakeUp))) {
    useOneThreadAnImage();
    impl_->worker = std::jthread([impl = impl_.get(), stop = impl_->stop.get_token()] {
        run(impl->settings, impl->cache, impl->progress, stop);
    });
}

DataLoad::~DataLoad() {
    requestStop();
}

void DataLoad::requestStop() {
    impl_->stop.request_stop();
}

std::shared_ptr<const LoadState> DataLoad::latest() const {
    return impl_->mailbox.get();
}

std::shared_ptr<const DataSet> loadDataSet(const DataSettings& settings, const ImageCache& cache) {
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = true;
    const auto wake = [&] {
        std::lock_guard lock(mutex);
        woken = true;
        changed.notify_one();
    };
    DataLoad load(settings, wake, cache);
    std::shared_ptr<const LoadState> state = load.latest();
    while (!hasEnded(*state)) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return woken; });
        woken = false;
        state = load.latest();
    }
    if (state->phase == LoadPhase::Failed) throw std::runtime_error(state->message);
    return state->dataSet;
}

}  // namespace embedscope
