#include "engine/training/embedding_bank.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace embedscope {

EmbeddingBank::EmbeddingBank(std::shared_ptr<const std::vector<std::int32_t>> samples, std::size_t dataSize,
                             int dimension)
    : rowOf_(dataSize, -1) {
    frame_.samples = std::move(samples);
    frame_.dimension = dimension;
    frame_.embeddings.resize(frame_.samples->size() * dimension);
    frame_.computedAtStep.assign(frame_.samples->size(), -1);
    for (std::size_t row = 0; row < frame_.samples->size(); ++row)
        rowOf_[(*frame_.samples)[row]] = static_cast<std::int32_t>(row);
}

void EmbeddingBank::put(std::span<const std::int32_t> samples, std::span<const float> rows, std::int64_t step) {
    const auto dimension = static_cast<std::size_t>(frame_.dimension);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::int32_t row = rowOf_[samples[i]];
        if (row < 0) continue;
        std::ranges::copy(rows.subspan(i * dimension, dimension), frame_.embeddings.begin() + row * dimension);
        frame_.computedAtStep[row] = step;
    }
}

std::vector<std::int32_t> EmbeddingBank::stalest(std::size_t count) const {
    std::vector<std::int32_t> rows(frame_.count());
    std::iota(rows.begin(), rows.end(), 0);
    count = std::min(count, rows.size());
    const auto older = [this](std::int32_t a, std::int32_t b) {
        return std::pair(frame_.computedAtStep[a], a) < std::pair(frame_.computedAtStep[b], b);
    };
    std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(count), older);
    rows.resize(count);
    for (std::int32_t& row : rows) row = (*frame_.samples)[row];
    return rows;
}

std::shared_ptr<const BankFrame> EmbeddingBank::frame(std::uint64_t runId, std::int64_t step, bool exact) const {
    auto copy = std::make_shared<BankFrame>(frame_);
    copy->runId = runId;
    copy->step = step;
    copy->exact = exact;
    return copy;
}

void EmbeddingBank::save(const StateWriter& state) const {
    state.numbers("samples", *frame_.samples);
    state.numbers("embeddings", frame_.embeddings);
    state.numbers("steps", frame_.computedAtStep);
}

void EmbeddingBank::load(const StateReader& state) {
    if (state.numbers<std::int32_t>("samples") != *frame_.samples) state.fail("samples", "are not those of this run");
    frame_.embeddings = state.numbers<float>("embeddings", frame_.embeddings.size());
    frame_.computedAtStep = state.numbers<std::int64_t>("steps", frame_.computedAtStep.size());
}

}  // namespace embedscope
