#include "engine/training/training_worker.h"

#include "engine/learning.h"
#include "engine/retrieval.h"
#include "engine/trace.h"
#include "engine/training/bank_index.h"
#include "engine/training/labelled_share.h"
#include "engine/training/pseudo_labels.h"
#include "engine/training/random.h"
#include "engine/training/tracked_samples.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

/// A training step costs about as much as evaluating this many times its batch. A constant rather than a measurement:
/// the refresh budget, counted in images, must not depend on time, or no two runs would give the same bytes.
constexpr double kEvaluationsPerStep = 4;
constexpr std::int64_t kReportsPerEpoch = 100;
/// Steps on views leave nothing in the bank, as a crop is not the picture that is shown; the refresh gets twice its
/// share of the time instead.
constexpr double kRefreshInsteadOfSteps = 2;

using Samples = std::shared_ptr<const std::vector<std::int32_t>>;

Samples tracked(const RunStart& start) {
    const Experiment& experiment = start.experiment;
    return std::make_shared<const std::vector<std::int32_t>>(
        trackedSamples(*start.data, static_cast<std::size_t>(experiment.trackedSamples),
                       seedOf(experiment.seed, RandomStream::Tracking)));
}

Samples heldOut(const DataSet& data) {
    auto samples = std::make_shared<std::vector<std::int32_t>>();
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data.samples[i].split == Split::HoldOut) samples->push_back(static_cast<std::int32_t>(i));
    return samples;
}

std::shared_ptr<const DataSet> shownToTraining(const RunStart& start) {
    const Experiment& experiment = start.experiment;
    if (!usesLabels(experiment)) return withoutLabels(*start.data);
    return withLabelledShare(start.data, experiment.labelledShare, experiment.seed);
}

std::string numbered(std::int64_t value) {
    std::string digits = std::to_string(value);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, 1, ',');
    return digits;
}

}  // namespace

TrainingWorker::TrainingWorker(const RunStart& start, torch::Device device, RequestInbox& inbox, RunBoard& board,
                               Seat& seat)
    : start_(start),
      inbox_(inbox),
      board_(board),
      seat_(seat),
      shown_(shownToTraining(start)),
      trainer_(start.experiment, shown_, device, &seat),
      bank_(tracked(start), start.data->size(), start.experiment.embeddingDimension),
      holdOut_(heldOut(*start.data), start.data->size(), start.experiment.embeddingDimension),
      measures_(*start.data, bank_, holdOut_.samples(), seedOf(start.experiment.seed, RandomStream::Pairs)),
      pairDistances_(*start.data, bank_.samples(), start.experiment.normalizeEmbeddings,
                     seedOf(start.experiment.seed, RandomStream::Pairs)),
      epochVitals_(*start.data, bank_),
      health_(healthSubject()) {
    for (const std::int32_t sample : holdOut_.samples()) holdOutLabels_.push_back(start.data->samples[sample].label);
    board_.now.stepsPerEpoch = trainer_.stepsPerEpoch();
    reportEvery_ = std::max<std::int64_t>(1, trainer_.stepsPerEpoch() / kReportsPerEpoch);
}

void TrainingWorker::run(const std::stop_token& stop) {
    if (start_.recorder) start_.recorder->begin(board_.now.settings, *start_.data);
    if (!trainer_.remark().empty()) log("batches", nlohmann::json(trainer_.remark()).dump());
    RunPhase end = RunPhase::Finished;
    try {
        train(stop);
    } catch (const StopRequested&) {
        if (beforeStep_) board_.checkpoints.add(std::move(beforeStep_));
        if (!placed_) board_.now.message.clear();
        end = RunPhase::Stopped;
    } catch (const std::exception& failure) {
        recordFailure(failure.what());
        throw;
    }
    endTurn();
    seat_.leave();
    board_.now.phase = end;
    bringUpToDate();
    saveWeights();
    // Written before it is told: who sees the end finds the folder complete.
    if (start_.recorder) start_.recorder->end(board_.now);
    board_.publish(end);
}

/// So that its folder does not look like that of a run still going, or of a power cut.
void TrainingWorker::recordFailure(std::string_view sentence) {
    if (!start_.recorder) return;
    board_.now.phase = RunPhase::Failed;
    board_.now.message = sentence.substr(0, sentence.find('\n'));
    start_.recorder->end(board_.now);
}

void TrainingWorker::train(const std::stop_token& stop) {
    seat_.take(Work::Other, stop);
    total_.start();
    seat_.compute([&] { begin(stop); });
    endTurn();
    const std::int64_t last = board_.now.settings.epochs * trainer_.stepsPerEpoch();
    while (step_ < last) {
        awaitTurn(stop);
        seat_.compute([&] { takeStep(stop); });
        beforeStep_.reset();
        endTurn();
    }
}

