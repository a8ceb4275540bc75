#pragma once

#include "engine/data_set.h"
#include "engine/losses/loss.h"
#include "engine/marks.h"
#include "engine/training/batch_sampler.h"

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

namespace embedscope {

/// Marked pairs of one step.
struct MarkedPairs {
    std::vector<std::int32_t> samples;  ///< Their images, each once.
    std::vector<GivenPair> pairs;       ///< Rows of `samples`.
    std::vector<double> weights;        ///< Of the pairs.

    bool empty() const { return pairs.empty(); }
};

/// The part of a step that pairs marked by hand add: some of them, whatever the batch holds, under the contrastive
/// loss (1-Y)·d² + Y·max(0, m-d²), m = 1, each by its weight, as a mean over the pairs. Distances count in units in
/// which the batch is as wide as evenly spread points of length 1, so that a mark weighs the same at any scale.
class MarkTerm {
public:
    /// A step takes one pair for so many images of its batch, and at least one: each brings two images, which cost what
    /// others cost, so marks add a twenty-fifth. As the loss is a mean over the pairs, fewer of them pull as strongly;
    /// marks share the steps evenly.
    static constexpr std::size_t kImagesPerPair = 50;

    /// No marks.
    MarkTerm() = default;
    /// @param data As training sees it: pairs of images out of its training part are left out.
    /// @param normalized Whether the encoder's rows have the length 1.
    MarkTerm(const Marks& marks, const DataSet& data, bool normalized, std::uint64_t seed);

    /// All pairs if they are few; else of each step others. Depends on seed, step and batch alone.
    /// @param images Of the batch.
    MarkedPairs draw(std::uint64_t step, std::size_t images) const;
    /// @param rows [samples, D] with gradient. @param batch [B, D] What the step embedded besides.
    torch::Tensor evaluate(const MarkedPairs& marked, const torch::Tensor& rows, const torch::Tensor& batch) const;

private:
    /// The training images of a mark.
    struct Sides {
        std::vector<std::int32_t> first, second;  ///< Second empty: among those of the first.
        bool similar = true;
        double weight = 1;
        std::size_t pairs = 0;
    };
    static bool drawPair(const Sides& sides, std::mt19937_64& generator, std::int32_t& a, std::int32_t& b);

    std::vector<Sides> marks_;
    std::size_t pairs_ = 0;
    bool normalized_ = true;
    std::uint64_t seed_ = 0;
};

}  // namespace embedscope
