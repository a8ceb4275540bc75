#pragma once

#include "engine/data_set.h"
#include "engine/image_cache.h"
#include "engine/wake_up.h"

#include <memory>

namespace embedscope {

enum class LoadPhase { Scanning, Decoding, Done, Cancelled, Failed };

/// What a window shows while a folder is opened.
struct LoadState {
    LoadPhase phase = LoadPhase::Scanning;
    std::size_t found = 0;    ///< Image files seen so far.
    std::size_t decoded = 0;  ///< Of these, decoded.
    std::size_t skipped = 0;  ///< Of these, unreadable.
    double imagesPerSecond = 0;
    std::vector<std::shared_ptr<const Image>> preview;  ///< The first few dozen pictures, spread over the data.
    std::shared_ptr<const DataSet> dataSet;             ///< Set when Done.
    std::string message;  ///< When Done: a remark such as "12 files were skipped", or empty; when Failed: the reason.
};

/// Opens a folder on threads of its own. Destroying it cancels and waits (below 0.1 s).
class DataLoad {
public:
    /// @param cache Where decoded images are looked for and kept; by default nowhere.
    DataLoad(DataSettings settings, WakeUp wakeUp, ImageCache cache = {});
    ~DataLoad();
    DataLoad(const DataLoad&) = delete;
    DataLoad& operator=(const DataLoad&) = delete;

    /// Any thread. Does not block.
    void requestStop();
    /// Any thread. Never null.
    std::shared_ptr<const LoadState> latest() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Blocks until the data is loaded; for the command line, tests and benchmarks.
/// @throws std::runtime_error with the sentence of LoadState::message on failure.
std::shared_ptr<const DataSet> loadDataSet(const DataSettings& settings, const ImageCache& cache = {});

}  // namespace embedscope
