#include "engine/training/batch_sampler.h"

#include "engine/training/random.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

using Indices = std::vector<std::int32_t>;

/// Deals its cards in hands without a card twice, and shuffles them anew when too few are left for the next hand.
class Deck {
public:
    explicit Deck(Indices cards) : cards_(std::move(cards)), dealt_(cards_.size()) {}

    std::size_t size() const { return cards_.size(); }
    /// @param count At most size().
    void deal(std::size_t count, std::mt19937_64& generator, Indices& hand) {
        if (dealt_ + count > cards_.size()) {
            shuffle(std::span(cards_), generator);
            dealt_ = 0;
        }
        const auto part = std::span(cards_).subspan(dealt_, count);
        hand.insert(hand.end(), part.begin(), part.end());
        dealt_ += count;
    }

private:
    Indices cards_;
    std::size_t dealt_;
};

std::int64_t stepsFor(std::size_t samples, std::int64_t batchSize) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(samples) / batchSize);
}

/// P classes, K samples of each. With fewer than P classes K grows, so that the batch keeps its size.
class PByKSampler : public BatchSampler {
public:
    PByKSampler(const DataSet& data, std::int64_t batchSize, std::int64_t perClass, std::uint64_t seed)
        : generator_(seed) {
        std::vector<Indices> members(data.classNames.size());
        for (std::size_t i = 0; i < data.size(); ++i) {
            const Sample& sample = data.samples[i];
            if (sample.split == Split::Train && sample.label != kUnlabelled)
                members[sample.label].push_back(static_cast<std::int32_t>(i));
        }
        std::size_t samples = 0;
        for (Indices& one : members) {
            samples += one.size();
            if (!one.empty()) classes_.emplace_back(std::move(one));
        }
        if (samples < 2)
            throw std::runtime_error(
                "The training part has no labelled samples to draw classes from; label some, or choose the sampler "
                "\"shuffle\".");
        const auto count = static_cast<std::int64_t>(classes_.size());
        batchSize_ = std::min<std::int64_t>(batchSize, static_cast<std::int64_t>(samples));
        // At least two classes in a batch, or nothing in it is dissimilar.
        perClass_ = std::max(std::min(perClass, batchSize_ / 2), (batchSize_ + count - 1) / count);
        steps_ = stepsFor(samples, batchSize_);
        order_.resize(classes_.size());
        std::iota(order_.begin(), order_.end(), 0);
    }

    void next(Indices& batch) override {
        batch.clear();
        shuffle(std::span(order_), generator_);
        for (const std::int32_t index : order_) {
            Deck& deck = classes_[index];
            const auto open = static_cast<std::size_t>(batchSize_) - batch.size();
            // A class smaller than K gives what it has: a sample twice in a batch is a pair at distance 0.
            const std::size_t share = std::min({static_cast<std::size_t>(perClass_), deck.size(), open});
            deck.deal(share, generator_, batch);
        }
    }

    std::int64_t stepsPerEpoch() const override { return steps_; }
    std::int64_t batchSize() const override { return batchSize_; }

private:
    std::mt19937_64 generator_;
    std::vector<Deck> classes_;
    Indices order_;
    std::int64_t batchSize_ = 0;
    std::int64_t perClass_ = 0;
    std::int64_t steps_ = 0;
};

/// Every training sample once an epoch, labelled or not; an incomplete last batch is left out.
class ShuffleSampler : public BatchSampler {
public:
    ShuffleSampler(const DataSet& data, std::int64_t batchSize, std::uint64_t seed)
        : generator_(seed), deck_(trainingSamples(data)) {
        if (deck_.size() < 2)
            throw std::runtime_error(
                "The training part has fewer than two samples; choose a smaller hold-out share or more images.");
        batchSize_ = std::min<std::int64_t>(batchSize, static_cast<std::int64_t>(deck_.size()));
    }

    void next(Indices& batch) override {
        batch.clear();
        deck_.deal(static_cast<std::size_t>(batchSize_), generator_, batch);
    }

