#pragma once

#include "engine/health.h"
#include "engine/run_state.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// What a run measured since its last report. NaN: not measured; of what only epoch ends measure the newest is kept.
struct Vitals {
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    double step = 0;
    double loss = kNone;
    double activeFraction = kNone;  ///< Of all pairs or triplets, 0..1.
    double learningRate = kNone;    ///< As the schedule has it.
    double gradientNorm = kNone;    ///< Before it is clipped.
    double updateRatio = kNone;     ///< Norm of a step's change of the encoder's weights by their norm.
    double spread =
        kNone;  ///< RMS deviation of the batch's normalised rows, times sqrt(dimension): 0 collapsed, 1 even.
    double scale = kNone;         ///< RMS distance of the batch's rows from their mean, as they come.
    double emptyBatches = kNone;  ///< Share of batches without a similar or without a dissimilar pair, 0..1.

    // At epoch ends.
    double effectiveRank = kNone;   ///< Of the bank.
    double rankCap = kNone;         ///< min(N - 1, dimension) of what it was measured on.
    double trainRecallAt1 = kNone;  ///< Of as many training samples as there are held-out ones.
    double holdOutRecallAt1 = kNone;
    double proxies = kNone;
    double deadProxies = kNone;     ///< That are the nearest proxy of no training sample.
    double checkedLabels = kNone;   ///< Training samples whose neighbours were asked.
    double doubtedLabels = kNone;   ///< Of these, whose neighbours agree on another class.
    double checkedHeldOut = kNone;  ///< Held-out images compared with training images.
    double duplicates = kNone;      ///< Of these, with a near-duplicate among the training images.
};

/// What does not change while a run goes on.
struct HealthSubject {
    int classes = 0;             ///< Of the training part.
    std::int64_t batchSize = 0;  ///< Images; each view counts once.
    std::int64_t heldOut = 0;    ///< Images that Recall@1 of the hold-out is measured on.
};

/// What of the course of a run the alarms remember. NaN: not known yet.
struct HealthCourse {
    double firstStep = Vitals::kNone;
    double firstLoss = Vitals::kNone;   ///< Mean of the first window.
    double firstScale = Vitals::kNone;  ///< Of the first report.
    double bestSpread = 0;
    double lastSpreadStep = 0;   ///< The last one at which the spread was at least half its best.
    double highestGradient = 0;  ///< Mean over a window.
    double highestUpdate = 0;    ///< As highestGradient, of the update ratio, since steps were calm at a best hold-out.
    double highestUpdateStep = Vitals::kNone;  ///< Of the largest step in that window.
    double calmStep = Vitals::kNone;           ///< The last report before it at which steps were of usual size,
    double calmRate = Vitals::kNone;           ///< and the learning rate there.
    double firstHoldOut = Vitals::kNone, bestHoldOut = Vitals::kNone, trainAtBestHoldOut = Vitals::kNone;
    double bestHoldOutStep = Vitals::kNone;  ///< The last one at which the hold-out was at its best.
    double epochsBelowBest = 0;  ///< Epoch ends in a row at which the hold-out was clearly worse than at its best.
    double epochEnds = 0;        ///< After training began.
};

/// Judges a run at every report: the table of alarms of engine/evaluation/alarm_table.h. One thread.
class HealthMonitor {
public:
    explicit HealthMonitor(HealthSubject subject);
    ~HealthMonitor();

    /// What began or ended with this report, in the order of the table.
    /// @param settings As they are now.
    std::vector<Alarm> observe(const Vitals& vitals, const Experiment& settings);

    /// The images that an alarm of this id is about, for when it is raised next.
    void setSamples(const std::string& alarmId, std::vector<std::int32_t> samples);

    /// Something was no longer a finite number at `step`, and the run has gone back: endAll() comes before.
    /// @param sentence What happened. @return The alarm that says so.
    Alarm tellDiverged(std::int64_t step, const std::string& sentence, const Experiment& settings);

    /// The run has left `step` for an earlier one, whose state was loaded: all alarms are over, and those whose cause
    /// is still there are told anew.
    std::vector<Alarm> endAll(std::int64_t step);

    /// Null only before the first alarm; a new value after each change.
    std::shared_ptr<const HealthState> state() const { return state_; }

    void save(const StateWriter& state) const;
    /// @throws std::runtime_error with one sentence if the state is none of a monitor.
    void load(const StateReader& state);

private:
    struct Watch {
        double since = Vitals::kNone;  ///< Report since which its condition has held without a gap.
        double raised = 0;             ///< 1: told.
    };
    void follow(const Vitals& vitals, const Experiment& settings);
    void followUpdates(double newest);
    void followEpochEnd(const Vitals& vitals);
    void judge(std::size_t row, const Experiment& settings, std::vector<Alarm>& changes);
    Alarm* standing(const std::string& id);
    void publish();

    HealthSubject subject_;
    HealthCourse course_;
    std::vector<Vitals> recent_;  ///< Oldest first, at most kRecentReports.
    std::vector<Watch> watches_;  ///< By row of the table.
    std::vector<Alarm> alarms_;
    std::vector<std::pair<std::string, std::vector<std::int32_t>>> samples_;  ///< By alarm.
    std::shared_ptr<const HealthState> state_;
};

}  // namespace embedscope
