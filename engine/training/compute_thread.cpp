#include "engine/training/compute_thread.h"

#include <ATen/Parallel.h>

#include <utility>

namespace embedscope {

void ComputeThread::run(const std::function<void()>& work) {
    const int threads = at::get_num_threads();
    const std::function<void()> prepared = [&] {
        if (at::get_num_threads() != threads) at::set_num_threads(threads);
        work();
    };
    const std::lock_guard mine(callers_);
    std::unique_lock lock(mutex_);
    work_ = &prepared;
    given_.notify_one();
    done_.wait(lock, [this] { return !work_; });
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void ComputeThread::serve(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (given_.wait(lock, stop, [this] { return work_ != nullptr; })) {
        lock.unlock();
        std::exception_ptr thrown;
        try {
            (*work_)();
        } catch (...) {  // of any type: it is the caller's, who rethrows it
            thrown = std::current_exception();
        }
        lock.lock();
        thrown_ = std::move(thrown);
        work_ = nullptr;
        done_.notify_one();
    }
}

}  // namespace embedscope
