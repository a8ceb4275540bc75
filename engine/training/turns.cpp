#include "engine/training/turns.h"

#include <algorithm>
#include <tuple>

namespace embedscope {

Turns::Member& Turns::join(std::size_t number) {
    const std::lock_guard lock(mutex_);
    Member& member = members_.emplace_back(number);
    ++joined_;
    callNext();
    return member;
}

void Turns::leave(Member& member) {
    const std::lock_guard lock(mutex_);
    if (holder_ == &member) holder_ = nullptr;
    members_.remove_if([&](const Member& each) { return &each == &member; });
    callNext();
}

Turns::Answer Turns::take(Member& member, Work work, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    member.waiting_ = true;
    member.work_ = work;
    member.ticket_ = tickets_++;
    callNext();
    // Work that was asked for is done before the next request is looked at.
    const bool heedsKnocks = work == Work::Step;
    member.called_.wait(lock, stop, [&] { return holder_ == &member || (heedsKnocks && member.knocked_); });
    member.waiting_ = false;
    if (heedsKnocks) member.knocked_ = false;
    if (holder_ != &member) return stop.stop_requested() ? Answer::Stopped : Answer::Knocked;
    if (!stop.stop_requested()) return Answer::Turn;
    holder_ = nullptr;
    callNext();
    return Answer::Stopped;
}

void Turns::giveBack(Member& member, std::int64_t step) {
    const std::lock_guard lock(mutex_);
    member.step_ = step;
    if (holder_ == &member) holder_ = nullptr;
    callNext();
}

void Turns::setPaused(Member& member, bool paused) {
    const std::lock_guard lock(mutex_);
    member.paused_ = paused;
    callNext();
}

void Turns::knock(Member& member) {
    const std::lock_guard lock(mutex_);
    member.knocked_ = true;
    member.called_.notify_one();
}

void Turns::setPace(Pace pace) {
    const std::lock_guard lock(mutex_);
    pace_ = pace;
    callNext();
}

bool Turns::mayGo(const Member& member) const {
    if (!member.waiting_) return false;
    if (member.work_ == Work::Other || pace_ == Pace::Free) return true;
    const auto holdsBack = [&](const Member& other) { return !other.paused_ && other.step_ < member.step_; };
    return joined_ >= expected_ && std::ranges::none_of(members_, holdsBack);
}

bool Turns::goesBefore(const Member& one, const Member& other) const {
    const bool oneSteps = one.work_ == Work::Step, otherSteps = other.work_ == Work::Step;
    if (oneSteps != otherSteps) return otherSteps;
    if (oneSteps && pace_ == Pace::LockStep)
        return std::tie(one.step_, one.number_, one.ticket_) < std::tie(other.step_, other.number_, other.ticket_);
    return one.ticket_ < other.ticket_;
}

/// Decided under the lock, so that whoever is woken has the turn and nobody else can take it.
void Turns::callNext() {
    if (holder_) return;
    for (Member& member : members_)
        if (mayGo(member) && (!holder_ || goesBefore(member, *holder_))) holder_ = &member;
    if (holder_) holder_->called_.notify_one();
}

}  // namespace embedscope
