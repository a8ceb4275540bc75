#pragma once

#include "engine/health.h"
#include "engine/latest.h"
#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/snapshot.h"
#include "engine/training/checkpoint_history.h"
#include "engine/wake_up.h"

#include <memory>
#include <utility>

namespace embedscope {

/// What a run tells others: the worker keeps `now` up to date and publishes copies of it.
class RunBoard {
public:
    RunBoard(Snapshot first, WakeUp wakeUp) : now(std::move(first)), wakeUp_(std::move(wakeUp)) {
        latest_.publish(std::make_shared<const Snapshot>(now));
    }

    Snapshot now;                   ///< Worker only.
    CheckpointHistory checkpoints;  ///< Any thread reads them.
    Latest<HealthState> health;     ///< The worker publishes before a snapshot, so that this is told.
    Latest<Marks> marks;            ///< As health.
    Latest<MinedTuples> mined;      ///< As health.

    /// Worker.
    void publish(RunPhase phase) {
        now.phase = phase;
        latest_.publish(std::make_shared<const Snapshot>(now));
        if (wakeUp_) wakeUp_();
    }
    /// Any thread. Never null.
    std::shared_ptr<const Snapshot> latest() const { return latest_.get(); }

private:
    Latest<Snapshot> latest_;
    WakeUp wakeUp_;
};

}  // namespace embedscope
