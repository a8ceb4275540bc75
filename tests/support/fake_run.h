#pragma once

#include "engine/health.h"
#include "engine/latest.h"
#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/run.h"
#include "engine/training/request_inbox.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace embedscope::test {

/// What a FakeRun does.
struct FakeScript {
    std::int64_t stepsPerEpoch = 20;
    std::chrono::milliseconds perStep{5};
    std::int64_t failAtStep = -1;   ///< Negative: never.
    std::int64_t alarmAtStep = -1;  ///< Negative: never. Over once the learning rate is lower.
    std::string failure = "The disk is full; free some space and start the run again.";
};

/// A run without a network: the samples of each class drift from noise towards a corner of their own. Keeps the whole
/// contract of Run and RunRecorder, so that windows and tests need no training. Same seed, same bytes.
class FakeRun : public Run {
public:
    FakeRun(RunStart start, FakeScript script)
        : start_(std::move(start)), script_(std::move(script)), settings_(start_.experiment) {
        track();
        publish(RunPhase::Preparing);
        thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
    }

    void post(Request request) override { inbox_.post(std::move(request)); }
    void requestStop() override { thread_.request_stop(); }
    std::shared_ptr<const Snapshot> latest() const override { return latest_.get(); }
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const override { return {}; }
    std::shared_ptr<const HealthState> health() const override { return health_.get(); }
    std::shared_ptr<const Marks> marks() const override { return marks_.get(); }
    std::shared_ptr<const MinedTuples> minedTuples() const override { return mined_.get(); }

private:
    void work(const std::stop_token& stop) try {
        if (const auto wrong = problems(settings_); !wrong.empty()) throw std::runtime_error(wrong.front());
        if (start_.recorder) start_.recorder->begin(settings_, *start_.data);
        if (start_.marks) apply(SetMarks{start_.marks});
        endEpoch(0);
        const std::int64_t last = settings_.epochs * script_.stepsPerEpoch;
        while (step_ < last && !stop.stop_requested()) {
            takeRequests();
            if (permit_.mayStep()) {
                takeStep(stop);
            } else {
                publish(RunPhase::Paused);
                inbox_.wait(stop);
            }
        }
        const auto end = snapshotNow(step_ < last ? RunPhase::Stopped : RunPhase::Finished);
        if (start_.recorder) start_.recorder->end(*end);
        publish(end);
    } catch (const std::exception& failure) {
        message_ = failure.what();
        publish(RunPhase::Failed);
    }

    void takeStep(const std::stop_token& stop) {
        std::unique_lock lock(clockMutex_);
        clock_.wait_for(lock, stop, script_.perStep, [] { return false; });
        if (stop.stop_requested()) return;
        if (step_ == script_.failAtStep) throw std::runtime_error(script_.failure);
        ++step_;
        permit_.stepTaken();
        if (step_ == script_.alarmAtStep) publishAlarm(-1);
        if (miningWatched_) publishMined();
        if (step_ % script_.stepsPerEpoch == 0)
            endEpoch(static_cast<int>(step_ / script_.stepsPerEpoch));
        else
            report(MetricsRow::kNone);
        publish(RunPhase::Running);
    }

