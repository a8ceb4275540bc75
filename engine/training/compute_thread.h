#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace embedscope {

/// One thread that computes for several others, one piece of work at a time. OpenMP keeps a team of threads for every
/// thread that has computed in parallel; with a team for each run there are more of them than cores, and each waits
/// for its next step less patiently and wakes later.
class ComputeThread {
public:
    /// Any thread. Runs `work` there, with the caller's number of torch's threads, and waits for it; what it throws is
    /// thrown here.
    void run(const std::function<void()>& work);

private:
    void serve(const std::stop_token& stop);

    std::mutex callers_;  ///< Held by the one whose work it is.
    std::mutex mutex_;
    std::condition_variable_any given_;
    std::condition_variable done_;
    const std::function<void()>* work_ = nullptr;  ///< Null: nothing to do, or done.
    std::exception_ptr thrown_;
    std::jthread thread_{[this](const std::stop_token& stop) { serve(stop); }};  // Last: ends before what it uses.
};

}  // namespace embedscope
