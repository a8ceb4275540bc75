#include "engine/latest.h"
#include "engine/projection.h"
#include "engine/projections/plane.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace embedscope {
namespace {

std::shared_ptr<const Layout> layoutOf(std::shared_ptr<const BankFrame> bank, PlaneTracker::Frame frame) {
    auto layout = std::make_shared<Layout>();
    layout->runId = bank->runId;
    layout->step = bank->step;
    layout->samples = bank->samples;
    layout->coordinates = std::move(frame.coordinates);
    layout->axisNames = std::move(frame.axisNames);
    layout->bank = std::move(bank);
    return layout;
}

}  // namespace

struct ProjectionRun::Impl {
    explicit Impl(WakeUp onLayout) : wakeUp(std::move(onLayout)) {}

    void follow(std::shared_ptr<const BankFrame> bank) {
        {
            std::lock_guard lock(mutex);
            pending.swap(bank);
        }
        changed.notify_one();
    }

    void setFrozen(bool keep) {
        {
            std::lock_guard lock(mutex);
            // Let loose while no new frame comes (a paused run): the axes of the newest frame are wanted now.
            if (frozen && !keep && !pending) pending = newest;
            frozen = keep;
        }
        changed.notify_one();
    }

    void work(const std::stop_token& stop) {
        PlaneTracker tracker;
        std::uint64_t runId = 0;
        while (true) {
            std::shared_ptr<const BankFrame> bank;
            bool keepAxes = false;
            {
                std::unique_lock lock(mutex);
                if (!changed.wait(lock, stop, [&] { return pending != nullptr; })) return;
                bank = newest = std::move(pending);
                pending = nullptr;
                keepAxes = frozen;
            }
            if (bank->runId != runId) tracker.startFresh();
            runId = bank->runId;
            std::optional<PlaneTracker::Frame> frame = tracker.next(*bank, keepAxes, stop);
            if (stop.stop_requested()) return;
            if (!frame) continue;  // not finite: the last layout stays
            layouts.publish(layoutOf(std::move(bank), std::move(*frame)));
            if (wakeUp) wakeUp();
        }
    }

    WakeUp wakeUp;
    Latest<Layout> layouts;
    std::mutex mutex;  // guards the next four
    std::condition_variable_any changed;
    std::shared_ptr<const BankFrame> pending;  ///< Waits for the worker; the newest wins.
    std::shared_ptr<const BankFrame> newest;   ///< The one the worker took last.
    bool frozen = false;
    std::jthread worker{[this](const std::stop_token& stop) { work(stop); }};  // last: ends before the rest dies
};

ProjectionRun::ProjectionRun(WakeUp wakeUp) : impl_(std::make_unique<Impl>(std::move(wakeUp))) {}

ProjectionRun::~ProjectionRun() = default;

void ProjectionRun::follow(std::shared_ptr<const BankFrame> bank) {
    impl_->follow(std::move(bank));
}

std::shared_ptr<const Layout> ProjectionRun::latest() const {
    return impl_->layouts.get();
}

void ProjectionRun::setFrozen(bool frozen) {
    impl_->setFrozen(frozen);
}

std::shared_ptr<const Layout> projectOnce(std::shared_ptr<const BankFrame> bank) {
    std::optional<PlaneTracker::Frame> frame = PlaneTracker().next(*bank, false);
    return frame ? layoutOf(std::move(bank), std::move(*frame)) : nullptr;
}

}  // namespace embedscope
