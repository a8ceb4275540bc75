#include "engine/training/checkpoint_history.h"

#include <algorithm>
#include <utility>

namespace embedscope {

void CheckpointHistory::add(std::shared_ptr<const Checkpoint> checkpoint) {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& each) {
        const bool replaced = each->step >= checkpoint->step || (!each->endsEpoch() && !checkpoint->endsEpoch());
        return replaced || passing(*each);
    });
    kept_.push_back(std::move(checkpoint));
    while (tooMany()) thin();
}

/// An epoch end that is kept only as long as it is the newest.
bool CheckpointHistory::passing(const Checkpoint& checkpoint) const {
    return checkpoint.endsEpoch() && checkpoint.step / checkpoint.stepsPerEpoch % everyEpochs_ != 0;
}

void CheckpointHistory::thin() {
    everyEpochs_ *= 2;
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
