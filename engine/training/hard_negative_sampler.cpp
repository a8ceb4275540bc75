// Batches with negatives from the whole data set: nearest neighbours of another class in the embedding bank. The
// filters against false negatives are those of mine_hard_negatives in sentence-transformers: range_min, range_max,
// margin, relative margin, max_score.
#include "engine/training/bank_index.h"
#include "engine/training/sampler_state.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>
#include <unordered_set>
#include <utility>

namespace embedscope {
namespace {

enum class MarginRule { None, Absolute, Relative };

struct MiningRules {
    std::size_t skipFirst = 0;
    std::size_t candidates = 20;
    std::size_t negatives = 2;
    double maximumScore = 1;
    MarginRule rule = MarginRule::None;
    double margin = 0;

    /// Both cosines. @return true for a negative that is more likely a positive with a wrong label.
    bool guards(double score, double ofPositive) const {
        if (score > maximumScore) return true;
        if (rule == MarginRule::Absolute) return score > ofPositive - margin;
        if (rule == MarginRule::Relative) return score > ofPositive * (1 - margin);
        return false;
    }
};

/// Rows of one index, class by class.
struct IndexedClasses {
    std::vector<Indices> rows;

    explicit IndexedClasses(const BankIndex& index) {
        std::map<std::int32_t, Indices> byLabel;
        for (std::size_t row = 0; row < index.labels.size(); ++row)
            byLabel[index.labels[row]].push_back(static_cast<std::int32_t>(row));
        for (auto& [label, members] : byLabel)
            if (members.size() > 1) rows.push_back(std::move(members));
    }
};

double cosineOf(std::span<const float> a, std::span<const float> b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// A batch under construction: a sample is in it once.
class OpenBatch {
public:
    OpenBatch(Indices& batch, std::size_t size) : batch_(batch), size_(size) { batch_.clear(); }
    bool full() const { return batch_.size() >= size_; }
    std::size_t size() const { return batch_.size(); }
    bool holds(std::int32_t sample) const { return in_.contains(sample); }
    bool add(std::int32_t sample) {
        if (full() || !in_.insert(sample).second) return false;
        batch_.push_back(sample);
        return true;
    }

private:
    Indices& batch_;
    std::size_t size_;
    std::unordered_set<std::int32_t> in_;
};

class HardNegativeSampler : public BatchSampler {
public:
    explicit HardNegativeSampler(const SamplerOrder& order)
        : generator_(order.seed),
          indexer_(order.data, order.seed),
          dataSize_(order.data.size()),
          classCount_(order.data.classNames.size()),
          refresh_(order.whole("refresh_every")) {
        std::size_t samples = 0;
        for (Indices& members : membersOfClasses(order.data)) {
            samples += members.size();
            classes_.emplace_back(std::move(members));
        }
        batchSize_ = std::min(order.whole("batch_size"), static_cast<std::int64_t>(samples));
        mined_ = static_cast<std::size_t>(std::lround(order.value("mined_share") * static_cast<double>(batchSize_)));
        steps_ = stepsFor(samples, batchSize_);
        rules_.skipFirst = static_cast<std::size_t>(order.whole("skip_first"));
        rules_.candidates = static_cast<std::size_t>(order.whole("candidates"));
        rules_.negatives = static_cast<std::size_t>(order.whole("negatives"));
        rules_.maximumScore = order.value("maximum_score");
        rules_.rule = static_cast<MarginRule>(order.whole("margin_rule"));
        rules_.margin = order.value("guard_margin");
    }

    /// An index is first used one refresh after it was begun, ready or not: were it used as soon as it is ready, two
    /// runs would not give the same bytes. Only the first one is waited for at once.
    void follow(const EmbeddingBank& bank, std::int64_t step, const std::stop_token& stop) override {
        rebuild(stop);
        if (index_ && step % refresh_ != 0) return;
        if (indexer_.building()) use(indexer_.take(stop));
        indexer_.start(indexer_.sourceOf(bank, step));
        if (!index_) use(indexer_.take(stop));
    }

    void next(Indices& batch) override {
        OpenBatch open(batch, static_cast<std::size_t>(batchSize_));
        for (std::size_t tries = 0; indexed_ && !indexed_->rows.empty() && open.size() < mined_ && tries < mined_;
             ++tries)
            addGroup(open);
        addRest(open);
    }

    std::int64_t stepsPerEpoch() const override { return steps_; }
    std::int64_t batchSize() const override { return batchSize_; }

    /// An index is saved as the rows that it is built from.
    void save(const StateWriter& state) const override {
        embedscope::save(state, "generator", generator_);
        embedscope::save(state, "classes", classes_);
        state.numbers("candidates",
                      std::vector<std::int64_t>{static_cast<std::int64_t>(seen_), static_cast<std::int64_t>(guarded_)});
        state.number("guarded", lastGuarded_);
        if (saved_)
            saved_->save(state.part("index"));
        else if (index_)
            index_->source().save(state.part("index"));
        if (const auto pending = savedNext_ ? savedNext_ : indexer_.pending()) pending->save(state.part("next"));
    }

    void load(const StateReader& state) override {
        embedscope::load(state, "generator", generator_);
        embedscope::load(state, "classes", classes_);
        const auto candidates = state.numbers<std::int64_t>("candidates", 2);
        seen_ = static_cast<std::size_t>(std::max<std::int64_t>(0, candidates[0]));
        guarded_ = static_cast<std::size_t>(std::max<std::int64_t>(0, candidates[1]));
        lastGuarded_ = state.number<double>("guarded");
        if (state.has("index.step")) saved_ = IndexSource::loaded(state.part("index"), dataSize_, classCount_);
        if (state.has("next.step")) savedNext_ = IndexSource::loaded(state.part("next"), dataSize_, classCount_);
    }

    std::optional<MiningReport> mining() const override {
        if (!index_) return std::nullopt;
        MiningReport report;
        report.indexedAtStep = index_->step;
        report.indexed = index_->neighbors->count();
        report.refreshSeconds = index_->seconds;
        report.recallAt10 = index_->recallAt10;
        report.guardedShare = seen_ > 0 ? static_cast<double>(guarded_) / static_cast<double>(seen_) : lastGuarded_;
        return report;
    }

private:
    /// What load() left to do: here it can be stopped.
    void rebuild(const std::stop_token& stop) {
        if (saved_) {
            indexer_.start(saved_);
            index_ = indexer_.take(stop);
            indexed_.emplace(*index_);
            saved_ = nullptr;
        }
        if (savedNext_) indexer_.start(std::exchange(savedNext_, nullptr));
    }

    void use(std::shared_ptr<const BankIndex> index) {
        index_ = std::move(index);
        indexed_.emplace(*index_);
        if (seen_ > 0) lastGuarded_ = static_cast<double>(guarded_) / static_cast<double>(seen_);
        seen_ = guarded_ = 0;
    }

    std::int32_t drawn(const Indices& from) { return from[drawBelow(generator_, from.size())]; }

    /// An anchor of any class, a positive of it, and negatives from among its nearest strangers.
    void addGroup(OpenBatch& open) {
        const Indices& members = indexed_->rows[drawBelow(generator_, indexed_->rows.size())];
        const std::int32_t anchor = drawn(members);
        std::int32_t positive = drawn(members);
        while (positive == anchor) positive = drawn(members);
        open.add(index_->samples[anchor]);
        open.add(index_->samples[positive]);
        std::vector<std::int32_t> candidates = candidatesOf(anchor, positive);
        shuffle(std::span(candidates), generator_);
        std::size_t wanted = rules_.negatives;
        for (std::size_t i = 0; i < candidates.size() && wanted > 0; ++i)
            wanted -= open.add(index_->samples[candidates[i]]);
    }

    std::vector<std::int32_t> candidatesOf(std::int32_t anchor, std::int32_t positive) {
        const NeighborIndex& neighbors = *index_->neighbors;
        const auto own = [this, label = index_->labels[anchor]](std::int32_t row) {
            return index_->labels[row] == label;
        };
        const auto near =
            neighbors.nearest(neighbors.row(anchor), static_cast<int>(rules_.skipFirst + rules_.candidates), own);
        const double ofPositive = cosineOf(neighbors.row(anchor), neighbors.row(positive));
        std::vector<std::int32_t> candidates;
        for (std::size_t i = rules_.skipFirst; i < near.size(); ++i) {
            const double score = 1 - near[i].distance * near[i].distance / 2;  // of rows on the unit sphere
            ++seen_;
            if (rules_.guards(score, ofPositive))
                ++guarded_;
            else
                candidates.push_back(near[i].row);
        }
        return candidates;
    }

    /// Two of a class at a time, classes alike, until the batch is full.
    void addRest(OpenBatch& open) {
        const auto most = 8 * static_cast<std::size_t>(batchSize_);  // small classes may all be in the batch already
        Indices hand;
        for (std::size_t tries = 0; !open.full() && tries < most; ++tries) {
            Deck& deck = classes_[drawBelow(generator_, classes_.size())];
            hand.clear();
            deck.deal(std::min<std::size_t>(2, deck.size()), generator_, hand);
            for (const std::int32_t sample : hand) open.add(sample);
        }
    }

    std::mt19937_64 generator_;
    BankIndexer indexer_;
    std::size_t dataSize_, classCount_;
    std::int64_t refresh_;
    std::vector<Deck> classes_;
    std::int64_t batchSize_ = 0, steps_ = 0;
    std::size_t mined_ = 0;
    MiningRules rules_;
    std::shared_ptr<const BankIndex> index_;
    std::optional<IndexedClasses> indexed_;
    std::shared_ptr<const IndexSource> saved_, savedNext_;  ///< Of a checkpoint, not yet built.
    std::size_t seen_ = 0, guarded_ = 0;                    ///< Candidates since the index came into use.
    double lastGuarded_ = MetricsRow::kNone;
};

Parameter number(std::string id, std::string label, double minimum, double maximum, double step, double standard,
                 std::string help) {
    Parameter parameter =
        samplerCount(std::move(id), std::move(label), "", minimum, maximum, standard, std::move(help));
    parameter.step = step;
    return parameter;
}

Parameter marginRule() {
    Parameter parameter = samplerCount(
        "margin_rule", "Guard by margin", "", 0, 2, 0,
        "Leaves out strangers that are nearly as near as the anchor's own positive: absolute takes the margin off the "
        "positive's cosine, relative takes that share of it off. Off: the hardest stay.");
    parameter.options = {"off", "absolute", "relative"};
    return parameter;
}

}  // namespace

SamplerRow hardNegativesRow() {
    CatalogEntry entry;
    entry.id = "hard_negatives";
    entry.label = "Hard negatives of the whole data set";
    entry.group = "With labels";
    entry.help =
        "Part of each batch is mined: an anchor, a mate of its class, and images of other classes that lie nearest to "
        "it "
        "in the picture, found among all points shown (raise \"Points shown\" to search more). Classes that overlap "
        "are "
        "pulled apart where they overlap. Batches then depend on the embeddings.";
    entry.formula = "n drawn from the nearest `candidates` of another class after `skip_first`, cos(a,n) not guarded";
    entry.source = "mine_hard_negatives of sentence-transformers; index: Malkov, Yashunin (HNSW), TPAMI 2020";
    entry.parameters = {
        batchSizeParameter(),
        number(
            "mined_share", "Mined share", 0, 1, 0.05, 0.5,
            "Of the batch. More: borders between classes get sharper, but wrong labels weigh more; the rest is drawn "
            "from all classes alike and keeps the picture together."),
        samplerCount("negatives", "Negatives per anchor", "", 1, 16, 2,
                     "More: each anchor meets more of its neighbours."),
        samplerCount("skip_first", "Skip the first", "", 0, 1000, 0,
                     "So many of the nearest strangers are passed over: the very nearest are often wrong labels."),
        samplerCount(
            "candidates", "Candidates", "", 1, 500, 20,
            "Negatives are drawn from so many nearest strangers. Fewer: harder ones, the same again and again."),
        number("maximum_score", "Highest cosine", -1, 1, 0.01, 1,
               "A stranger nearer than this is taken for a wrong label and left out. Leave it at 1 until the classes "
               "have begun to part: an untrained encoder puts everything near everything."),
        marginRule(),
        number("guard_margin", "Margin of the guard", 0, 2, 0.01, 0.05,
               "Larger: fewer of the hardest strangers are used."),
        samplerCount(
            "refresh_every", "Refresh every", "steps", 1, 100'000, 100,
            "The index of neighbours is built anew in the background from the points as they are, and used from "
            "the next refresh on: so its points are one to two refreshes old. Fewer steps: fresher neighbours; "
            "too few: training waits for the index.")};
    return {std::move(entry), samplerOf<HardNegativeSampler>};
}

}  // namespace embedscope
