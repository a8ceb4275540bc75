#include "engine/training/training_worker.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <stdexcept>
#include <string>

namespace embedscope {

// What is not here is decided by settings and data, measured anew before it is used (the hold-out), or of the clock.

std::shared_ptr<const Checkpoint> TrainingWorker::checkpoint() const {
    auto checkpoint = std::make_shared<Checkpoint>();
    checkpoint->settings = board_.now.settings;
    checkpoint->dataFingerprint = start_.data->fingerprint;
    checkpoint->samples = start_.data->size();
    checkpoint->step = step_;
    checkpoint->stepsPerEpoch = trainer_.stepsPerEpoch();
    checkpoint->seconds = total_.seconds();
    const StateWriter state(checkpoint->state);
    trainer_.save(state);
    bank_.save(state.part("bank"));
    means_.save(state.part("means"));
    history_.save(state.part("history"));
    stepVitals_.save(state.part("vitals"));
    health_.save(state.part("health"));
    state.number("refresh_credit", refreshCredit_);
    state.number("stepping_seconds", stepping_.seconds());
    state.number("exact", static_cast<std::uint8_t>(exact_));
    return checkpoint;
}

/// Between two steps: at epoch ends, in pauses and at a stop, if anything is new.
void TrainingWorker::keepCheckpoint() {
    if (!changed_) return;
    changed_ = false;
    const std::shared_ptr<const Checkpoint> now = checkpoint();
    board_.checkpoints.add(now);
    keptAtStep_ = step_;
    if (start_.recorder) start_.recorder->checkpoint(now);
}

/// In memory only, for forks. Seldom enough to cost next to nothing: a copy of
/// the state takes about as long as a tenth of a small step.
void TrainingWorker::keepWithinEpoch() {
    constexpr std::int64_t kFewestSteps = 20;
    if (step_ - keptAtStep_ < kFewestSteps || !endsTenth(step_, trainer_.stepsPerEpoch())) return;
    const std::shared_ptr<const Checkpoint> now = checkpoint();
    board_.checkpoints.add(now);
    keptAtStep_ = step_;
    if (start_.recorder) start_.recorder->checkpoint(now);
}

/// A stop amid the next step, or amid what is measured after the last of an epoch, then loses no more than that step.
void TrainingWorker::keepBeforeStep() {
    const bool endsEpoch = (step_ + 1) % trainer_.stepsPerEpoch() == 0;
    if (keptAtStep_ == step_ || (!endsEpoch && stepsAreQuick())) return;
    beforeStep_ = checkpoint();
    if (start_.recorder) start_.recorder->checkpoint(beforeStep_);
}

void TrainingWorker::goOnFrom(const Checkpoint& from) {
    if (from.stepsPerEpoch != trainer_.stepsPerEpoch())
        throw std::runtime_error("The checkpoint counts " + std::to_string(from.stepsPerEpoch) +
                                 " steps in an epoch, but these settings make " +
                                 std::to_string(trainer_.stepsPerEpoch()) +
                                 "; choose the batch size and the sampler that it was saved with.");
    constexpr double kLongest = 1e10;  // as the file of a checkpoint allows; the clock could not hold much more
    const auto stepping = StateReader(from.state).number<double>("stepping_seconds");
    for (const double seconds : {from.seconds, stepping})
        if (!(seconds >= 0 && seconds <= kLongest))
            throw std::runtime_error(
                "The checkpoint is damaged: its seconds of training cannot be; go on from another.");
    total_.add(from.seconds);
    stepping_.add(stepping);
    restore(from, keptParts(from, start_.experiment));
    log("from_checkpoint", nlohmann::json(from.step).dump());
    keepCheckpoint();
    publish(RunPhase::Running);
}

/// All but the clock.
void TrainingWorker::restore(const Checkpoint& from, KeptParts kept) {
    const StateReader state(from.state);
    trainer_.load(state, kept);
    if (!trainer_.marks().list.empty() || board_.marks.get()) followMarks();
    bank_.load(state.part("bank"));
    means_.load(state.part("means"));
    means_.leaveOut(stepping_.seconds() - state.number<double>("stepping_seconds"));
    history_.load(state.part("history"));
    if (state.has("health.reports")) {  // those of earlier versions have none
        stepVitals_.load(state.part("vitals"));
        health_.load(state.part("health"));
    }
    refreshCredit_ = state.number<double>("refresh_credit");
    exact_ = state.number<std::uint8_t>("exact") != 0;
    step_ = keptAtStep_ = from.step;
    savedAtStep_ = -1;  // whatever is in the folder may be of another step
    placed_ = true;
    measured_ = framed_ = false;
}

}  // namespace embedscope
