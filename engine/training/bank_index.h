#pragma once

#include "engine/data_set.h"
#include "engine/neighbor_index.h"
#include "engine/run_state.h"
#include "engine/training/embedding_bank.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace embedscope {

/// The labelled training samples of the bank as it was at a step, on the unit sphere.
struct IndexSource {
    std::int64_t step = 0;
    int dimension = 0;
    std::vector<std::int32_t> samples;  ///< [N] row -> sample.
    std::vector<std::int32_t> labels;   ///< [N] of the rows.
    std::vector<float> rows;            ///< [N, dimension]

    void save(const StateWriter& state) const;
    /// @param samples, classes How many there are: what the indices must be below.
    static std::shared_ptr<const IndexSource> loaded(const StateReader& state, std::size_t samples,
                                                     std::size_t classes);
};

/// The same, ready for queries.
struct BankIndex {
    std::int64_t step = 0;
    std::vector<std::int32_t> samples;  ///< [N] row -> sample.
    std::vector<std::int32_t> labels;   ///< [N] of the rows.
    std::shared_ptr<const NeighborIndex> neighbors;
    double seconds = 0;  ///< Of building.
    double recallAt10 = 0;

    IndexSource source() const;
};

/// Builds indices on a thread of its own, one at a time.
class BankIndexer {
public:
    /// So many rows at most are indexed, evenly chosen: half a minute to build, 100 MiB at 64 dimensions.
    static constexpr std::size_t kMostRows = 200'000;

    BankIndexer(const DataSet& data, std::uint64_t seed);

    bool building() const { return thread_.joinable(); }
    std::shared_ptr<const IndexSource> sourceOf(const EmbeddingBank& bank, std::int64_t step) const;
    /// Returns at once. Not while one is built.
    void start(std::shared_ptr<const IndexSource> source);
    /// Of the index that is being built; null if none is.
    std::shared_ptr<const IndexSource> pending() const { return pending_; }
    /// Waits for what was started. @throws StopRequested, or what the building threw.
    std::shared_ptr<const BankIndex> take(const std::stop_token& stop);

private:
    void finish(std::shared_ptr<const BankIndex> index, std::exception_ptr failure);

    std::vector<std::int32_t> labelOf_;  ///< Sample -> label; -1 if it is not to be indexed.
    std::uint64_t seed_;
    std::shared_ptr<const IndexSource> pending_;
    std::mutex mutex_;
    std::condition_variable_any finished_;
    bool done_ = false;
    std::shared_ptr<const BankIndex> index_;
    std::exception_ptr failure_;
    std::jthread thread_;  // Last: it is joined before what it uses dies.
};

/// For the run's log.
std::string miningJson(const MiningReport& report);

}  // namespace embedscope
