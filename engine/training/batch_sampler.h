#pragma once

#include "engine/data_set.h"
#include "engine/experiment.h"
#include "engine/run_state.h"
#include "engine/snapshot.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

class EmbeddingBank;

/// Two rows of a batch of which it was given whether they are similar.
struct GivenPair {
    std::int32_t first = 0, second = 0;
    bool similar = true;
};

/// Which training samples make the next batch. The sequence depends on data, choice and seed alone; with mined batches
/// on the bank too.
class BatchSampler {
public:
    virtual ~BatchSampler() = default;
    /// The next batch: indices into DataSet::samples, each once.
    virtual void next(std::vector<std::int32_t>& batch) = 0;
    virtual std::int64_t stepsPerEpoch() const = 0;
    virtual std::int64_t batchSize() const = 0;

    /// Generator, order, what is dealt: all that decides the batches to come.
    virtual void save(const StateWriter& state) const = 0;
    /// Of a sampler made from the same choice and data.
    virtual void load(const StateReader& state) = 0;

    /// The pairs of the last batch; null if the labels say what is similar.
    virtual const std::vector<GivenPair>* pairs() const { return nullptr; }
    /// A sentence on what it cannot draw, or empty.
    virtual std::string remark() const { return {}; }

    /// Before every batch. @param step Steps taken so far. @throws StopRequested while it waits for an index.
    virtual void follow(const EmbeddingBank&, std::int64_t /*step*/, const std::stop_token&) {}
    virtual std::optional<MiningReport> mining() const { return std::nullopt; }
};

/// @param pairsFile For the sampler that reads one.
/// @throws std::invalid_argument naming the known ids or parameters; std::runtime_error if nothing can be drawn.
std::unique_ptr<BatchSampler> makeSampler(const Choice& choice, const DataSet& data, std::uint64_t seed,
                                          const std::filesystem::path& pairsFile = {});

}  // namespace embedscope
