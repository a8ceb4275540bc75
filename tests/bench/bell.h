#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace embedscope::bench {

/// Wakes the one who waits; many rings count as one.
class Bell {
public:
    void ring() {
        const std::lock_guard lock(mutex_);
        rung_ = true;
        changed_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return rung_; });
        rung_ = false;
    }
    /// Also returns without a ring, for what comes by the clock.
    void waitAtMost(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, limit, [this] { return rung_; });
        rung_ = false;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool rung_ = false;
};

}  // namespace embedscope::bench
