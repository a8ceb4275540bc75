#pragma once

#include "engine/checkpoint.h"
#include "engine/data_set.h"
#include "engine/run_recorder.h"
#include "engine/snapshot.h"
#include "engine/wake_up.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace embedscope {

struct SetPaused {
    bool paused = true;
};
/// One more training step, then pause.
struct StepOnce {};
struct SetLearningRate {
    double learningRate = 0;
};
/// A parameter of the current loss that its table row calls changeable while running, e.g. "margin".
struct SetLossParameter {
    std::string id;
    double value = 0;
};
/// A parameter of the loss on views, as SetLossParameter.
struct SetViewLossParameter {
    std::string id;
    double value = 0;
};
/// How much the loss on views counts beside the one on labels.
struct SetViewLossWeight {
    double weight = 1;
};
/// Replaces the loss, or its parameters; added losses stay. Weights of the old loss are forgotten.
struct SetLoss {
    Choice loss;
};
/// All measures on the whole hold-out, with the weights as they are.
struct MeasureNow {};
/// Replaces the miner, or its parameters.
struct SetMiner {
    Choice miner;
};
/// Replaces the augmentation, or its parameters.
struct SetAugmentation {
    Choice augmentation;
};
/// Back to the newest state of the run that is kept in memory, see Run::checkpoints(), and not of a later step than
/// this; the settings stay as they are now.
struct GoBack {
    std::int64_t step = 0;
};

struct Marks;  // engine/marks.h
/// Replaces all that is marked by hand. Null: nothing is.
struct SetMarks {
    std::shared_ptr<const Marks> marks;
};
struct MinedTuple;  // engine/mined_tuples.h
/// Whether somebody looks at Run::minedTuples(): only then are they kept. Not a change of the run, so not in its log.
struct WatchMining {
    bool watched = true;
    std::shared_ptr<const std::vector<MinedTuple>> judged = nullptr;  ///< Of these the loss is wanted as well.
};

/// What may be asked of a live run; taken at the next batch boundary and written into the run's log.
using Request =
    std::variant<SetPaused, StepOnce, SetLearningRate, SetLossParameter, SetLoss, MeasureNow, SetViewLossParameter,
                 SetViewLossWeight, SetMiner, SetAugmentation, GoBack, SetMarks, WatchMining>;

struct HealthState;  // engine/health.h
struct MinedTuples;  // engine/mined_tuples.h

/// A run as the window sees it. Destroying it stops it and waits for the running batch (below 1 s).
class Run {
public:
    virtual ~Run() = default;
    /// Any thread. Does not block.
    virtual void post(Request request) = 0;
    /// Any thread. Does not block; the run ends at the next batch, also while paused.
    virtual void requestStop() = 0;
    /// Any thread. The newest snapshot; never null.
    virtual std::shared_ptr<const Snapshot> latest() const = 0;
    /// Any thread. From where the run can be continued or forked, oldest first: tenths of epochs, fewer the longer it
    /// lasts, and the last pause. Held in memory, so of this session only.
    virtual std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const = 0;
    /// Any thread. What threatens the run; null before the first alarm. A change of it is told as a snapshot is.
    virtual std::shared_ptr<const HealthState> health() const { return nullptr; }
    /// Any thread. What is marked by hand and trains now; null: nothing was yet. Told as a snapshot is.
    virtual std::shared_ptr<const Marks> marks() const { return nullptr; }
    /// Any thread. Some of what the miner chose in a batch of late; null until WatchMining and a step. About once a
    /// second, and told as a snapshot is.
    virtual std::shared_ptr<const MinedTuples> minedTuples() const { return nullptr; }
};

class Twins;  // engine/twins.h

struct RunStart {
    std::uint64_t runId = 0;
    Experiment experiment;
    std::shared_ptr<const DataSet> data;    ///< With its hold-out applied.
    std::unique_ptr<RunRecorder> recorder;  ///< Null: nothing is written.
    WakeUp wakeUp;
    std::shared_ptr<Twins> twins = nullptr;  ///< The runs it is trained side by side with; null: alone.
    std::size_t twin = 0;                    ///< Its place among them; smaller ones take their steps first.
    /// Goes on from here instead of step 0; null: a new run. With other settings than the checkpoint's it is a fork:
    /// see problems(Checkpoint, Experiment). Initial weights are not read again.
    std::shared_ptr<const Checkpoint> from = nullptr;
    /// When something is no longer a finite number the run goes back to its last good state and pauses, for a person to
    /// choose a cure; false: it fails.
    bool goesBackWhenDiverged = false;
    /// Marked by hand before the first step. Null: what the checkpoint holds, if there is one.
    std::shared_ptr<const Marks> marks = nullptr;
};

using RunFactory = std::function<std::unique_ptr<Run>(RunStart)>;

/// The real one: trains on a thread of its own. Settings that cannot work end as a Failed snapshot, never as a throw.
std::unique_ptr<Run> startTrainingRun(RunStart start);

}  // namespace embedscope
