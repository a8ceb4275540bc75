#include "engine/training/forgiving_recorder.h"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

class ForgivingRecorder : public RunRecorder {
public:
    using Tell = std::function<void(const std::string&)>;

    ForgivingRecorder(std::unique_ptr<RunRecorder> inner, Tell tell)
        : inner_(std::move(inner)), tell_(std::move(tell)) {}

    void begin(const Experiment& experiment, const DataSet& data) override { inner_->begin(experiment, data); }
    void report(const MetricsRow& row) override {
        step_ = row.step;
        attempt([&] { inner_->report(row); });
    }
    void event(std::int64_t step, std::string_view kind, std::string_view json) override {
        attempt([&] { inner_->event(step, kind, json); });
    }
    void epochEnd(int epoch, const BankFrame& bank) override {
        attempt([&] { inner_->epochEnd(epoch, bank); });
    }
    void weights(const EncoderWeights& weights) override {
        attempt([&] { inner_->weights(weights); });
    }
    void marks(const Marks& marks, const DataSet& data) override {
        attempt([&] { inner_->marks(marks, data); });
    }
    void checkpoint(std::shared_ptr<const Checkpoint> checkpoint) override {
        attempt([&] {
            noteFailures();  // before: it says how long the events are
            inner_->checkpoint(std::move(checkpoint));
        });
    }
    void end(const Snapshot& last) override {
        attempt([&] {
            noteFailures();
            inner_->end(last);
        });
    }

private:
    template <typename Write>
    void attempt(const Write& write) try {
        write();
    } catch (const std::runtime_error& problem) {
        ++failures_;
        first_ = first_.empty() ? problem.what() : first_;
        tell_(problem.what() + std::string(" The run goes on; what is missing in its folder is told in events.jsonl."));
    }

    void noteFailures() {
        if (failures_ == 0) return;
        const nlohmann::json note = {{"count", failures_}, {"first", first_}};
        inner_->event(step_, "not_written", note.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        failures_ = 0;
        first_.clear();
    }

    std::unique_ptr<RunRecorder> inner_;
    Tell tell_;
    std::int64_t step_ = 0;
    int failures_ = 0;  ///< Not yet noted.
    std::string first_;
};

}  // namespace

std::unique_ptr<RunRecorder> forgiving(std::unique_ptr<RunRecorder> inner,
                                       std::function<void(const std::string& sentence)> tell) {
    if (!inner) return nullptr;
    return std::make_unique<ForgivingRecorder>(std::move(inner), std::move(tell));
}

}  // namespace embedscope
