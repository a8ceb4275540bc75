#include "engine/training/bank_index.h"

#include "engine/encoders/encoder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kRecallQueries = 100;

std::vector<float> unitRow(std::span<const float> row) {
    double square = 0;
    for (const float value : row) square += static_cast<double>(value) * value;
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0;
    std::vector<float> unit(row.begin(), row.end());
    for (float& value : unit) value = static_cast<float>(value * scale);
    return unit;
}

/// @return null if stopped.
std::shared_ptr<const BankIndex> built(BankIndex index, std::vector<float> rows, int dimension, std::uint64_t seed,
                                       const std::stop_token& stop) {
    const auto began = std::chrono::steady_clock::now();
    index.neighbors = NeighborIndex::build(std::move(rows), dimension, {.seed = seed}, stop);
    if (!index.neighbors) return nullptr;
    index.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    index.recallAt10 = index.neighbors->recallAt(10, kRecallQueries, stop);
    return std::make_shared<const BankIndex>(std::move(index));
}

}  // namespace

BankIndexer::BankIndexer(const DataSet& data, std::uint64_t seed) : seed_(seed) {
    for (const Sample& sample : data.samples)
        labelOf_.push_back(sample.split == Split::Train ? sample.label : kUnlabelled);
}

void BankIndexer::start(const EmbeddingBank& bank, std::int64_t step) {
    std::vector<std::size_t> chosen;
    for (std::size_t row = 0; row < bank.samples().size(); ++row)
        if (labelOf_[bank.samples()[row]] != kUnlabelled) chosen.push_back(row);
    const std::size_t count = std::min(chosen.size(), kMostRows);
    BankIndex index;
    index.step = step;
    std::vector<float> rows;
    rows.reserve(count * bank.dimension());
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = chosen[i * chosen.size() / count];
        index.samples.push_back(bank.samples()[row]);
        index.labels.push_back(labelOf_[bank.samples()[row]]);
        const auto unit = unitRow(bank.embeddings().subspan(row * bank.dimension(), bank.dimension()));
        rows.insert(rows.end(), unit.begin(), unit.end());
    }
    done_ = false;
    thread_ = std::jthread([this, index = std::move(index), rows = std::move(rows),
                            dimension = bank.dimension()](const std::stop_token& stop) mutable {
        try {
            finish(built(std::move(index), std::move(rows), dimension, seed_, stop), nullptr);
        } catch (...) {
            finish(nullptr, std::current_exception());
        }
    });
}

void BankIndexer::finish(std::shared_ptr<const BankIndex> index, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    index_ = std::move(index);
    failure_ = std::move(failure);
    done_ = true;
    finished_.notify_all();
}

std::shared_ptr<const BankIndex> BankIndexer::take(const std::stop_token& stop) {
    {
        std::unique_lock lock(mutex_);
        if (!finished_.wait(lock, stop, [this] { return done_; })) throw StopRequested{};
    }
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    return std::exchange(index_, nullptr);
}

std::string miningJson(const MiningReport& report) {
    const auto number = [](double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(); };
    const nlohmann::json json = {{"indexed_at_step", report.indexedAtStep},
                                 {"indexed", report.indexed},
                                 {"refresh_seconds", number(report.refreshSeconds)},
                                 {"recall_at_10", number(report.recallAt10)},
                                 {"guarded_share", number(report.guardedShare)}};
    return json.dump();
}

}  // namespace embedscope