void TrainingWorker::begin(const std::stop_token& stop) {
    if (start_.from) {
        goOnFrom(*start_.from);
        if (start_.marks) apply(SetMarks{start_.marks});
    } else {
        if (start_.marks) apply(SetMarks{start_.marks});
        trainer_.calibrate(stop);
        endEpoch(stop);
    }
    lookForDuplicates(stop);
}

/// Returns when a step may be taken: by the user, and by the twins.
void TrainingWorker::awaitTurn(const std::stop_token& stop) {
    do {
        takeRequests(stop);
        if (!permit_.mayStep()) standPaused(stop);
    } while (!stop.stop_requested() && !takeSeat(stop));
    if (stop.stop_requested()) {
        keepCheckpoint();  // between two steps: nothing is lost
        throw StopRequested{};
    }
    total_.start();
    if (board_.now.phase == RunPhase::Paused) publish(RunPhase::Running);
}

bool TrainingWorker::takeSeat(const std::stop_token& stop) try {
    return seat_.take(Work::Step, stop);
} catch (const StopRequested&) {
    keepCheckpoint();  // no step has begun
    throw;
}

void TrainingWorker::standPaused(const std::stop_token& stop) {
    seat_.setPaused(true);
    while (!stop.stop_requested() && !permit_.mayStep()) {
        keepCheckpoint();
        publish(RunPhase::Paused);
        inbox_.wait(stop);
        takeRequests(stop);
    }
    seat_.setPaused(false);
}

void TrainingWorker::endTurn() {
    total_.stop();
    seat_.giveBack(step_);
}

void TrainingWorker::takeStep(const std::stop_token& stop) {
    const TraceSpan span("step");
    stepping_.start();
    keepBeforeStep();
    followBank(stop);
    keepTuplesIfDue();
    const std::optional<StepResult> taken = stepOrGoBack(stop);
    if (!taken) {
        stepping_.stop();
        return;
    }
    const StepResult& result = *taken;
    keep(result.samples, result.embeddings);  // of the weights before the step
    addVitals(result);
    publishMined();
    ++step_;
    permit_.stepTaken();
    exact_ = false;
    changed_ = true;
    refresh(result);
    means_.add(result.loss, result.activeFraction, result.gradientNorm, result.images);
    const bool epochIsOver = step_ % trainer_.stepsPerEpoch() == 0;
    if (!epochIsOver && step_ % reportEvery_ == 0) report(MetricsRow::kNone);
    if (clock_.due()) publish(RunPhase::Running);
    stepping_.stop();
    if (!epochIsOver) keepWithinEpoch();
    if (epochIsOver) endEpoch(stop);
}

/// Mined batches come from the bank as it is before the step.
void TrainingWorker::followBank(const std::stop_token& stop) {
    trainer_.follow(bank_, step_, stop);
    const std::optional<MiningReport> report = trainer_.mining();
    std::optional<MiningReport>& known = board_.now.mining;
    if (report && (!known || known->indexedAtStep != report->indexedAtStep)) log("mining", miningJson(*report));
    known = report;
}

/// Spends the refresh budget on the tracked samples whose rows are oldest. One batch at most, and a part of the step: a
/// stop waits for it, so that the run can go on from there.
void TrainingWorker::refresh(const StepResult& taken) {
    const double share = start_.experiment.refreshShare * (taken.samples.empty() ? kRefreshInsteadOfSteps : 1);
    refreshCredit_ += share * kEvaluationsPerStep * static_cast<double>(taken.images);
    const auto count = std::min<std::size_t>(static_cast<std::size_t>(taken.images), bank_.samples().size());
    if (refreshCredit_ < static_cast<double>(count)) return;
    refreshCredit_ -= static_cast<double>(count);
    const TraceSpan span("refresh");
    trainer_.embed(bank_.stalest(count), {}, [this](auto samples, auto rows) { keep(samples, rows); });
}

/// Everything exact: the tracked samples, the whole hold-out, the metrics.
void TrainingWorker::endEpoch(const std::stop_token& stop) {
    embedTracked(stop);
    publish(RunPhase::Running);
    embedRestOfHoldOut(stop);
    reportHoldOut(false, stop);
    guessLabels(stop);
    publish(RunPhase::Running);
    const TraceSpan span("store");
    const auto epoch = static_cast<int>(step_ / trainer_.stepsPerEpoch());
    if (start_.recorder) start_.recorder->epochEnd(epoch, *board_.now.bank);
    saveWeights();
    changed_ = true;
    keepCheckpoint();
}

/// Those of the last step, once; the untrained ones are the seed's.
void TrainingWorker::saveWeights() {
    if (!start_.recorder || savedAtStep_ == step_) return;
    start_.recorder->weights(trainer_.weights());
    savedAtStep_ = step_;
}

