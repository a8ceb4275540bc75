#include "engine/sample_pairs.h"
#include "engine/training/sampler_state.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace embedscope {
namespace {

/// Pairs in random order, each once an epoch. An image that stands in several pairs of a batch is one row.
class PairSampler : public BatchSampler {
public:
    explicit PairSampler(const SamplerOrder& order)
        : generator_(order.seed), given_(readPairs(order.pairsFile, order.data)), deck_(numbers(given_.pairs.size())) {
        perBatch_ = std::min(static_cast<std::size_t>(order.whole("batch_size") / 2), given_.pairs.size());
    }

    void next(Indices& batch) override {
        batch.clear();
        pairs_.clear();
        Indices hand;
        deck_.deal(perBatch_, generator_, hand);
        std::unordered_map<std::int32_t, std::int32_t> rowOf;
        const auto row = [&](std::int32_t sample) {
            const auto [place, isNew] = rowOf.try_emplace(sample, static_cast<std::int32_t>(batch.size()));
            if (isNew) batch.push_back(sample);
            return place->second;
        };
        for (const std::int32_t index : hand) {
            const SamplePair& pair = given_.pairs[index];
            const std::int32_t first = row(pair.first);  // before the second: the order of rows must not vary
            pairs_.push_back({first, row(pair.second), pair.similar});
        }
    }

    std::int64_t stepsPerEpoch() const override {
        return stepsFor(given_.pairs.size(), static_cast<std::int64_t>(perBatch_));
    }
    std::int64_t batchSize() const override { return 2 * static_cast<std::int64_t>(perBatch_); }
    const std::vector<GivenPair>* pairs() const override { return &pairs_; }
    std::string remark() const override { return given_.remark(); }

    void save(const StateWriter& state) const override {
        embedscope::save(state, "generator", generator_);
        embedscope::save(state, "deck", std::vector<const Deck*>{&deck_});
    }
    void load(const StateReader& state) override {
        embedscope::load(state, "generator", generator_);
        embedscope::load(state, "deck", std::vector<Deck*>{&deck_});
    }

private:
    static Indices numbers(std::size_t count) {
        Indices all(count);
        std::iota(all.begin(), all.end(), 0);
        return all;
    }

    std::mt19937_64 generator_;
    SamplePairs given_;
    Deck deck_;
    std::size_t perBatch_ = 0;
    std::vector<GivenPair> pairs_;
};

}  // namespace

SamplerRow pairsRow() {
    CatalogEntry entry;
    entry.id = "pairs";
    entry.label = "Given pairs";
    entry.group = "Without labels";
    entry.help =
        "Pairs of images from a CSV file say what is similar; classes are not needed. Lines: first,second,y with the "
        "images' paths and y 0 for similar, 1 for dissimilar. What the pairs do not say does not move.";
    entry.parameters = {batchSizeParameter()};
    return {std::move(entry), samplerOf<PairSampler>};
}

}  // namespace embedscope
