#pragma once

#include "engine/data_set.h"
#include "engine/health_monitor.h"
#include "engine/training/embedding_bank.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace embedscope {

/// What an exact bank says of a run's health, from at most kMostRows training samples, always the same ones.
class EpochVitals {
public:
    static constexpr std::size_t kMostRows = 2000;

    EpochVitals(const DataSet& data, const EmbeddingBank& bank);

    /// Leaves out what cannot be measured, and everything after a stop.
    /// @param proxies Null: the loss has none.
    void measure(const EmbeddingBank& bank, const ProxyFrame* proxies, const std::stop_token& stop, Vitals& vitals);
    /// Those that measure() found in doubt, the surest first; indices into the data set.
    const std::vector<std::int32_t>& doubted() const { return doubted_; }

private:
    void measureRank(int dimension, const std::stop_token& stop, Vitals& vitals) const;
    void measureLabels(int dimension, const std::stop_token& stop, Vitals& vitals);
    void measureProxies(int dimension, const ProxyFrame& proxies, Vitals& vitals) const;

    std::size_t compared_ = 0;           ///< For Recall@1: as many as are held out.
    std::vector<std::int32_t> rows_;     ///< Of the bank.
    std::vector<std::int32_t> samples_;  ///< Of these rows.
    std::vector<std::int32_t> labels_;   ///< Of these rows; -1: unlabelled.
    std::vector<float> embeddings_;      ///< [rows, dimension], as they were measured last.
    std::vector<std::int32_t> doubted_;
};

}  // namespace embedscope
