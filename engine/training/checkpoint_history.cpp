#include "engine/training/checkpoint_history.h"

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

std::int64_t tenths(std::int64_t step, std::int64_t stepsPerEpoch) {
    return step * 10 / stepsPerEpoch;
}

bool endsTenth(const Checkpoint& checkpoint) {
    return embedscope::endsTenth(checkpoint.step, checkpoint.stepsPerEpoch);
}

/// 1, 2, 5, 10 and on by doubling: each spacing but 5 has the places of the next, and all from 10 on are epoch ends.
std::int64_t wider(std::int64_t everyTenths) {
    constexpr std::int64_t kWidest = std::int64_t{1} << 60;  // no run is as long
    return everyTenths == 2 ? 5 : std::min(2 * everyTenths, kWidest);
}

}  // namespace

bool endsTenth(std::int64_t step, std::int64_t stepsPerEpoch) {
    return step == 0 || tenths(step, stepsPerEpoch) != tenths(step - 1, stepsPerEpoch);
}

void CheckpointHistory::add(std::shared_ptr<const Checkpoint> checkpoint) {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& each) {
        const bool replaced = each->step >= checkpoint->step || (!endsTenth(*each) && !endsTenth(*checkpoint));
        return replaced || passing(*each);
    });
    kept_.push_back(std::move(checkpoint));
    while (tooMany()) thin();
}

/// One that is kept only as long as it is the newest.
bool CheckpointHistory::passing(const Checkpoint& checkpoint) const {
    return endsTenth(checkpoint) && tenths(checkpoint.step, checkpoint.stepsPerEpoch) % everyTenths_ != 0;
}

void CheckpointHistory::thin() {
    everyTenths_ = wider(everyTenths_);
    const std::shared_ptr<const Checkpoint> newest = kept_.back();
    std::erase_if(kept_, [&](const auto& each) { return each != newest && passing(*each); });
    // A pause and the untrained encoder would stay for ever.
    if (kept_.size() <= 3 && tooMany()) kept_.erase(kept_.begin(), kept_.end() - 1);
}

bool CheckpointHistory::tooMany() const {
    std::size_t bytes = 0;
    for (const auto& each : kept_) bytes += each->bytes();
    return kept_.size() > kMost || (bytes > mostBytes_ && kept_.size() > 1);
}

std::vector<std::shared_ptr<const Checkpoint>> CheckpointHistory::all() const {
    const std::lock_guard lock(mutex_);
    return kept_;
}

}  // namespace embedscope
