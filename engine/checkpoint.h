#pragma once

#include "engine/data_set.h"
#include "engine/experiment.h"
#include "engine/run_state.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace embedscope {

/// Everything that a run needs to go on as if it had never stopped: bit for bit on the same number of threads, the
/// clock left out. Taken between two steps. Immutable once others see it.
struct Checkpoint {
    Experiment settings;          ///< As they were then, live changes included.
    std::string dataFingerprint;  ///< DataSet::fingerprint.
    std::size_t samples = 0;      ///< Of the data set.
    std::int64_t step = 0;
    std::int64_t stepsPerEpoch = 1;
    double seconds = 0;              ///< Of training, pauses left out.
    std::vector<TypedTensor> state;  ///< Encoder, loss, optimiser, generators, bank …: each part by its own names.

    double epoch() const { return static_cast<double>(step) / static_cast<double>(stepsPerEpoch); }
    /// At an epoch's end, not within one.
    bool endsEpoch() const { return step % stepsPerEpoch == 0; }
    /// Memory of the state.
    std::size_t bytes() const;
};

/// Which parts of a checkpoint go on with the settings of a fork. The others start as in a new run.
struct KeptParts {
    bool loss = true;  ///< Proxies and weights of its own; changes of live parameters keep them.
    bool views = true, miner = true, memory = true, sampler = true, optimizer = true;
};

KeptParts keptParts(const Checkpoint& checkpoint, const Experiment& experiment);

/// What keeps a run with these settings and data from going on from the checkpoint, one sentence each: what the
/// embeddings mean (encoder, dimension, images, hold-out, seed) must be the same. Loss, miner, memory, augmentation,
/// optimiser, learning rate, schedule and epochs may differ: that is a fork. Empty: it can go on.
std::vector<std::string> problems(const Checkpoint& checkpoint, const Experiment& experiment);
std::vector<std::string> problems(const Checkpoint& checkpoint, const DataSet& data);

}  // namespace embedscope
