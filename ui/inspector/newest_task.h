#pragma once

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace embedscope {

/// Work off the UI thread, one piece at a time; of what is asked meanwhile only the newest is done. Used on the UI
/// thread, where results arrive as well. Destroying it waits for the running piece and drops its result.
template <typename Result>
class NewestTask {
public:
    using Work = std::function<Result()>;  ///< Must not throw: a failure is part of its result.

    explicit NewestTask(std::function<void(Result)> deliver) : deliver_(std::move(deliver)) {
        pool_.setMaxThreadCount(1);
        QObject::connect(&watcher_, &QFutureWatcher<Result>::finished, &watcher_, [this] { finish(); });
    }

    void start(Work work) {
        if (busy_)
            waiting_ = std::move(work);
        else
            launch(std::move(work));
    }

    /// For work that must not be lost when this is destroyed: waits for the running piece and does what was asked
    /// after it, on this thread. The results are dropped.
    void complete() {
        pool_.waitForDone();
        if (waiting_) (*std::exchange(waiting_, std::nullopt))();
    }

private:
    void launch(Work work) {
        busy_ = true;
        auto promise = std::make_shared<QPromise<Result>>();
        promise->start();
        watcher_.setFuture(promise->future());
        pool_.start([promise, work = std::move(work)] {
            promise->addResult(work());
            promise->finish();
        });
    }

    void finish() {
        busy_ = false;
        Result result = watcher_.result();
        if (waiting_) launch(*std::exchange(waiting_, std::nullopt));
        deliver_(std::move(result));
    }

    std::function<void(Result)> deliver_;
    std::optional<Work> waiting_;
    bool busy_ = false;
    QFutureWatcher<Result> watcher_;
    QThreadPool pool_;
};

}  // namespace embedscope
