#pragma once

#include "engine/data_set.h"
#include "engine/experiment.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace embedscope {

/// Which training samples make the next batch. The sequence depends on data, choice and seed alone.
class BatchSampler {
public:
    virtual ~BatchSampler() = default;
    /// The next batch: indices into DataSet::samples.
    virtual void next(std::vector<std::int32_t>& batch) = 0;
    virtual std::int64_t stepsPerEpoch() const = 0;
    virtual std::int64_t batchSize() const = 0;
};

/// @throws std::invalid_argument naming the known ids or parameters; std::runtime_error if nothing can be drawn.
std::unique_ptr<BatchSampler> makeSampler(const Choice& choice, const DataSet& data, std::uint64_t seed);

}  // namespace embedscope
