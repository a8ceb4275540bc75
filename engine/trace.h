#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

// Where the time goes, thread by thread, in Chrome's trace format (chrome://tracing, ui.perfetto.dev). While nothing is
// recorded a span costs the reading of one flag.

namespace embedscope {

/// Records the spans of all threads into a file from construction to finish(). One at a time.
class Trace {
public:
    /// @throws std::runtime_error with one sentence if the file cannot be made, or another trace is being recorded.
    explicit Trace(const std::filesystem::path& file);
    /// Ends the recording; what cannot be written any more is lost.
    ~Trace();
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;

    /// Completes the file. @throws std::runtime_error with one sentence if it could not be written, disk full say.
    void finish();

    class Recorder;

private:
    std::unique_ptr<Recorder> recorder_;
};

/// The calling thread's name in traces. @param name Of static storage.
void nameThreadInTraces(const char* name);

/// A piece of work of the calling thread, from construction to destruction.
class TraceSpan {
public:
    /// @param name Of static storage: "forward".
    explicit TraceSpan(const char* name) {
        if (!recording.load(std::memory_order_relaxed)) return;
        name_ = name;
        begin_ = Clock::now();
    }
    ~TraceSpan() {
        if (name_) record(name_, begin_, Clock::now());
    }
    TraceSpan(const TraceSpan&) = delete;
    TraceSpan& operator=(const TraceSpan&) = delete;

private:
    friend class Trace;
    using Clock = std::chrono::steady_clock;

    static void record(const char* name, Clock::time_point begin, Clock::time_point end);
    static inline std::atomic<bool> recording = false;

    const char* name_ = nullptr;  ///< Null: nothing is recorded.
    Clock::time_point begin_;
};

/// Does the work as a span. @return What it returns.
template <typename Work>
decltype(auto) traced(const char* name, Work&& work) {
    const TraceSpan span(name);
    return work();
}

}  // namespace embedscope