    void takeRequests() {
        for (const Request& request : inbox_.take()) std::visit([this](const auto& one) { apply(one); }, request);
    }
    void apply(SetPaused request) {
        permit_.set(request);
        event("paused", request.paused ? "true" : "false");
    }
    void apply(StepOnce request) {
        permit_.set(request);
        event("step_once", "1");
    }
    void apply(SetLearningRate request) {
        Experiment changed = settings_;
        changed.learningRate = request.learningRate;
        if (request.learningRate < settings_.learningRate && health_.get()) publishAlarm(step_);
        accept(changed, "learning_rate", std::to_string(request.learningRate));
    }
    void apply(const SetLossParameter& request) {
        Experiment changed = settings_;
        changed.loss.parameters[request.id] = request.value;
        accept(changed, "loss_parameter",
               R"({"id":")" + request.id + R"(","value":)" + std::to_string(request.value) + "}");
    }
    void apply(const SetViewLossParameter& request) {
        Experiment changed = settings_;
        changed.viewLoss.parameters[request.id] = request.value;
        accept(changed, "view_loss_parameter",
               R"({"id":")" + request.id + R"(","value":)" + std::to_string(request.value) + "}");
    }
    void apply(const SetViewLossWeight& request) {
        Experiment changed = settings_;
        changed.viewLossWeight = request.weight;
        accept(changed, "view_loss_weight", std::to_string(request.weight));
    }
    void apply(const SetAugmentation& request) {
        Experiment changed = settings_;
        changed.augmentation = request.augmentation;
        accept(changed, "augmentation", R"({"id":")" + request.augmentation.id + R"("})");
    }
    void apply(const SetLoss& request) {
        Experiment changed = settings_;
        changed.loss = request.loss;
        accept(changed, "loss", R"({"id":")" + request.loss.id + R"("})");
    }
    void apply(const GoBack& request) { event("went_back", std::to_string(request.step)); }
    void apply(const SetMarks& request) {
        event("marks", "{}");
        if (start_.recorder && request.marks) start_.recorder->marks(*request.marks, *start_.data);
        marks_.publish(request.marks);
    }
    void apply(const WatchMining& request) { miningWatched_ = request.watched; }
    /// The first samples that make a triplet.
    void publishMined() {
        MinedTuples mined;
        mined.step = step_;
        mined.counts.drawn.assign(start_.data->size(), 1);
        mined.counts.mined.assign(start_.data->size(), 0);
        const auto labelOf = [this](std::size_t i) { return start_.data->samples[i].label; };
        for (std::size_t i = 1; i + 1 < start_.data->size() && mined.tuples.size() < 5; ++i) {
            if (labelOf(i - 1) != labelOf(i) || labelOf(i) < 0) continue;
            const auto other = static_cast<std::int32_t>(start_.data->size() - 1 - mined.tuples.size());
            const auto at = static_cast<float>(mined.tuples.size());
            mined.tuples.push_back({static_cast<std::int32_t>(i - 1), static_cast<std::int32_t>(i), other,
                                    0.5F + at / 10, 1.0F - at / 10, 0.1F * at, 0.2F});
            mined.counts.mined[i] = 1;
        }
        mined.chosen = 40;
        mined_.publish(std::make_shared<const MinedTuples>(std::move(mined)));
    }
    void apply(MeasureNow) {
        event("measure_now", "1");
        report(0.5 + 0.5 * progress());
    }
    void apply(const SetMiner& request) {
        Experiment changed = settings_;
        changed.miner = request.miner;
        accept(changed, "miner", R"({"id":")" + request.miner.id + R"("})");
    }
    void publishAlarm(std::int64_t over) {
        Alarm alarm;
        alarm.id = "total_collapse";
        alarm.sinceStep = script_.alarmAtStep;
        alarm.overAtStep = over;
        alarm.sentence = "All embeddings have fallen into one place.";
        alarm.advice = "Lower the learning rate.";
        alarm.cure = Cure{"Go back and lower the learning rate",
                          {GoBack{0}, SetLearningRate{start_.experiment.learningRate / 10}}};
        alarm.samples = {2, 0, 1};
        health_.publish(std::make_shared<const HealthState>(HealthState{{alarm}}));
    }
    void accept(const Experiment& changed, std::string_view kind, const std::string& json) {
        const auto wrong = problems(changed);
        message_ = wrong.empty() ? "" : wrong.front();
        if (!wrong.empty()) return;
        settings_ = changed;
        event(kind, json);
    }
    void event(std::string_view kind, std::string_view json) {
        if (start_.recorder) start_.recorder->event(step_, kind, json);
    }

    void endEpoch(int epoch) {
        report(0.5 + 0.5 * progress());
        if (start_.recorder) start_.recorder->epochEnd(epoch, *bankNow());
    }

    void report(double recall) {
        MetricsRow row;
        row.step = step_;
        row.epoch = epochNow();
        row.seconds = secondsNow();
        row.imagesPerSecond = 1000;
        row.loss = 1 - progress();
        row.activeFraction = 1 - progress();
        row.learningRate = settings_.learningRate;
        row.gradientNorm = 1;
        const DistanceStatistics distances = distancesNow(*bankNow());
        row.similarMean = distances.similar.mean;
        row.similarP10 = distances.similar.p10;
        row.similarP90 = distances.similar.p90;
        row.dissimilarMean = distances.dissimilar.mean;
        row.dissimilarP10 = distances.dissimilar.p10;
        row.dissimilarP90 = distances.dissimilar.p90;
        row.recallAt1 = recall;
        if (!std::isnan(recall))
            row.measures = std::make_shared<const std::map<std::string, double>>(
                std::map<std::string, double>{{"recall_at_1", recall}, {"map_at_r", recall / 2}});
        history_.push_back(row);
        if (start_.recorder) start_.recorder->report(row);
    }

    void publish(RunPhase phase) { publish(snapshotNow(phase)); }
    void publish(std::shared_ptr<const Snapshot> snapshot) {
        latest_.publish(std::move(snapshot));
        if (start_.wakeUp) start_.wakeUp();
    }

