#pragma once

#include "engine/run_recorder.h"

#include <memory>
#include <mutex>
#include <string>

namespace embedscope {

/// What of a run could not be written: the training goes on without it, and who waits for its end must hear of it.
/// Outlives the recorders that it watches.
class WriteFailures {
public:
    /// @param inner Null: then so is the result.
    std::unique_ptr<RunRecorder> watch(std::unique_ptr<RunRecorder> inner);
    /// The first failure, once, in a sentence; else empty.
    std::string news();
    int count() const;
    /// At the end, one sentence; empty: all was written.
    std::string summary() const;

    /// Any thread.
    void add(const std::string& sentence);

private:
    mutable std::mutex mutex_;
    int count_ = 0;
    std::string first_;
    bool told_ = false;
};

}  // namespace embedscope
