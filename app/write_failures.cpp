#include "app/write_failures.h"

#include "engine/watched_recorder.h"

#include <utility>

namespace embedscope {
std::unique_ptr<RunRecorder> WriteFailures::watch(std::unique_ptr<RunRecorder> inner) {
    return watched(std::move(inner), [this](const std::string& sentence) { add(sentence); });
}

void WriteFailures::add(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    ++count_;
    if (first_.empty()) first_ = sentence;
}

std::string WriteFailures::news() {
    const std::lock_guard lock(mutex_);
    if (count_ == 0 || std::exchange(told_, true)) return {};
    return first_ + " What cannot be written is left out.";
}

int WriteFailures::count() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

std::string WriteFailures::summary() const {
    const std::lock_guard lock(mutex_);
    if (count_ == 0) return {};
    return "The run was trained, but its folder is not complete: " + std::to_string(count_) +
           (count_ == 1 ? " write" : " writes") + " failed. The first: " + first_;
}

}  // namespace embedscope
