// Miners that mark pairs of the batch by their distances. Multi-similarity: X. Wang et al., CVPR 2019 (1904.06627).
// Hard-distance cascade: Y. Yuan, K. Yang, C. Zhang: Hard-Aware Deeply Cascaded Embedding. ICCV 2017.
#include "engine/losses/log_sums.h"
#include "engine/miners/miner_table.h"

#include <cmath>
#include <limits>

namespace embedscope {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

/// What the miners of this file share: distances and the labels' pairs in, marked pairs out.
class PairMiner : public Miner {
public:
    explicit PairMiner(const ParameterValues& values) : values_(values), measure_(minerMeasure(values)) {}

    Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels) override {
        const torch::NoGradGuard noGradient;
        const PairMasks pairs = pairMasks(embeddings, labels, {});
        Tuples tuples;
        tuples.kind = Tuples::Kind::Masks;
        mark(measured(embeddings, measure_), pairs, tuples);
        return tuples;
    }

protected:
    /// @param all [B, B], smaller is nearer.
    virtual void mark(const torch::Tensor& all, const PairMasks& pairs, Tuples& tuples) const = 0;
    double value(std::string_view id) const { return values_.find(id)->second; }
    double sign() const { return direction(measure_); }

private:
    ParameterValues values_;
    Measure measure_;
};

class PairMargin : public PairMiner {
public:
    using PairMiner::PairMiner;

protected:
    void mark(const torch::Tensor& all, const PairMasks& pairs, Tuples& tuples) const override {
        tuples.similar = pairs.similar.logical_and(all > sign() * value("positive_margin"));
        tuples.dissimilar = pairs.dissimilar.logical_and(all < sign() * value("negative_margin"));
    }
};

class MultiSimilarityMiner : public PairMiner {
public:
    using PairMiner::PairMiner;

protected:
    void mark(const torch::Tensor& all, const PairMasks& pairs, Tuples& tuples) const override {
        const torch::Tensor nearestNegative = all.masked_fill(pairs.dissimilar.logical_not(), kFar).amin(1, true);
        const torch::Tensor farthestPositive = all.masked_fill(pairs.similar.logical_not(), -kFar).amax(1, true);
        tuples.similar = pairs.similar.logical_and(all + value("epsilon") > nearestNegative);
        tuples.dissimilar = pairs.dissimilar.logical_and(all - value("epsilon") < farthestPositive);
    }
};

class HardDistanceCascade : public PairMiner {
public:
    using PairMiner::PairMiner;

protected:
    void mark(const torch::Tensor& all, const PairMasks& pairs, Tuples& tuples) const override {
        tuples.similar = hardest(all, pairs.similar);
        tuples.dissimilar = hardest(-all, pairs.dissimilar);
    }

private:
    torch::Tensor hardest(const torch::Tensor& hardness, const torch::Tensor& mask) const {
        const auto count = static_cast<double>(mask.sum().item<std::int64_t>());
        const auto kept = static_cast<std::int64_t>(std::ceil(value("share") * count));
        const torch::Tensor open = hardness.masked_fill(mask.logical_not(), -kFar).flatten();
        const torch::Tensor places = std::get<1>(open.topk(kept, 0, true, false));
        return torch::zeros(open.sizes(), mask.options()).index_fill_(0, places, true).view(mask.sizes());
    }
};

MinerRow rowOf(std::string id, std::string label, std::string help, std::string formula, std::string source) {
    MinerRow row;
    row.entry.id = std::move(id);
    row.entry.label = std::move(label);
    row.entry.group = "Pairs";
    row.entry.help = std::move(help);
    row.entry.formula = std::move(formula);
    row.entry.source = std::move(source);
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    return row;
}

}  // namespace

MinerRow pairMargin() {
    MinerRow row =
        rowOf("pair_margin", "Pair margin",
              "Takes similar pairs that are still too far and dissimilar pairs that are too near; the rest is "
              "left alone.",
              "similar: d > m⁺; dissimilar: d < m⁻", "");
    row.entry.parameters = {minerParameter("positive_margin", "Positive margin", 0, 4, 0.05, 0.2,
                                           "Similar pairs farther apart are taken. Larger: only the worst are pulled."),
                            minerParameter("negative_margin", "Negative margin", 0, 4, 0.05, 0.8,
                                           "Dissimilar pairs nearer than this are taken. Larger: more are pushed."),
                            minerDistance()};
    row.make = [](const ParameterValues& values, std::uint64_t) { return std::make_unique<PairMargin>(values); };
    return row;
}

MinerRow multiSimilarityMiner() {
    MinerRow row =
        rowOf("multi_similarity", "Multi-similarity",
              "Takes positives that are farther than the nearest negative and negatives that are nearer than "
              "the farthest positive, give or take ε.",
              "positive: s - ε < max s(a,n); negative: s + ε > min s(a,p)", "Wang et al., CVPR 2019");
    row.entry.parameters = {minerParameter("epsilon", "ε", 0, 2, 0.05, 0.1,
                                           "Larger: easier pairs are taken too, the picture moves more evenly."),
                            minerDistance()};
    row.entry.parameters.back().standard = 2;  // the paper's cosine similarity
    row.make = [](const ParameterValues& values, std::uint64_t) {
        return std::make_unique<MultiSimilarityMiner>(values);
    };
    return row;
}

MinerRow hardDistanceCascade() {
    MinerRow row =
        rowOf("hard_distance_cascade", "Hard-distance cascade",
              "Takes the hardest share of all similar pairs and of all dissimilar pairs of the batch.",
              "the ⌈share·count⌉ farthest similar and nearest dissimilar pairs", "Yuan, Yang, Zhang, ICCV 2017");
    row.entry.parameters = {
        minerParameter("share", "Share", 0.01, 1, 0.05, 0.5, "Smaller: fewer and harder pairs; outliers weigh more."),
        minerDistance()};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        return std::make_unique<HardDistanceCascade>(values);
    };
    return row;
}

}  // namespace embedscope
