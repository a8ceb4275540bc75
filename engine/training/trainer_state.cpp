#include "engine/encoders/tensor_state.h"
#include "engine/training/kept_pixels.h"
#include "engine/training/marks_state.h"
#include "engine/training/trainer.h"

#include <algorithm>
#include <string>

namespace embedscope {

// Every member of Trainer is either here, or decided by settings and data, or overwritten before it is read.

void Trainer::save(const StateWriter& state) const {
    state.number("steps", static_cast<std::int64_t>(steps_));
    embedscope::save(state.part("pixels"), {data_->shape, scale_});  // for further pictures; training finds it anew
    embedscope::save(state.part("encoder"), *encoder_);
    if (average_) average_->save(state.part("average"));
    if (loss_) embedscope::save(state, "loss", loss_->weights());
    if (views_) views_->save(state.part("views"));
    if (sampler_) sampler_->save(state.part("sampler"));
    miner_->save(state.part("miner"));
    memory_->save(state.part("memory"));
    optimizer_->save(state.part("optimizer"));
    if (!marks_.list.empty()) embedscope::save(state.part("marks"), marks_);
    if (guessedAtEpoch_ < 0) return;
    state.number("guesses.epoch", static_cast<std::int32_t>(guessedAtEpoch_));
    state.numbers("guesses.samples", guesses_.samples);
    state.numbers("guesses.labels", guesses_.labels);
}

void Trainer::load(const StateReader& state, KeptParts kept) {
    steps_ = static_cast<std::uint64_t>(state.number<std::int64_t>("steps"));
    embedscope::load(state.part("encoder"), *encoder_);
    if (average_ && state.has("average.steps"))
        average_->load(state.part("average"));
    else if (average_)
        average_->restart(*encoder_);
    if (loss_ && kept.loss) embedscope::load(state, "loss", loss_->weights());
    // Before the samplers: labels and ignored images decide what they draw from.
    setMarks(state.has("marks.kinds") ? loadedMarks(state.part("marks"), *given_) : Marks{});
    if (views_ && kept.views) views_->load(state.part("views"));
    if (sampler_ && kept.sampler) {
        // First: they make a new sampler.
        if (state.has("guesses.epoch")) learnFrom(loadedGuesses(state), state.number<std::int32_t>("guesses.epoch"));
        sampler_->load(state.part("sampler"));
    }
    if (kept.miner) miner_->load(state.part("miner"));
    if (kept.memory) memory_->load(state.part("memory"));
    if (kept.optimizer && (kept.loss || !loss_ || loss_->weights().empty())) optimizer_->load(state.part("optimizer"));
}

PseudoLabels Trainer::loadedGuesses(const StateReader& state) const {
    PseudoLabels guesses{state.numbers<std::int32_t>("guesses.samples"), {}};
    guesses.labels = state.numbers<std::int32_t>("guesses.labels", guesses.samples.size());
    const auto below = [](std::size_t limit) {
        return [limit](std::int32_t value) { return value >= 0 && static_cast<std::size_t>(value) < limit; };
    };
    const auto unknown = [this](std::int32_t sample) { return labelled_->samples[sample].label == kUnlabelled; };
    if (!std::ranges::all_of(guesses.samples, below(labelled_->size())) ||
        !std::ranges::all_of(guesses.samples, unknown))
        state.fail("guesses.samples", "are not unlabelled images of this data");
    if (!std::ranges::all_of(guesses.labels, below(labelled_->classNames.size())))
        state.fail("guesses.labels", "are no classes of this data");
    return guesses;
}

}  // namespace embedscope
