#pragma once

#include "engine/data_set.h"
#include "engine/training/embedding_bank.h"

#include <cstdint>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

/// All of measureCatalog() on the hold-out; the linear probe learns from the training samples of the bank.
class HoldOutMeasures {
public:
    /// At the end of an epoch no more of the hold-out is measured than this, the same ones each time, so that epoch
    /// ends stay short; all of it when measured on demand. Recall@1 of the report is always of all.
    static constexpr std::size_t kMostAtEpochEnd = 5000;

    HoldOutMeasures(const DataSet& data, const EmbeddingBank& bank, const std::vector<std::int32_t>& holdOut,
                    std::uint64_t seed);

    bool any() const { return !labels_.empty(); }
    /// True if the end of an epoch measures the whole hold-out.
    bool whole() const { return labels_.size() <= kMostAtEpochEnd; }

    using Values = std::map<std::string, double>;
    /// Null if stopped or without a hold-out. @param all Not only the sample for epoch ends.
    std::shared_ptr<const Values> measure(const EmbeddingBank& holdOut, const EmbeddingBank& bank, bool all,
                                          const std::stop_token& stop) const;

private:
    std::vector<std::int32_t> labels_;          ///< Of the hold-out, row by row.
    std::vector<std::int32_t> trainingLabels_;  ///< Of the bank; -1: unlabelled or held out.
    std::uint64_t seed_;
};

}  // namespace embedscope
