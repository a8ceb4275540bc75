#include "engine/watched_recorder.h"

#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

class WatchedRecorder : public RunRecorder {
public:
    WatchedRecorder(std::unique_ptr<RunRecorder> inner, std::function<void(const std::string&)> tell)
        : inner_(std::move(inner)), tell_(std::move(tell)) {}

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
        tell_(problem.what());
        throw;
    }

    std::unique_ptr<RunRecorder> inner_;
    std::function<void(const std::string&)> tell_;
};

}  // namespace

std::unique_ptr<RunRecorder> watched(std::unique_ptr<RunRecorder> inner,
                                     std::function<void(const std::string& sentence)> tell) {
    if (!inner) return nullptr;
    return std::make_unique<WatchedRecorder>(std::move(inner), std::move(tell));
}

}  // namespace embedscope