/// What is measured on the hold-out as it was just embedded. @param all Not only the sample for epoch ends.
void TrainingWorker::reportHoldOut(bool all, const std::stop_token& stop) {
    const TraceSpan span("measures");
    const auto measures = measures_.measure(holdOut_, bank_, all, stop);
    const bool whole = measures && (all || measures_.whole());
    const double recall = whole ? measures->at("recall_at_1") : holdOutRecall(stop);
    if (!all) measureEpochVitals(stop);  // on demand it would count as an epoch's end
    if (stop.stop_requested()) throw StopRequested{};
    report(recall, measures);
}

void TrainingWorker::measureNow(const std::stop_token& stop) {
    changed_ = true;
    embedTracked(stop);
    embedRestOfHoldOut(stop);
    reportHoldOut(true, stop);
    publish(board_.now.phase);
}

void TrainingWorker::embedTracked(const std::stop_token& stop) {
    const TraceSpan span("embed");
    std::size_t done = 0;
    trainer_.embed(bank_.samples(), stop, [&](auto samples, auto rows) {
        keep(samples, rows);
        done += samples.size();
        if (!placed_ && clock_.due()) publishProgress(done, bank_.samples().size());
    });
    if (!placed_) board_.now.message = trainer_.remark();
    placed_ = exact_ = true;
}

void TrainingWorker::embedRestOfHoldOut(const std::stop_token& stop) {
    const TraceSpan span("embed hold-out");
    std::vector<std::int32_t> rest;
    std::ranges::copy_if(holdOut_.samples(), std::back_inserter(rest),
                         [this](std::int32_t sample) { return !bank_.holds(sample); });
    trainer_.embed(rest, stop, [this](auto samples, auto rows) { holdOut_.put(samples, rows, step_); });
}

double TrainingWorker::holdOutRecall(const std::stop_token& stop) const {
    if (holdOutLabels_.empty()) return MetricsRow::kNone;
    return recallAt1(holdOut_.embeddings(), holdOut_.dimension(), holdOutLabels_, stop);
}

/// What it finds is told at once and stays until the next epoch ends.
void TrainingWorker::guessLabels(const std::stop_token& stop) {
    const Experiment& experiment = start_.experiment;
    if (experiment.learning != Learning::SemiSupervised) return;
    const auto epoch = static_cast<int>(step_ / trainer_.stepsPerEpoch());
    const auto guesses = embedscope::guessLabels(experiment.pseudoLabels, epoch, *shown_, bank_, stop);
    if (!guesses) return;
    trainer_.learnFrom(*guesses, epoch);
    const PseudoLabelReport report = reportOn(*guesses, *shown_, *start_.data, bank_);
    board_.now.message = report.sentence();
    log("pseudo_labels", report.json());
}

void TrainingWorker::log(std::string_view kind, std::string_view json) {
    if (start_.recorder) start_.recorder->event(step_, kind, json);
}

void TrainingWorker::keep(std::span<const std::int32_t> samples, std::span<const float> rows) {
    bank_.put(samples, rows, step_);
    holdOut_.put(samples, rows, step_);
    measured_ = framed_ = false;
}

const DistanceStatistics& TrainingWorker::distances() {
    if (!measured_) {
        const TraceSpan span("distances");
        board_.now.distances = std::make_shared<const DistanceStatistics>(pairDistances_.measure(bank_));
        measured_ = true;
    }
    return *board_.now.distances;
}

void TrainingWorker::report(double recallAt1, std::shared_ptr<const HoldOutMeasures::Values> measures) {
    MetricsRow row;
    row.step = step_;
    row.epoch = epochNow();
    row.seconds = total_.seconds();
    row.learningRate = trainer_.effectiveLearningRate();
    row.recallAt1 = recallAt1;
    row.measures = std::move(measures);
    means_.moveInto(row, stepping_.seconds());
    writeDistances(distances(), row);
    history_.add(row);
    if (start_.recorder) start_.recorder->report(row);
    judgeHealth(row);
}

void TrainingWorker::bringUpToDate() {
    Snapshot& now = board_.now;
    now.step = step_;
    now.epoch = epochNow();
    now.seconds = total_.seconds();
    now.history = history_.rows();
    if (!placed_) return;
    now.proxies = proxyFrame(trainer_.proxies(), *shown_);
    now.marginMark = trainer_.marginMark(similarMeanSquare(distances()));
    if (!framed_) now.bank = bank_.frame(now.runId, step_, exact_);
    framed_ = true;
}

void TrainingWorker::publish(RunPhase phase) {
    const TraceSpan span("publish");
    clock_.begin();
    bringUpToDate();
    board_.publish(phase);
    clock_.end();
}

/// Before there are points to show.
void TrainingWorker::publishProgress(std::size_t done, std::size_t all) {
    clock_.begin();
    board_.now.message = "Placing the first points: " + numbered(static_cast<std::int64_t>(done)) + " of " +
                         numbered(static_cast<std::int64_t>(all));
    board_.publish(RunPhase::Preparing);
    clock_.end();
}

double TrainingWorker::epochNow() const {
    return static_cast<double>(step_) / static_cast<double>(trainer_.stepsPerEpoch());
}

}  // namespace embedscope
