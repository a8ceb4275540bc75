#include "engine/live_points.h"

#include "engine/storage/live_points_file.h"
#include "engine/trace.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

namespace embedscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Clock::duration kWriteEvery = std::chrono::milliseconds(500);
constexpr int kWriteShare = 20;  ///< Writing takes at most one part in this many of the time.

}  // namespace

LivePoints::LivePoints(std::filesystem::path runFolder) : file_(livePointsFile(runFolder)) {
    std::error_code none;
    std::filesystem::remove(file_, none);
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

LivePoints::~LivePoints() {
    thread_.request_stop();
    thread_.join();
    if (due_) write(*due_);
    std::error_code none;
    if (newest_ && newest_->exact) std::filesystem::remove(file_, none);
}

void LivePoints::offer(std::shared_ptr<const BankFrame> bank) {
    const std::lock_guard lock(mutex_);
    if (!bank || bank == newest_) return;
    due_ = bank->exact ? nullptr : bank;
    newest_ = std::move(bank);
    if (due_) wake_.notify_one();
}

void LivePoints::work(const std::stop_token& stop) {
    nameThreadInTraces("live points");
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return due_ != nullptr; }) && !stop.stop_requested()) {
        const std::shared_ptr<const BankFrame> bank = std::exchange(due_, nullptr);
        lock.unlock();
        const auto began = Clock::now();
        write(*bank);
        const auto pause = std::max<Clock::duration>(kWriteEvery, (Clock::now() - began) * kWriteShare);
        lock.lock();
        wake_.wait_for(lock, stop, pause, [] { return false; });
    }
}

void LivePoints::write(const BankFrame& bank) const try {
    const TraceSpan span("live points");
    writeLivePoints(file_, bank);
} catch (const std::exception&) {  // told by the run's own recorder, whose files must last
}

}  // namespace embedscope
