#include "engine/distance_statistics.h"
#include "engine/latest.h"
#include "engine/run_follow.h"
#include "engine/storage/growing_lines.h"
#include "engine/storage/kept_epochs.h"
#include "engine/storage/metrics_columns.h"
#include "engine/training/metrics_history.h"
#include "engine/viewing/run_events.h"

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookEvery{400};
constexpr std::size_t kPairsEach = 20'000;

class FollowedRun : public Run {
public:
    FollowedRun(RunStart start, fs::path folder, const RunDescription& description)
        : start_(std::move(start)),
          folder_(std::move(folder)),
          samples_(start_.data->size()),
          metrics_(folder_ / "metrics.csv"),
          events_(folder_ / "events.jsonl") {
        now_.runId = start_.runId;
        now_.settings = description.settings;
        now_.epochs = description.settings.epochs;
        now_.deviceName = "followed from its folder, read only";
        now_.history = history_.rows();
        publish();
        thread_ = std::jthread([this](const std::stop_token& stop) { follow(stop); });
    }

    void post(Request) override {}
    void requestStop() override { thread_.request_stop(); }
    std::shared_ptr<const Snapshot> latest() const override { return latest_.get(); }
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const override { return {}; }

private:
    void follow(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
            look();
            wake_.wait_for(lock, stop, kLookEvery, [] { return false; });
        }
        now_.phase = RunPhase::Stopped;
        publish();
    }

    /// What cannot be read now, because it is just being replaced or the share is away, is looked at again.
    void look() {
        std::string problem;
        bool changed = false;
        try {
            std::error_code none;
            if (!fs::exists(folder_ / "experiment.json", none))
                throw std::runtime_error("\"" + folder_.string() + "\" is not there any more; what was read stays.");
            changed = readMetrics();
            changed = readEvents() || changed;
            changed = readPoints() || changed;
        } catch (const std::exception& failure) {
            problem = failure.what();
        }
        const std::string& message = problem.empty() ? said_.message : problem;
        changed = changed || now_.message != message;
        now_.message = message;
        if (changed) publish();
    }

    bool readMetrics() {
        const std::vector<std::string> lines = metrics_.next();
        if (metrics_.restarted()) {
            columns_.reset();
            history_ = MetricsHistory();
        }
        for (const std::string& line : lines) {
            if (!columns_) {
                columns_.emplace(line);
            } else if (const std::optional<MetricsRow> row = columns_->rowOf(line)) {
                history_.add(*row);
                takeOver(*row);
            }
        }
        now_.history = history_.rows();
        return !lines.empty() || metrics_.restarted();
    }

    void takeOver(const MetricsRow& row) {
        now_.step = row.step;
        if (!std::isnan(row.seconds)) now_.seconds = row.seconds;
        if (!(row.epoch > 0)) return;
        now_.epoch = row.epoch;
        now_.stepsPerEpoch = std::llround(static_cast<double>(row.step) / row.epoch);
    }

    bool readEvents() {
        const std::vector<std::string> lines = events_.next();
        if (events_.restarted()) said_ = {};
        for (const std::string& line : lines) takeEvent(line, said_);
        if (!now_.bank && said_.phase == RunPhase::Running)
            now_.phase = RunPhase::Preparing;
        else
            now_.phase = said_.phase == RunPhase::Failed ? RunPhase::Stopped : said_.phase;  // its failure, not ours
        return !lines.empty() || events_.restarted();
    }

    bool readPoints() {
        const std::int64_t newest = newestEpoch(folder_);
        if (newest < 0 || newest == epoch_) return false;
        KeptEpoch kept = readEpoch(folder_, newest, samples_);
        auto bank = std::make_shared<BankFrame>();
        bank->runId = start_.runId;
        bank->step = newest * now_.stepsPerEpoch;
        bank->dimension = kept.table.dimension;
        // The same pointer while they are the same samples, so that points glide.
        if (!tracked_ || *tracked_ != kept.samples)
            tracked_ = std::make_shared<const std::vector<std::int32_t>>(std::move(kept.samples));
        bank->samples = tracked_;
        bank->embeddings = std::move(kept.table.rows);
        bank->computedAtStep.assign(kept.table.count, bank->step);
        bank->exact = true;
        now_.distances = std::make_shared<const DistanceStatistics>(distancesOf(*bank));
        now_.bank = std::move(bank);
        if (now_.phase == RunPhase::Preparing) now_.phase = RunPhase::Running;
        epoch_ = newest;
        return true;
    }

    DistanceStatistics distancesOf(const BankFrame& bank) const {
        std::vector<std::int32_t> labels;
        for (const std::int32_t sample : *bank.samples)
            labels.push_back(start_.data->samples[static_cast<std::size_t>(sample)].label);
        const PairSample pairs = samplePairs(labels, kPairsEach, now_.settings.seed);
        return distanceStatistics(bank.embeddings, bank.dimension, pairs, now_.settings.normalizeEmbeddings);
    }

    void publish() {
        latest_.publish(std::make_shared<const Snapshot>(now_));
        if (start_.wakeUp) start_.wakeUp();
    }

    RunStart start_;
    fs::path folder_;
    std::size_t samples_;
    GrowingLines metrics_, events_;
    std::optional<MetricsColumns> columns_;
    MetricsHistory history_;
    RunEvents said_;
    std::int64_t epoch_ = -1;
    std::shared_ptr<const std::vector<std::int32_t>> tracked_;
    Snapshot now_;
    Latest<Snapshot> latest_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // Last: it is joined before what it uses dies.
};

}  // namespace

std::unique_ptr<Run> followRun(RunStart start, fs::path folder, const RunDescription& description) {
    return std::make_unique<FollowedRun>(std::move(start), std::move(folder), description);
}

}  // namespace embedscope
