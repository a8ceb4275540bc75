#include "engine/latest.h"
#include "engine/run_follow.h"
#include "engine/storage/growing_lines.h"
#include "engine/storage/kept_epochs.h"
#include "engine/storage/live_points_file.h"
#include "engine/storage/metrics_columns.h"
#include "engine/storage/run_lock.h"
#include "engine/training/metrics_history.h"
#include "engine/viewing/epoch_pace.h"
#include "engine/viewing/point_distances.h"
#include "engine/viewing/run_events.h"

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
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
constexpr std::chrono::minutes kLongSilence{2};

/// "3.4"
std::string written(double epoch) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", epoch);
    return text;
}

class FollowedRun : public Run {
public:
    FollowedRun(RunStart start, fs::path folder, const RunDescription& description)
        : start_(std::move(start)),
          folder_(std::move(folder)),
          samples_(start_.data->size()),
          live_(livePointsFile(folder_)),
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
        showTheWay(lock, stop);
        while (!stop.stop_requested()) {
            look();
            wake_.wait_for(lock, stop, kLookEvery, [] { return false; });
        }
        now_.phase = RunPhase::Stopped;
        publish();
    }

    /// The epochs that were kept, one after the other, so that the timeline has them: a second or two.
    void showTheWay(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
        std::vector<std::int64_t> epochs;
        try {
            readMetrics();
            epochs = epochsOnTheWay(keptEpochs(folder_), kMostOnTheWay);
        } catch (const std::exception&) {  // told by the first look
        }
        for (std::size_t i = 0; i < epochs.size() && !stop.stop_requested(); ++i) {
            try {
                showEpoch(epochs[i]);
            } catch (const std::exception&) {  // one that is damaged is left out
                continue;
            }
            now_.message = "The epochs that were kept: " + std::to_string(epochs[i]);
            publish();
            wake_.wait_for(lock, stop, paceOnTheWay(epochs.size()), [] { return false; });
        }
    }

    /// What cannot be read now, because it is just being replaced or the share is away, is looked at again.
    void look() {
        std::string problem;
        bool changed = false;
        RunWriter writer = RunWriter::Unknown;
        try {
            std::error_code none;
            if (!fs::exists(folder_ / "experiment.json", none))
                throw std::runtime_error("\"" + folder_.string() + "\" is not there any more; what was read stays.");
            writer = writerOf(folder_);  // first: what it wrote to its end is then read
            changed = readMetrics();
            changed = readEvents() || changed;
            changed = readEpoch() || changed;
            changed = readLive() || changed;
        } catch (const std::exception& failure) {
            problem = failure.what();
        }
        changed = judge(writer, changed) || changed;
        const std::string& message = !problem.empty() ? problem : silence_.empty() ? said_.message : silence_;
        changed = changed || now_.message != message;
        now_.message = message;
        if (changed) publish();
    }

    bool readMetrics() {
        const std::vector<std::string> lines = metrics_.next();
        if (metrics_.restarted()) {
            columns_.reset();
            history_ = MetricsHistory();
            epoch_ = shownStep_ = -1;  // it was resumed from further back
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
        return !lines.empty() || events_.restarted();
    }

    /// How the run stands, from its events and from whether somebody still writes it. @return Whether that is new.
    bool judge(RunWriter writer, bool news) {
        const RunPhase before = now_.phase;
        const bool ended = said_.phase != RunPhase::Running && said_.phase != RunPhase::Paused;
        if (news) heard_ = Clock::now();
        silence_.clear();
        now_.phase = said_.phase == RunPhase::Failed ? RunPhase::Stopped : said_.phase;  // its failure, not ours
        if (!ended && writer == RunWriter::Nobody) {
            now_.phase = RunPhase::Stopped;
            silence_ = "Interrupted at epoch " + written(now_.epoch) +
                       ": what wrote this run ended without a word, as in a crash or a power cut. The library resumes "
                       "it from its last checkpoint.";
        } else if (said_.phase == RunPhase::Running && writer == RunWriter::Unknown &&
                   Clock::now() - heard_ > kLongSilence) {
            silence_ = "Nothing was written for more than two minutes; perhaps nobody writes this run any more.";
        } else if (said_.phase == RunPhase::Running && !now_.bank) {
            now_.phase = RunPhase::Preparing;
        }
        return now_.phase != before;
    }

    bool readEpoch() {
        const std::int64_t newest = newestEpoch(folder_);
        if (newest < 0 || newest == epoch_) return false;
        showEpoch(newest);
        return true;
    }

    void showEpoch(std::int64_t epoch) {
        KeptEpoch kept = embedscope::readEpoch(folder_, epoch, samples_);
        auto bank = std::make_shared<BankFrame>();
        bank->step = epoch * now_.stepsPerEpoch;
        bank->dimension = kept.table.dimension;
        bank->samples = std::make_shared<const std::vector<std::int32_t>>(std::move(kept.samples));
        bank->embeddings = std::move(kept.table.rows);
        bank->computedAtStep.assign(kept.table.count, bank->step);
        bank->exact = true;
        epoch_ = epoch;
        show(std::move(bank));
    }

    /// What lies between the ends of epochs.
    bool readLive() {
        std::error_code none;
        const fs::file_time_type written = fs::last_write_time(live_, none);
        if (none || written == liveAt_) return false;
        auto bank = std::make_shared<BankFrame>(readLivePoints(live_, samples_));
        liveAt_ = written;
        // An older one is from before the end of the epoch that is shown.
        if (bank->step <= shownStep_ || (now_.bank && bank->dimension != now_.bank->dimension)) return false;
        show(std::move(bank));
        return true;
    }

    void show(std::shared_ptr<BankFrame> bank) {
        bank->runId = start_.runId;
        // The same pointer while they are the same samples, so that points glide.
        if (!tracked_ || *tracked_ != *bank->samples) tracked_ = bank->samples;
        bank->samples = tracked_;
        shownStep_ = bank->step;
        now_.distances = std::make_shared<const DistanceStatistics>(
            pointDistances(*start_.data, *bank, now_.settings.seed, now_.settings.normalizeEmbeddings));
        now_.bank = std::move(bank);
    }

    void publish() {
        latest_.publish(std::make_shared<const Snapshot>(now_));
        if (start_.wakeUp) start_.wakeUp();
    }

    using Clock = std::chrono::steady_clock;

    RunStart start_;
    fs::path folder_;
    std::size_t samples_;
    fs::path live_;
    fs::file_time_type liveAt_{};
    Clock::time_point heard_ = Clock::now();  ///< Of the last news.
    std::string silence_;                     ///< What is to be said of a run that says nothing, or empty.
    GrowingLines metrics_, events_;
    std::optional<MetricsColumns> columns_;
    MetricsHistory history_;
    RunEvents said_;
    std::int64_t epoch_ = -1, shownStep_ = -1;
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
