#pragma once

#include "engine/run.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <latch>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope::test {

/// What a run had recorded.
struct RunRecord {
    struct Event {
        std::int64_t step = 0;
        std::string kind, json;
    };
    bool begun = false, ended = false;
    std::vector<MetricsRow> rows;
    std::vector<Event> events;
    std::vector<BankFrame> epochs;
    std::vector<EncoderWeights> weights;
};

/// A run under test: waits for conditions on its snapshots, records what it writes. Its worker stands in begin(),
/// before the first batch, until release().
class RunWatch {
public:
    static constexpr std::chrono::seconds kPatience{60};

    RunWatch(const RunFactory& factory, Experiment experiment, std::shared_ptr<const DataSet> data,
             std::string failAtEpochEnd = "", std::shared_ptr<Twins> twins = nullptr, std::size_t twin = 0,
             std::shared_ptr<const Checkpoint> from = nullptr)
        : shared_(std::make_shared<Shared>()) {
        run_ = factory({.runId = 7,
                        .experiment = std::move(experiment),
                        .data = std::move(data),
                        .recorder = std::make_unique<Recorder>(shared_, std::move(failAtEpochEnd)),
                        .wakeUp = [shared = shared_] { shared->tell(); },
                        .twins = std::move(twins),
                        .twin = twin,
                        .from = std::move(from)});
    }
    ~RunWatch() { release(); }

    Run& run() { return *run_; }
    /// Lets the worker begin.
    RunWatch& release() {
        shared_->gate.release();
        return *this;
    }
    /// True as soon as the newest snapshot fulfils the condition; false if it does not in time.
    bool waitFor(const std::function<bool(const Snapshot&)>& condition) {
        std::unique_lock lock(shared_->mutex);
        return shared_->told.wait_for(lock, kPatience, [&] { return condition(*run_->latest()); });
    }
    bool waitForEnd() {
        release();
        return waitFor([](const Snapshot& snapshot) { return snapshot.ended(); });
    }
    bool waitForPhase(RunPhase phase) {
        return waitFor([phase](const Snapshot& snapshot) { return snapshot.phase == phase; });
    }
    /// What is done by request must be done in order: true once the run has taken this learning rate.
    bool sendLearningRate(double learningRate) {
        run_->post(SetLearningRate{learningRate});
        return waitFor([=](const Snapshot& snapshot) { return snapshot.settings.learningRate == learningRate; });
    }
    std::shared_ptr<const Snapshot> latest() const { return run_->latest(); }
    RunRecord record() const {
        std::lock_guard lock(shared_->mutex);
        return shared_->record;
    }
    void destroyRun() {
        release();
        run_.reset();
    }

private:
    class Gate {
    public:
        void release() {
            std::call_once(once_, [this] { latch_.count_down(); });
        }
        void wait() { latch_.wait(); }

    private:
        std::once_flag once_;
        std::latch latch_{1};
    };

    struct Shared {
        std::mutex mutex;
        std::condition_variable told;
        RunRecord record;
        Gate gate;

        void tell() {
            std::lock_guard lock(mutex);
            told.notify_all();
        }
        template <typename Change>
        void change(Change change) {
            std::lock_guard lock(mutex);
            change(record);
        }
    };

    class Recorder : public RunRecorder {
    public:
        Recorder(std::shared_ptr<Shared> shared, std::string failure)
            : shared_(std::move(shared)), failure_(std::move(failure)) {}

        void begin(const Experiment&, const DataSet&) override {
            shared_->gate.wait();
            shared_->change([](RunRecord& record) { record.begun = true; });
        }
        void report(const MetricsRow& row) override {
            shared_->change([&](RunRecord& record) { record.rows.push_back(row); });
        }
        void event(std::int64_t step, std::string_view kind, std::string_view json) override {
            shared_->change([&](RunRecord& record) {
                record.events.push_back({step, std::string(kind), std::string(json)});
            });
        }
        void epochEnd(int, const BankFrame& bank) override {
            if (!failure_.empty()) throw std::runtime_error(failure_);
            shared_->change([&](RunRecord& record) { record.epochs.push_back(bank); });
        }
        void weights(const EncoderWeights& weights) override {
            shared_->change([&](RunRecord& record) { record.weights.push_back(weights); });
        }
        void end(const Snapshot&) override {
            shared_->change([](RunRecord& record) { record.ended = true; });
        }

    private:
        std::shared_ptr<Shared> shared_;
        std::string failure_;
    };

    std::shared_ptr<Shared> shared_;
    std::unique_ptr<Run> run_;
};

}  // namespace embedscope::test
