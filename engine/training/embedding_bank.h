#pragma once

#include "engine/run_state.h"
#include "engine/snapshot.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace embedscope {

/// The latest known embedding of a fixed set of samples.
class EmbeddingBank {
public:
    /// @param samples Indices below `dataSize`, each at most once.
    EmbeddingBank(std::shared_ptr<const std::vector<std::int32_t>> samples, std::size_t dataSize, int dimension);

    const std::vector<std::int32_t>& samples() const { return *frame_.samples; }
    std::span<const float> embeddings() const { return frame_.embeddings; }
    std::span<const std::int64_t> computedAtStep() const { return frame_.computedAtStep; }
    int dimension() const { return frame_.dimension; }
    bool holds(std::int32_t sample) const { return rowOf_[sample] >= 0; }
    /// Of a sample that it holds.
    std::span<const float> row(std::int32_t sample) const {
        return frame_.row(static_cast<std::size_t>(rowOf_[sample]));
    }

    /// Takes the rows of the samples that it holds. @param rows [samples, dimension].
    void put(std::span<const std::int32_t> samples, std::span<const float> rows, std::int64_t step);

    /// The samples whose rows are oldest, oldest first, at most `count`.
    std::vector<std::int32_t> stalest(std::size_t count) const;

    void save(const StateWriter& state) const;
    /// Of a bank of the same samples.
    void load(const StateReader& state);

    /// A copy for other threads.
    std::shared_ptr<const BankFrame> frame(std::uint64_t runId, std::int64_t step, bool exact) const;

private:
    BankFrame frame_;
    std::vector<std::int32_t> rowOf_;  ///< [dataSize] row of a sample, or -1.
};

}  // namespace embedscope
