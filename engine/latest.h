#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace embedscope {

/// A newest-wins mailbox between two threads. Both calls hold the lock only for a pointer swap.
template <typename T>
class Latest {
public:
    /// Any thread. What was there before is dropped.
    void publish(std::shared_ptr<const T> value) {
        {
            std::lock_guard lock(mutex_);
            value_.swap(value);
        }
        // The old value, if this was its last owner, dies here: outside the lock.
    }

    /// Any thread. The newest value, or null before the first.
    std::shared_ptr<const T> get() const {
        std::lock_guard lock(mutex_);
        return value_;
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const T> value_;
};

}  // namespace embedscope