    std::shared_ptr<const Snapshot> snapshotNow(RunPhase phase) const {
        Snapshot snapshot;
        snapshot.runId = start_.runId;
        snapshot.phase = phase;
        snapshot.step = step_;
        snapshot.stepsPerEpoch = script_.stepsPerEpoch;
        snapshot.epoch = epochNow();
        snapshot.epochs = settings_.epochs;
        snapshot.seconds = secondsNow();
        snapshot.deviceName = "CPU, scripted";
        if (phase != RunPhase::Preparing) {
            snapshot.bank = bankNow();
            snapshot.distances = std::make_shared<const DistanceStatistics>(distancesNow(*snapshot.bank));
        }
        snapshot.history = std::make_shared<const std::vector<MetricsRow>>(history_);
        snapshot.marginMark = MarginMark{marginNow(), "margin"};
        snapshot.settings = settings_;
        snapshot.message = message_;
        return std::make_shared<const Snapshot>(std::move(snapshot));
    }

    void track() {
        auto samples = std::make_shared<std::vector<std::int32_t>>();
        const std::size_t count = std::min<std::size_t>(start_.data ? start_.data->size() : 0, 300);
        for (std::size_t i = 0; i < count; ++i)
            samples->push_back(static_cast<std::int32_t>(i * start_.data->size() / count));
        for (const std::int32_t sample : *samples) labels_.push_back(start_.data->samples[sample].label);
        samples_ = std::move(samples);
        pairs_ = samplePairs(labels_, 1000, settings_.seed);
    }

    std::shared_ptr<const BankFrame> bankNow() const {
        auto bank = std::make_shared<BankFrame>();
        bank->runId = start_.runId;
        bank->step = step_;
        bank->dimension = settings_.embeddingDimension;
        bank->samples = samples_;
        bank->embeddings.resize(samples_->size() * bank->dimension);
        bank->computedAtStep.assign(samples_->size(), step_);
        bank->exact = step_ % script_.stepsPerEpoch == 0;
        for (std::size_t row = 0; row < samples_->size(); ++row)
            place(std::span(bank->embeddings).subspan(row * bank->dimension, bank->dimension), row);
        return bank;
    }

    /// Unit length: noise at first, then the corner of the class with less and less noise.
    void place(std::span<float> point, std::size_t row) const {
        const float noise = static_cast<float>(1 - 0.8 * progress());
        double squares = 0;
        for (std::size_t k = 0; k < point.size(); ++k) {
            const std::uint64_t hash = (settings_.seed * 1000003 + row * 8191 + k * 131) * 0x9E3779B97F4A7C15ULL;
            point[k] = noise * (static_cast<float>(hash >> 40) / 8388608.0F - 1.0F);
            if (labels_[row] >= 0 && k == labels_[row] % point.size()) point[k] += static_cast<float>(3 * progress());
            squares += static_cast<double>(point[k]) * point[k];
        }
        for (float& value : point) value /= static_cast<float>(std::sqrt(std::max(squares, 1e-12)));
    }

    DistanceStatistics distancesNow(const BankFrame& bank) const {
        return distanceStatistics(bank.embeddings, bank.dimension, pairs_, true);
    }
    double marginNow() const {
        const auto found = settings_.loss.parameters.find("margin");
        return found == settings_.loss.parameters.end() ? 0.5 : found->second;
    }
    double epochNow() const { return static_cast<double>(step_) / static_cast<double>(script_.stepsPerEpoch); }
    double secondsNow() const {
        return static_cast<double>(step_) * 1e-3 * static_cast<double>(script_.perStep.count());
    }
    double progress() const { return 1 - std::exp(-epochNow()); }

    RunStart start_;
    FakeScript script_;
    Experiment settings_;
    RequestInbox inbox_;
    StepPermit permit_;
    Latest<Snapshot> latest_;
    Latest<HealthState> health_;
    Latest<Marks> marks_;
    Latest<MinedTuples> mined_;
    bool miningWatched_ = false;
    std::shared_ptr<const std::vector<std::int32_t>> samples_;
    std::vector<std::int32_t> labels_;
    PairSample pairs_;
    std::vector<MetricsRow> history_;
    std::int64_t step_ = 0;
    std::string message_;
    std::mutex clockMutex_;
    std::condition_variable_any clock_;
    std::jthread thread_;  // Last: joined before what it uses dies.
};

inline RunFactory fakeRunFactory(FakeScript script = {}) {
    return [script](RunStart start) { return std::make_unique<FakeRun>(std::move(start), script); };
}

}  // namespace embedscope::test
