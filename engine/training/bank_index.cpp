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
std::shared_ptr<const BankIndex> built(const IndexSource& source, std::uint64_t seed, const std::stop_token& stop) {
    const auto began = std::chrono::steady_clock::now();
    BankIndex index{.step = source.step, .samples = source.samples, .labels = source.labels, .neighbors = nullptr};
    index.neighbors = NeighborIndex::build(source.rows, source.dimension, {.seed = seed}, stop);
    if (!index.neighbors) return nullptr;
    index.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    index.recallAt10 = index.neighbors->recallAt(10, kRecallQueries, stop);
    return std::make_shared<const BankIndex>(std::move(index));
}

bool allBelow(const std::vector<std::int32_t>& values, std::size_t limit) {
    return std::ranges::all_of(
        values, [limit](std::int32_t value) { return value >= 0 && static_cast<std::size_t>(value) < limit; });
}

}  // namespace

BankIndexer::BankIndexer(const DataSet& data, std::uint64_t seed) : seed_(seed) {
    for (const Sample& sample : data.samples)
        labelOf_.push_back(sample.split == Split::Train ? sample.label : kUnlabelled);
}

std::shared_ptr<const IndexSource> BankIndexer::sourceOf(const EmbeddingBank& bank, std::int64_t step) const {
    std::vector<std::size_t> chosen;
    for (std::size_t row = 0; row < bank.samples().size(); ++row)
        if (labelOf_[bank.samples()[row]] != kUnlabelled) chosen.push_back(row);
    const std::size_t count = std::min(chosen.size(), kMostRows);
    auto source = std::make_shared<IndexSource>();
    source->step = step;
    source->dimension = bank.dimension();
    source->rows.reserve(count * bank.dimension());
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = chosen[i * chosen.size() / count];
        source->samples.push_back(bank.samples()[row]);
        source->labels.push_back(labelOf_[bank.samples()[row]]);
        const auto unit = unitRow(bank.embeddings().subspan(row * bank.dimension(), bank.dimension()));
        source->rows.insert(source->rows.end(), unit.begin(), unit.end());
    }
    return source;
}

void BankIndexer::start(std::shared_ptr<const IndexSource> source) {
    done_ = false;
    pending_ = std::move(source);
    thread_ = std::jthread([this, pending = pending_](const std::stop_token& stop) {
        try {
            finish(built(*pending, seed_, stop), nullptr);
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
    pending_ = nullptr;
    if (failure_) std::rethrow_exception(failure_);
    return std::exchange(index_, nullptr);
}

IndexSource BankIndex::source() const {
    IndexSource source{
        .step = step, .dimension = neighbors->dimension(), .samples = samples, .labels = labels, .rows = {}};
    for (std::size_t row = 0; row < samples.size(); ++row)
        source.rows.insert(source.rows.end(), neighbors->row(row).begin(), neighbors->row(row).end());
    return source;
}

void IndexSource::save(const StateWriter& state) const {
    state.number("step", step);
    state.number("dimension", static_cast<std::int32_t>(dimension));
    state.numbers("samples", samples);
    state.numbers("labels", labels);
    state.numbers("rows", rows);
}

std::shared_ptr<const IndexSource> IndexSource::loaded(const StateReader& state, std::size_t samples,
                                                       std::size_t classes) {
    auto source = std::make_shared<IndexSource>();
    source->step = state.number<std::int64_t>("step");
    source->dimension = state.number<std::int32_t>("dimension");
    source->samples = state.numbers<std::int32_t>("samples");
    const std::size_t count = source->samples.size();
    source->labels = state.numbers<std::int32_t>("labels", count);
    if (source->dimension < 1 || source->dimension > 1 << 16) state.fail("dimension", "is out of range");
    source->rows = state.numbers<float>("rows", count * static_cast<std::size_t>(source->dimension));
    if (count > BankIndexer::kMostRows || !allBelow(source->samples, samples))
        state.fail("samples", "are not those of these images");
    if (!allBelow(source->labels, classes)) state.fail("labels", "are not those of these images");
    return source;
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
