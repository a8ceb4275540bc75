#pragma once

#include "engine/snapshot.h"

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace embedscope {

/// Shows those who follow a run folder where the points are between the ends of epochs: the newest bank goes into
/// "live.safetensors" about twice a second, in at most a twentieth of the time. On a thread of its own, so that a slow
/// disk never holds the training up. It need not last, so nothing waits for the disk, and what cannot be written is
/// left out: the run itself tells of a full disk.
class LivePoints {
public:
    /// @param runFolder Of a run that this process writes. What an earlier one left there is removed.
    explicit LivePoints(std::filesystem::path runFolder);
    /// Blocks for the file that is just being written. Of a run that has ended within an epoch the last points stay.
    ~LivePoints();
    LivePoints(const LivePoints&) = delete;
    LivePoints& operator=(const LivePoints&) = delete;

    /// Any thread. Does not block; the newest wins. Null is left out.
    void offer(std::shared_ptr<const BankFrame> bank);

private:
    void work(const std::stop_token& stop);
    void write(const BankFrame& bank) const;

    std::filesystem::path file_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::shared_ptr<const BankFrame> newest_;  ///< That was offered.
    std::shared_ptr<const BankFrame> due_;     ///< Null: it is written, or the end of an epoch, which is kept anyway.
    std::jthread thread_;                      // Last: it is joined before what it uses dies.
};

}  // namespace embedscope
