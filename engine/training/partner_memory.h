#pragma once

#include "engine/encoders/encoder.h"
#include "engine/experiment.h"
#include "engine/losses/tuples.h"
#include "engine/miners/miner.h"
#include "engine/run_state.h"

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

namespace embedscope {

/// What a loss sees of a step: the batch and, below it, what a memory kept of earlier ones. Only the rows of the batch
/// are anchors, and only they have a gradient.
struct Partners {
    torch::Tensor embeddings;  ///< [B + M, D]
    torch::Tensor labels;      ///< [B + M] int64
    std::int64_t anchors = 0;  ///< B

    bool fromMemory() const { return labels.size(0) > anchors; }
};

/// The miner's choice among all rows, for the batch's rows as anchors.
Tuples mineFor(const Partners& partners, Miner& miner);

/// Embeddings of past batches as further partners, so that a small batch meets many classes.
class PartnerMemory {
public:
    virtual ~PartnerMemory() = default;

    /// @param embeddings [B, D] with gradient. @param labels [B] int64.
    virtual Partners join(const torch::Tensor& embeddings, const torch::Tensor& labels) const = 0;
    /// After a step. Unlabelled rows are not kept: they would be in no pair.
    /// @param images, embeddings The batch as it was trained on. @throws StopRequested
    virtual void remember(const torch::Tensor& images, const torch::Tensor& embeddings, const torch::Tensor& labels,
                          const std::stop_token& stop) = 0;

    virtual void save(const StateWriter& state) const = 0;
    virtual void load(const StateReader& state) = 0;
};

struct MemorySetting {
    const Encoder& encoder;                             ///< The one that is trained.
    std::function<std::unique_ptr<Encoder>()> another;  ///< Makes a second one of its shape.
};

/// @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<PartnerMemory> makeMemory(const Choice& choice, const MemorySetting& setting);

}  // namespace embedscope
