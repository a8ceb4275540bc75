// Batches made class by class. P x K: A. Hermans, L. Beyer, B. Leibe: In Defense of the Triplet Loss for Person
// Re-Identification. arXiv 1703.07737, 2017.
#include "engine/training/sampler_state.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace embedscope {
namespace {

std::size_t sizeOf(const std::vector<Indices>& classes) {
    std::size_t samples = 0;
    for (const Indices& one : classes) samples += one.size();
    return samples;
}

/// P classes, K samples of each. With fewer than P classes K grows, so that the batch keeps its size.
class PByKSampler : public BatchSampler {
public:
    explicit PByKSampler(const SamplerOrder& order) : generator_(order.seed) {
        std::vector<Indices> members = membersOfClasses(order.data);
        const std::size_t samples = sizeOf(members);
        for (Indices& one : members) classes_.emplace_back(std::move(one));
        const auto count = static_cast<std::int64_t>(classes_.size());
        batchSize_ = std::min(order.whole("batch_size"), static_cast<std::int64_t>(samples));
        // At least two classes in a batch, or nothing in it is dissimilar.
        perClass_ =
            std::max(std::min(order.whole("samples_per_class"), batchSize_ / 2), (batchSize_ + count - 1) / count);
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

    void save(const StateWriter& state) const override {
        embedscope::save(state, "generator", generator_);
        embedscope::save(state, "classes", classes_);
        embedscope::save(state, "order", order_);
    }
    void load(const StateReader& state) override {
        embedscope::load(state, "generator", generator_);
        embedscope::load(state, "classes", classes_);
        embedscope::load(state, "order", order_);
    }

private:
    std::mt19937_64 generator_;
    std::vector<Deck> classes_;
    Indices order_;
    std::int64_t batchSize_ = 0;
    std::int64_t perClass_ = 0;
    std::int64_t steps_ = 0;
};

/// For each place of the batch a class is drawn, all alike; a class that has given all its samples is drawn no more.
class BalancedSampler : public BatchSampler {
public:
    explicit BalancedSampler(const SamplerOrder& order) : generator_(order.seed) {
        std::vector<Indices> members = membersOfClasses(order.data);
        const std::size_t samples = sizeOf(members);
        for (Indices& one : members) classes_.emplace_back(std::move(one));
        batchSize_ = std::min(order.whole("batch_size"), static_cast<std::int64_t>(samples));
        steps_ = stepsFor(samples, batchSize_);
    }

    void next(Indices& batch) override {
        batch.clear();
        std::vector<std::size_t> counts(classes_.size());
        std::vector<std::size_t> open(classes_.size());
        std::iota(open.begin(), open.end(), 0);
        for (std::int64_t i = 0; i < batchSize_; ++i) {
            const std::size_t place = drawBelow(generator_, open.size());
            const std::size_t drawn = open[place];
            if (++counts[drawn] < classes_[drawn].size()) continue;
            open[place] = open.back();
            open.pop_back();
        }
        for (std::size_t i = 0; i < classes_.size(); ++i) classes_[i].deal(counts[i], generator_, batch);
    }

    std::int64_t stepsPerEpoch() const override { return steps_; }
    std::int64_t batchSize() const override { return batchSize_; }

    void save(const StateWriter& state) const override {
        embedscope::save(state, "generator", generator_);
        embedscope::save(state, "classes", classes_);
    }
    void load(const StateReader& state) override {
        embedscope::load(state, "generator", generator_);
        embedscope::load(state, "classes", classes_);
    }

private:
    std::mt19937_64 generator_;
    std::vector<Deck> classes_;
    std::int64_t batchSize_ = 0;
    std::int64_t steps_ = 0;
};

}  // namespace

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
                        samplerCount("samples_per_class", "Images per class (K)", "images", 2, 512, 4,
                                     "More pull each class together more evenly; fewer bring more classes into a "
                                     "batch. Grows by itself where there are too few classes to fill the batch.")};
    return {std::move(entry), samplerOf<PByKSampler>};
}

SamplerRow balancedRow() {
    CatalogEntry entry;
    entry.id = "balanced";
    entry.label = "Classes drawn alike";
    entry.group = "With labels";
    entry.help =
        "The class of every image is drawn anew, all classes alike: rare classes are seen as often as common ones, and "
        "a batch holds more classes than P x K, some with a single image, which is then only pushed.";
    entry.parameters = {batchSizeParameter()};
    return {std::move(entry), samplerOf<BalancedSampler>};
}

}  // namespace embedscope
