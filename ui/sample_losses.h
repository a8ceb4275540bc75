#pragma once

#include "engine/mined_tuples.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace embedscope {

/// What the loss says of single samples: the mean loss of the newest mined tuples that hold each of them, as far as
/// somebody looked. Losses that look at whole batches say nothing of a tuple, so of no sample either.
class SampleLosses {
public:
    static constexpr std::size_t kNewest = 8;  ///< So many tuples of a sample count; older ones fade.

    struct Known {
        std::size_t tuples = 0;  ///< That held the sample so far.
        float mean = 0;          ///< Of the newest.
        double share = 0;        ///< Of all that is known: the mean by the sum of means.
        double evenShare = 0;    ///< If all samples that are known had as much.
        std::int64_t step = -1;  ///< Of its newest tuple.
    };

    void clear(std::size_t samples);
    /// The same tuples again count once. @return Whether anything is known anew.
    bool take(const MinedTuples& mined);
    Known of(int sample) const;
    /// Of the newest tuples that were looked at; -1: none so far.
    std::int64_t step() const { return step_; }
    /// [samples] NaN: in no tuple so far.
    std::shared_ptr<const std::vector<float>> means() const;

private:
    struct Running {
        std::size_t tuples = 0;
        float mean = 0;
        std::int64_t step = -1;
    };
    std::vector<Running> samples_;
    std::int64_t step_ = -1;  ///< Of the newest tuples.
    double sum_ = 0;          ///< Of the means.
    std::size_t known_ = 0;
};

}  // namespace embedscope
