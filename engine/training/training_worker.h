#pragma once

#include "engine/health_monitor.h"
#include "engine/run.h"
#include "engine/training/embedding_bank.h"
#include "engine/training/epoch_vitals.h"
#include "engine/training/hold_out_measures.h"
#include "engine/training/live_changes.h"
#include "engine/training/metrics_history.h"
#include "engine/training/pair_distances.h"
#include "engine/training/proxy_frame.h"
#include "engine/training/request_inbox.h"
#include "engine/training/run_board.h"
#include "engine/training/run_reports.h"
#include "engine/training/seat.h"
#include "engine/training/step_vitals.h"
#include "engine/training/stopwatch.h"
#include "engine/training/trainer.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// The course of one run: epochs, steps, refreshes, reports. Lives on the run's thread. What it computes depends on
/// the experiment, the data and the number of threads, never on time: only when it publishes does.
class TrainingWorker {
public:
    /// @throws std::exception with one sentence if a setting cannot work.
    TrainingWorker(const RunStart& start, torch::Device device, RequestInbox& inbox, RunBoard& board, Seat& seat);

    /// To the last epoch or a stop. @throws std::exception with one sentence.
    void run(const std::stop_token& stop);

private:
    void train(const std::stop_token& stop);
    void begin(const std::stop_token& stop);
    void recordFailure(std::string_view sentence);
    void awaitTurn(const std::stop_token& stop);
    bool takeSeat(const std::stop_token& stop);
    void standPaused(const std::stop_token& stop);
    void endTurn();
    void takeStep(const std::stop_token& stop);
    void followBank(const std::stop_token& stop);
    void refresh(const StepResult& taken);
    void endEpoch(const std::stop_token& stop);
    void saveWeights();
    std::shared_ptr<const Checkpoint> checkpoint() const;
    void keepCheckpoint();
    void keepWithinEpoch();
    void keepBeforeStep();
    void goOnFrom(const Checkpoint& checkpoint);
    void restore(const Checkpoint& checkpoint, KeptParts kept);
    void embedTracked(const std::stop_token& stop);
    void embedRestOfHoldOut(const std::stop_token& stop);
    void reportHoldOut(bool all, const std::stop_token& stop);
    void measureNow(const std::stop_token& stop);
    double holdOutRecall(const std::stop_token& stop) const;
    void guessLabels(const std::stop_token& stop);

    // See worker_health.cpp.
    HealthSubject healthSubject() const;
    void addVitals(const StepResult& taken);
    void lookForDuplicates(const std::stop_token& stop);
    void measureEpochVitals(const std::stop_token& stop);
    void judgeHealth(const MetricsRow& row);
    void tell(const std::vector<Alarm>& changes);
    std::shared_ptr<const Checkpoint> goodCheckpoint(std::int64_t notAfter) const;
    void goBackTo(const Checkpoint& checkpoint);
    bool stepsAreQuick() const;
    std::optional<StepResult> stepOrGoBack(const std::stop_token& stop);

    // See worker_marks.cpp.
    void apply(const SetMarks& request);
    void followMarks();
    void apply(const WatchMining& request);
    void keepTuplesIfDue();
    void publishMined();

    void takeRequests(const std::stop_token& stop);
    void apply(SetPaused request);
    void apply(StepOnce request);
    void apply(const SetLearningRate& request);
    void apply(const SetLossParameter& request);
    void apply(const SetViewLossParameter& request);
    void apply(const SetViewLossWeight& request);
    void apply(const SetMiner& request);
    void apply(const SetAugmentation& request);
    void apply(const SetLoss& request);
    void apply(MeasureNow request);
    void apply(const GoBack& request);
    bool accept(const LiveChange& change);
    void acceptIfFit(LiveChange change, const std::function<void(const Experiment&)>& use);
    void log(std::string_view kind, std::string_view json);

    void keep(std::span<const std::int32_t> samples, std::span<const float> rows);
    const DistanceStatistics& distances();
    void report(double recallAt1, std::shared_ptr<const HoldOutMeasures::Values> measures = nullptr);
    void bringUpToDate();
    void publish(RunPhase phase);
    void publishProgress(std::size_t done, std::size_t all);
    double epochNow() const;

    const RunStart& start_;
    RequestInbox& inbox_;
    RunBoard& board_;
    Seat& seat_;
    std::shared_ptr<const DataSet> shown_;  ///< The data as training may see it: some or all labels hidden.
    Trainer trainer_;
    EmbeddingBank bank_;
    EmbeddingBank holdOut_;  ///< All of the hold-out, for the metrics; the bank has only a part of it.
    std::vector<std::int32_t> holdOutLabels_;
    HoldOutMeasures measures_;
    PairDistances pairDistances_;
    MetricsHistory history_;
    StepMeans means_;
    StepVitals stepVitals_;
    EpochVitals epochVitals_;
    Vitals vitals_;  ///< Measured for the next report.
    HealthMonitor health_;
    StepPermit permit_;
    SnapshotClock clock_{std::chrono::milliseconds(100), 40};
    SnapshotClock minedClock_{std::chrono::seconds(1), 50};
    MinedCounts minedCounts_;
    WatchMining watching_{false};
    bool tuplesKept_ = false;  ///< By the step that is taken.
    Stopwatch total_;          ///< Without pauses and the turns of twins.
    Stopwatch stepping_;       ///< Without these and the evaluations at epoch ends.
    std::int64_t step_ = 0;
    std::int64_t savedAtStep_ = 0;
    std::int64_t keptAtStep_ = 0;                   ///< Of the last checkpoint.
    std::shared_ptr<const Checkpoint> beforeStep_;  ///< Of the step that is being taken, if it may be cut off.
    std::int64_t reportEvery_ = 1;
    double refreshCredit_ = 0;    ///< Images that the refresh budget allows now.
    bool changed_ = true;         ///< Something that a checkpoint holds, since the last one.
    bool measureWanted_ = false;  ///< Of the whole hold-out, when the requests have been taken.
    bool placed_ = false;         ///< Every row of the bank has been computed once.
    bool exact_ = false;          ///< All rows of the bank are of the weights as they are.
    bool measured_ = false;       ///< board_.now.distances are those of the bank as it is.
    bool framed_ = false;         ///< board_.now.bank is the bank as it is.
};

}  // namespace embedscope
