#include "ui/sample_losses.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

void SampleLosses::clear(std::size_t samples) {
    samples_.assign(samples, Running());
    step_ = -1;
    sum_ = 0;
    known_ = 0;
}

bool SampleLosses::take(const MinedTuples& mined) {
    if (mined.step == step_) return false;
    step_ = mined.step;
    bool any = false;
    for (const MinedTuple& tuple : mined.tuples) {
        if (!std::isfinite(tuple.loss)) continue;
        for (const std::int32_t sample : {tuple.anchor, tuple.positive, tuple.negative}) {
            if (sample < 0 || static_cast<std::size_t>(sample) >= samples_.size()) continue;
            Running& held = samples_[static_cast<std::size_t>(sample)];
            if (held.tuples++ == 0) ++known_;
            held.step = mined.step;
            const float before = held.mean;
            held.mean += (tuple.loss - before) / static_cast<float>(std::min(held.tuples, kNewest));
            sum_ += held.mean - before;
            any = true;
        }
    }
    return any;
}

SampleLosses::Known SampleLosses::of(int sample) const {
    if (sample < 0 || static_cast<std::size_t>(sample) >= samples_.size()) return {};
    const Running& held = samples_[static_cast<std::size_t>(sample)];
    if (held.tuples == 0) return {};
    return {held.tuples, held.mean, sum_ > 0 ? held.mean / sum_ : 0, 1 / static_cast<double>(known_), held.step};
}

std::shared_ptr<const std::vector<float>> SampleLosses::means() const {
    auto means = std::make_shared<std::vector<float>>();
    means->reserve(samples_.size());
    for (const Running& held : samples_)
        means->push_back(held.tuples > 0 ? held.mean : std::numeric_limits<float>::quiet_NaN());
    return means;
}

}  // namespace embedscope
