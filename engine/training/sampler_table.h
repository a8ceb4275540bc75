#pragma once

#include "engine/training/batch_sampler.h"
#include "engine/training/random.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

using Indices = std::vector<std::int32_t>;

/// What a sampler is made from.
struct SamplerOrder {
    const CatalogEntry& entry;
    const ParameterValues& values;
    const DataSet& data;
    std::uint64_t seed;
    const std::filesystem::path& pairsFile;

    double value(std::string_view id) const { return valueOf(entry, values, id); }
    std::int64_t whole(std::string_view id) const { return static_cast<std::int64_t>(value(id)); }
};

/// A row of the table of samplers; one function a sampler, batch_sampler.cpp lists them.
struct SamplerRow {
    CatalogEntry entry;
    std::unique_ptr<BatchSampler> (*make)(const SamplerOrder&);
};

SamplerRow pByKRow();
SamplerRow balancedRow();
SamplerRow hierarchicalRow();
SamplerRow hardNegativesRow();
SamplerRow shuffleRow();
SamplerRow pairsRow();

/// For SamplerRow::make.
template <typename Each>
std::unique_ptr<BatchSampler> samplerOf(const SamplerOrder& order) {
    return std::make_unique<Each>(order);
}

/// Deals its cards in hands without a card twice, and shuffles them anew when too few are left for the next hand.
class Deck {
public:
    explicit Deck(Indices cards) : cards_(std::move(cards)), dealt_(cards_.size()) {}

    /// @param dealt Of these cards so many are out already.
    Deck(Indices cards, std::size_t dealt) : cards_(std::move(cards)), dealt_(dealt) {}

    std::size_t size() const { return cards_.size(); }
    const Indices& cards() const { return cards_; }
    std::size_t dealt() const { return dealt_; }
    /// @param count At most size().
    void deal(std::size_t count, std::mt19937_64& generator, Indices& hand);

private:
    Indices cards_;
    std::size_t dealt_;
};

/// Labelled training samples by class, without empty classes. @throws std::runtime_error if there are fewer than two.
std::vector<Indices> membersOfClasses(const DataSet& data);

std::int64_t stepsFor(std::size_t samples, std::int64_t batchSize);

Parameter batchSizeParameter();
/// A count that is chosen before the run.
Parameter samplerCount(std::string id, std::string label, std::string unit, double minimum, double maximum,
                       double standard, std::string help);

}  // namespace embedscope
