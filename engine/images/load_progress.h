#pragma once

#include "engine/data_load.h"
#include "engine/latest.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <stop_token>

namespace embedscope {

/// Thrown to leave a load that was cancelled; never reaches a caller.
struct Cancelled {};

void throwIfStopped(const std::stop_token& stop);

/// Pictures shown before all are decoded.
inline constexpr std::size_t kPreviewImages = 48;

/// What the threads of one load have done so far, on its way to the mailbox: at most 20 times a second, since a window
/// draws no more and a wake-up for every image would cost more than the decoding. All calls from any thread.
class LoadProgress {
public:
    LoadProgress(Latest<LoadState>& mailbox, WakeUp wakeUp);

    void setFound(std::size_t images);
    /// Ends the scanning; images/s counts from here.
    void beginDecoding(std::size_t images);
    void addDecoded(std::size_t images);
    /// What was decoded is lost and is decoded once more.
    void restartDecoding();
    void addSkipped();
    /// @param place The picture's place among the previews, whatever order they come in.
    void addPreview(std::size_t place, Image image);
    /// A sentence for LoadState::message of a load that succeeds.
    void remark(const std::string& text);

    void finish(LoadPhase phase, std::shared_ptr<const DataSet> dataSet, const std::string& message);

private:
    using Clock = std::chrono::steady_clock;

    void publishIfDue();
    void publish(std::unique_lock<std::mutex> lock);

    Latest<LoadState>& mailbox_;
    const WakeUp wakeUp_;
    std::atomic<std::size_t> decoded_ = 0;
    std::atomic<std::size_t> skipped_ = 0;

    std::mutex mutex_;  ///< Guards what follows and keeps publications in order.
    LoadState state_;
    std::vector<std::shared_ptr<const Image>> previews_;  ///< By place; null until the picture is there.
    Clock::time_point decodingSince_;
    Clock::time_point lastPublished_;
};

}  // namespace embedscope
