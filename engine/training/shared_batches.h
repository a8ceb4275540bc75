#pragma once

#include "engine/experiment.h"
#include "engine/shared_bytes.h"
#include "engine/twins.h"

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace embedscope {

/// Everything that decides the pixels of a batch, but for which images it holds and the step.
struct BatchKind {
    SharedBytes pixels;                 ///< Compared by address.
    std::vector<float> factor, offset;  ///< Of PixelScale.
    Choice augmentation;                ///< With all its parameters.
    int views = 1;
    std::uint64_t stream = 0;  ///< Of random numbers.
    std::size_t images = 0;
    bool operator==(const BatchKind&) const = default;
};

struct BatchKey {
    BatchKind kind;
    std::uint64_t step = 0;
    std::vector<std::int32_t> samples;
    bool operator==(const BatchKey&) const = default;
};

/// Batches that one twin has made and others will come to. They are kept for those that are not paused, were not past
/// the step and drew batches of the same kind before; at most two for each twin, so that memory is bounded whatever
/// the pace. One that is gone is made again, to the same bytes. Any thread.
class SharedBatches {
public:
    using Taker = std::uint64_t;
    Taker join();
    void leave(Taker taker);
    /// Nothing is kept for a paused taker.
    void setPaused(Taker taker, bool paused);

    /// The batch of `key`. Whoever takes it must not write into it. Twins compute in turns, so that no two make the
    /// same one at a time.
    torch::Tensor take(Taker taker, const BatchKey& key, const std::function<torch::Tensor()>& make);

    SharedBatchCounts counts() const;

private:
    struct Batch {
        BatchKey key;
        torch::Tensor images;
        std::set<Taker> takenBy;
    };
    struct Progress {
        std::uint64_t step = 0;
        bool paused = false;
        bool hasFinishedAStep = false;                           ///< So that `kinds` are all it draws.
        std::vector<std::pair<BatchKind, std::uint64_t>> kinds;  ///< Drawn lately, and the step of the last one.
    };

    static void note(Progress& progress, const BatchKey& key);
    bool isAwaited(const Batch& batch) const;
    void dropUnneeded();

    mutable std::mutex mutex_;
    Taker next_ = 0;
    std::map<Taker, Progress> takers_;
    std::vector<Batch> batches_;  ///< Oldest first.
    SharedBatchCounts counts_;
};

}  // namespace embedscope
