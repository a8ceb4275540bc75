// Batches from a few superclasses, as HierarchicalSampler of pytorch-metric-learning: classes that are relatives make
// the hard negatives.
#include "engine/training/sampler_state.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>

namespace embedscope {
namespace {

enum class Rule { FolderAbove, FirstWord, LastWord };

constexpr std::string_view kBetweenWords = " _-.,";

std::string firstWord(const std::string& name) {
    return name.substr(0, name.find_first_of(kBetweenWords));
}

std::string lastWord(const std::string& name) {
    return name.substr(name.find_last_of(kBetweenWords) + 1);
}

/// "animals" of the class "animals/cat", or of an image "animals/cat/7.png" of the class "cat".
std::string folderAbove(const std::string& className, const std::string& path) {
    if (const std::size_t slash = className.rfind('/'); slash != std::string::npos) return className.substr(0, slash);
    const std::size_t place = ("/" + path).find("/" + className + "/");
    if (place != std::string::npos && place > 0) return path.substr(0, place - 1);
    return place == 0 ? std::string() : path.substr(0, path.find('/'));
}

std::string superclassOf(Rule rule, const std::string& className, const std::string& path) {
    switch (rule) {
        case Rule::FirstWord:
            return firstWord(className);
        case Rule::LastWord:
            return lastWord(className);
        case Rule::FolderAbove:
            break;
    }
    return folderAbove(className, path);
}

class HierarchicalSampler : public BatchSampler {
public:
    explicit HierarchicalSampler(const SamplerOrder& order) : generator_(order.seed) {
        const auto rule = static_cast<Rule>(order.whole("superclass"));
        std::map<std::string, std::vector<Deck>> named;
        std::size_t samples = 0;
        for (Indices& members : membersOfClasses(order.data)) {
            const Sample& sample = order.data.samples[members.front()];
            samples += members.size();
            named[superclassOf(rule, order.data.classNames[sample.label], sample.path)].emplace_back(
                std::move(members));
        }
        refuseFlat(named, order.data);
        for (auto& [name, classes] : named) superclasses_.push_back(std::move(classes));
        batchSize_ = std::min(order.whole("batch_size"), static_cast<std::int64_t>(samples));
        perClass_ = order.whole("samples_per_class");
        perBatch_ = std::min(static_cast<std::size_t>(order.whole("superclasses")), superclasses_.size());
        steps_ = stepsFor(samples, batchSize_);
        order_.resize(superclasses_.size());
        std::iota(order_.begin(), order_.end(), 0);
    }

    void next(Indices& batch) override {
        batch.clear();
        shuffle(std::span(order_), generator_);
        for (std::size_t i = 0; i < perBatch_; ++i) {
            const auto open = static_cast<std::size_t>(batchSize_) - batch.size();
            drawFrom(superclasses_[order_[i]], open / (perBatch_ - i), batch);
        }
    }

    std::int64_t stepsPerEpoch() const override { return steps_; }
    std::int64_t batchSize() const override { return batchSize_; }

    void save(const StateWriter& state) const override {
        embedscope::save(state, "generator", generator_);
        embedscope::save(state, "order", order_);
        embedscope::save(state, "classes", decks<const Deck*>(superclasses_));
    }
    void load(const StateReader& state) override {
        embedscope::load(state, "generator", generator_);
        embedscope::load(state, "order", order_);
        embedscope::load(state, "classes", decks<Deck*>(superclasses_));
    }

private:
    template <typename Pointer, typename Superclasses>
    static std::vector<Pointer> decks(Superclasses& superclasses) {
        std::vector<Pointer> all;
        for (auto& classes : superclasses)
            for (auto& deck : classes) all.push_back(&deck);
        return all;
    }

    static void refuseFlat(const std::map<std::string, std::vector<Deck>>& named, const DataSet& data) {
        const bool several = std::ranges::any_of(named, [](const auto& each) { return each.second.size() > 1; });
        if (named.size() > 1 && several) return;
        throw std::runtime_error("\"" + data.name + "\" has no superclasses by this rule: " +
                                 (named.size() > 1 ? "each holds a single class" : "all classes fall into one") +
                                 "; choose another rule for the superclass (folder above, first word, last word), or "
                                 "the sampler \"p_by_k\".");
    }

    /// Several classes of one superclass; K grows where they are too few to fill its part.
    void drawFrom(std::vector<Deck>& classes, std::size_t part, Indices& batch) {
        Indices some(classes.size());
        std::iota(some.begin(), some.end(), 0);
        shuffle(std::span(some), generator_);
        const std::size_t each = std::max(static_cast<std::size_t>(perClass_), (part + some.size() - 1) / some.size());
        const std::size_t full = batch.size() + part;
        for (const std::int32_t index : some)
            classes[index].deal(std::min({each, classes[index].size(), full - batch.size()}), generator_, batch);
    }

    std::mt19937_64 generator_;
    std::vector<std::vector<Deck>> superclasses_;
    Indices order_;
    std::int64_t batchSize_ = 0, perClass_ = 0, steps_ = 0;
    std::size_t perBatch_ = 0;
};

Parameter superclassParameter() {
    Parameter parameter = samplerCount("superclass", "Superclass", "", 0, 2, 0,
                                       "What makes classes relatives: the folder above the class folder (a manifest's "
                                       "paths, or class names with a /), "
                                       "or a word of the class name, e.g. the last of \"Black footed Albatross\".");
    parameter.options = {"folder above", "first word", "last word"};
    return parameter;
}

}  // namespace

SamplerRow hierarchicalRow() {
    CatalogEntry entry;
    entry.id = "hierarchical";
    entry.label = "Related classes together";
    entry.group = "With labels";
    entry.help =
        "Each batch comes from a few superclasses only, so that related classes, the ones easily confused, are pushed "
        "apart; without it they meet too seldom when there are many classes.";
    entry.source = "HierarchicalSampler of pytorch-metric-learning";
    entry.parameters = {batchSizeParameter(), superclassParameter(),
                        samplerCount("superclasses", "Superclasses per batch", "", 1, 64, 2,
                                     "Fewer: the batch is all relatives, and fine differences are learnt. More: coarse "
                                     "ones too."),
                        samplerCount("samples_per_class", "Images per class (K)", "images", 2, 512, 4,
                                     "Grows by itself where a superclass has too few classes to fill its part.")};
    return {std::move(entry), samplerOf<HierarchicalSampler>};
}

}  // namespace embedscope
