#include "engine/training/sampler_state.h"

#include <algorithm>
#include <stdexcept>

namespace embedscope {
namespace {

/// Every training sample once an epoch, labelled or not; an incomplete last batch is left out.
class ShuffleSampler : public BatchSampler {
public:
    explicit ShuffleSampler(const SamplerOrder& order) : generator_(order.seed), deck_(trainingSamples(order.data)) {
        if (deck_.size() < 2)
            throw std::runtime_error(
                "The training part has fewer than two samples; choose a smaller hold-out share or more images.");
        batchSize_ = std::min(order.whole("batch_size"), static_cast<std::int64_t>(deck_.size()));
    }

    void next(Indices& batch) override {
        batch.clear();
        deck_.deal(static_cast<std::size_t>(batchSize_), generator_, batch);
    }

    std::int64_t stepsPerEpoch() const override { return stepsFor(deck_.size(), batchSize_); }
    std::int64_t batchSize() const override { return batchSize_; }

    void save(const StateWriter& state) const override {
        embedscope::save(state, "generator", generator_);
        embedscope::save(state, "deck", std::vector<const Deck*>{&deck_});
    }
    void load(const StateReader& state) override {
        embedscope::load(state, "generator", generator_);
        embedscope::load(state, "deck", std::vector<Deck*>{&deck_});
    }

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

}  // namespace

SamplerRow shuffleRow() {
    CatalogEntry entry;
    entry.id = "shuffle";
    entry.label = "Shuffled";
    entry.group = "Without labels";
    entry.help =
        "Every training image once an epoch in random order. Large classes get more of the movement; with many "
        "classes a batch holds few similar pairs.";
    entry.parameters = {batchSizeParameter()};
    return {std::move(entry), samplerOf<ShuffleSampler>};
}

}  // namespace embedscope
