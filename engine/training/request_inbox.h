#pragma once

#include "engine/run.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

namespace embedscope {

/// Requests on their way to a run's worker.
class RequestInbox {
public:
    /// Any thread. Does not block.
    void post(Request request) {
        {
            std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(request));
        }
        arrived_.notify_one();
    }

    /// Worker. What has arrived, oldest first.
    std::vector<Request> take() {
        std::lock_guard lock(mutex_);
        return std::exchange(waiting_, {});
    }

    /// Worker. Blocks until a request arrives or a stop is requested.
    void wait(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, stop, [this] { return !waiting_.empty(); });
    }

private:
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::vector<Request> waiting_;
};

/// Whether a run may take its next step.
struct StepPermit {
    bool paused = false;
    int singleSteps = 0;  ///< Asked for and not yet taken; only counted while paused.

    void set(SetPaused request) {
        paused = request.paused;
        if (!paused) singleSteps = 0;
    }
    void set(StepOnce) {
        paused = true;
        ++singleSteps;
    }
    bool mayStep() const { return !paused || singleSteps > 0; }
    void stepTaken() {
        if (singleSteps > 0) --singleSteps;
    }
};

}  // namespace embedscope
