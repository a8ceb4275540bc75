#include "engine/images/background.h"

#include "engine/image_cache.h"
#include "engine/trace.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace embedscope {
namespace {

class Background {
public:
    void add(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(work));
        ++unfinished_;
        changed_.notify_all();
    }

    void await() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return unfinished_ == 0; });
    }

private:
    void run(const std::stop_token& stop) {
        nameThreadInTraces("image cache");
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
            {
                const std::function<void()> work = std::move(waiting_.front());
                waiting_.pop_front();
                lock.unlock();
                const TraceSpan span("write cache");
                work();
            }
            lock.lock();
            --unfinished_;
            changed_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::function<void()>> waiting_;
    std::size_t unfinished_ = 0;
    std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};  ///< Last: it uses the others.
};

Background& background() {
    static Background all;
    return all;
}

}  // namespace

void finishInBackground(std::function<void()> work) {
    background().add(std::move(work));
}

void awaitBackground() {
    background().await();
}

void awaitImageCache() {
    awaitBackground();
}

}  // namespace embedscope
