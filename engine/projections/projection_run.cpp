#include "engine/data_set.h"
#include "engine/latest.h"
#include "engine/projections/projection_worker.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <string>
#include <thread>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace embedscope {
namespace {

/// On Linux the nice value belongs to a thread, and threads made by it (for the measures) begin with the same: the
/// scheduler then gives training three quarters of a core that both want. How much a map takes is bounded by its rests;
/// a frame that comes late for being more polite would be none the cheaper.
void lowerPriorityOfThisThread() {
#ifdef __linux__
    const auto thread = static_cast<id_t>(gettid());
    setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + 5);
#endif
}

}  // namespace

struct ProjectionRun::Impl {
    explicit Impl(WakeUp onLayout) : wakeUp(std::move(onLayout)) {}

    template <typename Change>
    void request(Change change, bool isUrgent = true) {
        {
            std::lock_guard lock(mutex);
            change(requests);
            asked = true;
            urgent = urgent || isUrgent;
        }
        changed.notify_one();
    }

    /// @return false if stopped.
    bool waitForWork(ProjectionWorker& worker, const std::stop_token& stop) {
        ProjectionRequests taken;
        {
            std::unique_lock lock(mutex);
            // A map found step by step rests between frames, whatever banks come; a wish of the user's does not wait.
            if (worker.hasWork())
                changed.wait_for(lock, stop, std::chrono::duration<double, std::milli>(worker.rest()),
                                 [&] { return urgent; });
            else
                changed.wait(lock, stop, [&] { return asked; });
            if (stop.stop_requested()) return false;
            const bool quiet = requests.quiet, measuring = requests.measuring;
            taken = std::exchange(requests, {});
            requests.quiet = quiet;
            requests.measuring = measuring;
            asked = urgent = false;
        }
        worker.take(std::move(taken));
        return true;
    }

    /// The edge of the thread: the one place that turns failures into sentences.
    static std::shared_ptr<const Layout> workOrSayWhyNot(ProjectionWorker& worker, const std::stop_token& stop) {
        try {
            return worker.work(stop);
        } catch (const std::bad_alloc&) {
            return worker.giveUp("There is not enough memory for this map; choose PCA, or show fewer points.");
        } catch (const std::exception& failure) {
            return worker.giveUp("This map cannot be drawn (" + std::string(failure.what()) + "); choose another.");
        }
    }

    void work(const std::stop_token& stop) {
        lowerPriorityOfThisThread();
        ProjectionWorker worker;
        while (waitForWork(worker, stop)) {
            std::shared_ptr<const Layout> layout = workOrSayWhyNot(worker, stop);
            if (!layout) continue;
            layouts.publish(std::move(layout));
            if (wakeUp) wakeUp();
        }
    }

    WakeUp wakeUp;
    Latest<Layout> layouts;
    std::mutex mutex;  // guards the next four
    std::condition_variable_any changed;
    ProjectionRequests requests;
    bool asked = false, urgent = false;
    std::jthread thread{[this](const std::stop_token& stop) { work(stop); }};  // last: ends before the rest dies
};

ProjectionRun::ProjectionRun(WakeUp wakeUp) : impl_(std::make_unique<Impl>(std::move(wakeUp))) {}

ProjectionRun::~ProjectionRun() = default;

void ProjectionRun::follow(std::shared_ptr<const BankFrame> bank) {
    // The bank that was waiting dies here, outside the lock.
    impl_->request([&bank](ProjectionRequests& requests) { requests.bank.swap(bank); }, false);
}

std::shared_ptr<const Layout> ProjectionRun::latest() const {
    return impl_->layouts.get();
}

void ProjectionRun::setFrozen(bool frozen) {
    impl_->request([frozen](ProjectionRequests& requests) { requests.frozen = frozen; });
}

void ProjectionRun::setMethod(const Choice& method) {
    impl_->request([&method](ProjectionRequests& requests) { requests.method = method; });
}

void ProjectionRun::setDimensions(int dims) {
    impl_->request([dims](ProjectionRequests& requests) { requests.dims = dims; });
}

void ProjectionRun::setLabels(std::shared_ptr<const std::vector<std::int32_t>> labels) {
    impl_->request([&labels](ProjectionRequests& requests) { requests.labels.swap(labels); });
}

void ProjectionRun::startOver() {
    impl_->request([](ProjectionRequests& requests) { requests.startOver = true; });
}

void ProjectionRun::settle() {
    impl_->request([](ProjectionRequests& requests) { requests.settle = true; });
}

void ProjectionRun::setQuiet(bool quiet) {
    impl_->request([quiet](ProjectionRequests& requests) { requests.quiet = quiet; });
}

void ProjectionRun::setMeasuring(bool measuring) {
    impl_->request([measuring](ProjectionRequests& requests) { requests.measuring = measuring; });
}

std::shared_ptr<const std::vector<std::int32_t>> trainingLabels(const DataSet& data) {
    auto labels = std::make_shared<std::vector<std::int32_t>>();
    for (const Sample& sample : data.samples)
        labels->push_back(sample.split == Split::HoldOut ? kUnlabelled : sample.label);
    return labels;
}

std::shared_ptr<const Layout> projectOnce(std::shared_ptr<const BankFrame> bank) {
    ProjectionWorker worker;
    ProjectionRequests requests;
    requests.bank = std::move(bank);
    worker.take(std::move(requests));
    return worker.work({});
}

}  // namespace embedscope
