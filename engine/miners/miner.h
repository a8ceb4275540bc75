#pragma once

#include "engine/experiment.h"
#include "engine/losses/tuples.h"
#include "engine/run_state.h"

#include <torch/types.h>

#include <memory>

namespace embedscope {

class Miner {
public:
    virtual ~Miner() = default;
    /// @param embeddings [B, D], used without gradient. @param labels [B] int64, -1 unlabelled: in no tuple.
    virtual Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels) = 0;

    /// What it remembers from batch to batch, e.g. its generator; most remember nothing.
    virtual void save(const StateWriter&) const {}
    virtual void load(const StateReader&) {}
};

/// @param seed For miners that draw at random. @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<Miner> makeMiner(const Choice& choice, std::uint64_t seed);

}  // namespace embedscope
