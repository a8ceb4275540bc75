#include "app/write_failures.h"

#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

/// Hands all on, and counts what is thrown back. A throw of begin() ends the run, so it is nobody's news.
class WatchedRecorder : public RunRecorder {
public:
    WatchedRecorder(std::unique_ptr<RunRecorder> inner, WriteFailures& failures)
        : inner_(std::move(inner)), failures_(failures) {}

    void begin(const Experiment& experiment, const DataSet& data) override { inner_->begin(experiment, data); }
    void report(const MetricsRow& row) override {
        watched([&] { inner_->report(row); });
    }
    void event(std::int64_t step, std::string_view kind, std::string_view json) override {
        watched([&] { inner_->event(step, kind, json); });
    }
    void epochEnd(int epoch, const BankFrame& bank) override {
        watched([&] { inner_->epochEnd(epoch, bank); });
    }
    void weights(const EncoderWeights& weights) override {
        watched([&] { inner_->weights(weights); });
    }
    void marks(const Marks& marks, const DataSet& data) override {
        watched([&] { inner_->marks(marks, data); });
    }
    void checkpoint(std::shared_ptr<const Checkpoint> checkpoint) override {
        watched([&] { inner_->checkpoint(std::move(checkpoint)); });
    }
    void end(const Snapshot& last) override {
        watched([&] { inner_->end(last); });
    }

private:
    template <typename Write>
    void watched(const Write& write) try {
        write();
    } catch (const std::runtime_error& problem) {
        failures_.add(problem.what());
        throw;
    }

    std::unique_ptr<RunRecorder> inner_;
    WriteFailures& failures_;
};

}  // namespace

std::unique_ptr<RunRecorder> WriteFailures::watch(std::unique_ptr<RunRecorder> inner) {
    if (!inner) return nullptr;
    return std::make_unique<WatchedRecorder>(std::move(inner), *this);
}

void WriteFailures::add(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    ++count_;
    if (first_.empty()) first_ = sentence;
}

std::string WriteFailures::news() {
    const std::lock_guard lock(mutex_);
    if (count_ == 0 || std::exchange(told_, true)) return {};
    return first_ + " The training goes on; what cannot be written is left out.";
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