    std::int64_t stepsPerEpoch() const override { return stepsFor(deck_.size(), batchSize_); }
    std::int64_t batchSize() const override { return batchSize_; }

private:
    static Indices trainingSamples(const DataSet& data) {
        Indices samples;
        for (std::size_t i = 0; i < data.size(); ++i)
            if (data.samples[i].split == Split::Train) samples.push_back(static_cast<std::int32_t>(i));
        return samples;
    }

    std::mt19937_64 generator_;
    Deck deck_;
    std::int64_t batchSize_ = 0;
};

Parameter batchSizeParameter() {
    return {.id = "batch_size",
            .label = "Batch size",
            .unit = "images",
            .help =
                "Images in a training step. More gives more pairs to choose hard ones from and calmer movement, "
                "and takes longer per step.",
            .minimum = 4,
            .maximum = 8192,
            .step = 16,
            .standard = 128,
            .changesLive = false,
            .options = {}};
}

struct SamplerRow {
    CatalogEntry entry;
    std::unique_ptr<BatchSampler> (*make)(const CatalogEntry&, const ParameterValues&, const DataSet&, std::uint64_t);
};

SamplerRow pByKRow() {
    CatalogEntry entry;
    entry.id = "p_by_k";
    entry.label = "Balanced classes (P x K)";
    entry.group = "With labels";
    entry.help =
        "Each batch holds several classes and as many images of each, so every image has similar and dissimilar "
        "partners. Small classes move as fast as large ones.";
    entry.source = "Hermans et al., In Defense of the Triplet Loss for Person Re-Identification, 2017";
    entry.parameters = {batchSizeParameter(),
                        {.id = "samples_per_class",
                         .label = "Images per class (K)",
                         .unit = "images",
                         .help = "More pull each class together more evenly; fewer bring more classes into a batch. "
                                 "Grows by itself where there are too few classes to fill the batch.",
                         .minimum = 2,
                         .maximum = 512,
                         .step = 1,
                         .standard = 4,
                         .changesLive = false,
                         .options = {}}};
    return {entry,
            [](const CatalogEntry& row, const ParameterValues& values, const DataSet& data,
               std::uint64_t seed) -> std::unique_ptr<BatchSampler> {
                const auto batchSize = static_cast<std::int64_t>(valueOf(row, values, "batch_size"));
                const auto perClass = static_cast<std::int64_t>(valueOf(row, values, "samples_per_class"));
                return std::make_unique<PByKSampler>(data, batchSize, perClass, seed);
            }};
}

SamplerRow shuffleRow() {
    CatalogEntry entry;
    entry.id = "shuffle";
    entry.label = "Shuffled";
    entry.group = "Without labels";
    entry.help =
        "Every training image once an epoch in random order. Large classes get more of the movement; with many "
        "classes a batch holds few similar pairs.";
    entry.parameters = {batchSizeParameter()};
    return {entry,
            [](const CatalogEntry& row, const ParameterValues& values, const DataSet& data,
               std::uint64_t seed) -> std::unique_ptr<BatchSampler> {
                const auto batchSize = static_cast<std::int64_t>(valueOf(row, values, "batch_size"));
                return std::make_unique<ShuffleSampler>(data, batchSize, seed);
            }};
}

const std::vector<SamplerRow>& rows() {
    static const std::vector<SamplerRow> kRows = {pByKRow(), shuffleRow()};
    return kRows;
}

}  // namespace

const Catalog& samplerCatalog() {
    static const Catalog kCatalog = [] {
        Catalog entries;
        for (const SamplerRow& row : rows()) entries.push_back(row.entry);
        return entries;
    }();
    return kCatalog;
}

std::unique_ptr<BatchSampler> makeSampler(const Choice& choice, const DataSet& data, std::uint64_t seed) {
    const CatalogEntry& entry = entryOf(samplerCatalog(), choice.id, "sampler");
    for (const auto& [id, value] : choice.parameters) parameterOf(entry, id);
    const auto index = static_cast<std::size_t>(&entry - samplerCatalog().data());
    return rows()[index].make(entry, choice.parameters, data, seed);
}

}  // namespace embedscope
