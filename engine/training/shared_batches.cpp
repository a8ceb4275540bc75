#include "engine/training/shared_batches.h"

#include <algorithm>

namespace embedscope {
namespace {

constexpr std::size_t kMostKeptPerTwin = 2;  ///< A step of two parts draws two batches.
constexpr std::uint64_t kStepsRemembered = 2;

}  // namespace

SharedBatches::Taker SharedBatches::join() {
    const std::lock_guard lock(mutex_);
    takers_[next_];
    return next_++;
}

void SharedBatches::leave(Taker taker) {
    const std::lock_guard lock(mutex_);
    takers_.erase(taker);
    dropUnneeded();
}

void SharedBatches::setPaused(Taker taker, bool paused) {
    const std::lock_guard lock(mutex_);
    takers_.at(taker).paused = paused;
    dropUnneeded();
}

torch::Tensor SharedBatches::take(Taker taker, const BatchKey& key, const std::function<torch::Tensor()>& make) {
    const std::lock_guard lock(mutex_);
    note(takers_.at(taker), key);
    ++counts_.taken;
    auto found = std::ranges::find(batches_, key, &Batch::key);
    if (found == batches_.end()) {
        batches_.push_back({key, make(), {}});
        ++counts_.made;
        found = batches_.end() - 1;
    }
    found->takenBy.insert(taker);
    torch::Tensor images = found->images;
    dropUnneeded();
    return images;
}

SharedBatchCounts SharedBatches::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

void SharedBatches::note(Progress& progress, const BatchKey& key) {
    progress.hasFinishedAStep |= !progress.kinds.empty() && key.step != progress.step;
    progress.step = key.step;
    const auto known = std::ranges::find(progress.kinds, key.kind, &decltype(progress.kinds)::value_type::first);
    if (known == progress.kinds.end())
        progress.kinds.emplace_back(key.kind, key.step);
    else
        known->second = key.step;
    std::erase_if(progress.kinds, [&](const auto& kind) { return kind.second + kStepsRemembered <= key.step; });
}

bool SharedBatches::isAwaited(const Batch& batch) const {
    return std::ranges::any_of(takers_, [&](const auto& each) {
        const auto& [taker, progress] = each;
        if (progress.paused || progress.step > batch.key.step || batch.takenBy.contains(taker)) return false;
        return !progress.hasFinishedAStep ||
               std::ranges::any_of(progress.kinds, [&](const auto& kind) { return kind.first == batch.key.kind; });
    });
}

void SharedBatches::dropUnneeded() {
    std::erase_if(batches_, [this](const Batch& batch) { return !isAwaited(batch); });
    const std::size_t most = kMostKeptPerTwin * takers_.size();
    if (batches_.size() > most) batches_.erase(batches_.begin(), batches_.end() - static_cast<std::ptrdiff_t>(most));
    counts_.mostKept = std::max(counts_.mostKept, batches_.size());
}

}  // namespace embedscope
