#include "engine/training/seat.h"

#include "engine/encoders/encoder.h"

#include <utility>

namespace embedscope {

Seat::Seat(std::shared_ptr<Twins> twins, std::size_t number) : twins_(std::move(twins)) {
    if (!twins_) return;
    member_ = &twins_->turns.join(number);
    taker_ = twins_->batches.join();
}

bool Seat::take(Work work, const std::stop_token& stop) {
    if (!member_ || hasTurn_) return true;
    const Turns::Answer answer = twins_->turns.take(*member_, work, stop);
    if (answer == Turns::Answer::Stopped) throw StopRequested{};
    return hasTurn_ = answer == Turns::Answer::Turn;
}

void Seat::giveBack(std::int64_t step) {
    hasTurn_ = false;
    if (member_) twins_->turns.giveBack(*member_, step);
}

void Seat::setPaused(bool paused) {
    if (!member_) return;
    twins_->turns.setPaused(*member_, paused);
    twins_->batches.setPaused(taker_, paused);
}

void Seat::compute(const std::function<void()>& work) {
    if (member_)
        twins_->computing.run(work);
    else
        work();
}

void Seat::leave() {
    const std::lock_guard lock(leaving_);
    if (!member_) return;
    twins_->turns.leave(*std::exchange(member_, nullptr));
    twins_->batches.leave(taker_);
    hasTurn_ = false;
}

void Seat::knock() {
    const std::lock_guard lock(leaving_);
    if (member_) twins_->turns.knock(*member_);
}

torch::Tensor Seat::batch(const BatchKey& key, const std::function<torch::Tensor()>& make) {
    return member_ ? twins_->batches.take(taker_, key, make) : make();
}

std::shared_ptr<Twins> makeTwins(std::size_t runs, Pace pace) {
    return std::make_shared<Twins>(runs, pace);
}

void setPace(Twins& twins, Pace pace) {
    twins.turns.setPace(pace);
}

SharedBatchCounts sharedBatches(const Twins& twins) {
    return twins.batches.counts();
}

}  // namespace embedscope
