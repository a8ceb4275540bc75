// One positive and one negative for each anchor, chosen by a strategy each: H. Xuan, A. Stylianou, R. Pless: Improved
// Embeddings with Easy Positive Triplet Mining. WACV 2020 (1904.04370).
#include "engine/losses/log_sums.h"
#include "engine/miners/miner_table.h"

#include <limits>
#include <stdexcept>

namespace embedscope {
namespace {

enum class Strategy { Hard, SemiHard, Easy, All };

struct Range {
    double from = 0, to = 0;
};

/// One column for each row, and which rows have one.
struct Pick {
    torch::Tensor distance;  ///< [B, 1]
    torch::Tensor column;    ///< [B, 1]
    torch::Tensor exists;    ///< [B, 1] bool
};

Pick pick(const torch::Tensor& distances, const torch::Tensor& candidates, bool farthest) {
    constexpr double kFar = std::numeric_limits<double>::infinity();
    const torch::Tensor open = distances.masked_fill(candidates.logical_not(), farthest ? -kFar : kFar);
    const auto [distance, column] = farthest ? open.max(1, true) : open.min(1, true);
    return {distance, column, candidates.any(1, true)};
}

torch::Tensor marked(const Pick& chosen, const torch::Tensor& rows, std::int64_t size) {
    return torch::zeros({size, size}, rows.options()).scatter_(1, chosen.column, rows.logical_and(chosen.exists));
}

class BatchEasyHard : public Miner {
public:
    BatchEasyHard(Strategy positive, Strategy negative, Range positives, Range negatives)
        : positive_(positive), negative_(negative), positives_(positives), negatives_(negatives) {
        const bool semiHard = positive == Strategy::SemiHard || negative == Strategy::SemiHard;
        const bool all = positive == Strategy::All || negative == Strategy::All;
        if (semiHard && (all || positive == negative))
            throw std::invalid_argument(
                "A semi-hard choice compares with one chosen partner; choose \"hard\" or \"easy\" for the other side.");
    }

    Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels) override {
        const torch::NoGradGuard noGradient;
        const torch::Tensor all = measured(embeddings, Measure::NormalizedEuclidean);
        const PairMasks pairs = pairMasks(embeddings, labels, {});
        const torch::Tensor similar = within(all, pairs.similar, positives_);
        const torch::Tensor dissimilar = within(all, pairs.dissimilar, negatives_);
        Tuples tuples;
        tuples.kind = Tuples::Kind::Masks;
        if (positive_ == Strategy::All || negative_ == Strategy::All)
            chooseBeside(all, similar, dissimilar, tuples);
        else
            chooseBoth(all, similar, dissimilar, tuples);
        return tuples;
    }

private:
    static torch::Tensor within(const torch::Tensor& all, const torch::Tensor& mask, Range range) {
        return mask.logical_and(all >= range.from).logical_and(all <= range.to);
    }

    /// One side takes everything; the other then needs no partner.
    void chooseBeside(const torch::Tensor& all, const torch::Tensor& similar, const torch::Tensor& dissimilar,
                      Tuples& tuples) const {
        const torch::Tensor everyone = torch::ones({all.size(0), 1}, similar.options());
        tuples.similar = similar;
        tuples.dissimilar = dissimilar;
        if (positive_ != Strategy::All)
            tuples.similar = marked(pick(all, similar, positive_ == Strategy::Hard), everyone, all.size(0));
        if (negative_ != Strategy::All)
            tuples.dissimilar = marked(pick(all, dissimilar, negative_ == Strategy::Easy), everyone, all.size(0));
    }

    void chooseBoth(const torch::Tensor& all, const torch::Tensor& similar, const torch::Tensor& dissimilar,
                    Tuples& tuples) const {
        Pick positive = pick(all, similar, positive_ == Strategy::Hard);
        Pick negative = pick(all, dissimilar, negative_ == Strategy::Easy);
        if (positive_ == Strategy::SemiHard) positive = pick(all, similar.logical_and(all < negative.distance), true);
        if (negative_ == Strategy::SemiHard)
            negative = pick(all, dissimilar.logical_and(all > positive.distance), false);
        const torch::Tensor anchors = positive.exists.logical_and(negative.exists);
        tuples.similar = marked(positive, anchors, all.size(0));
        tuples.dissimilar = marked(negative, anchors, all.size(0));
    }

    Strategy positive_, negative_;
    Range positives_, negatives_;
};

Parameter strategy(std::string id, std::string label, double standard, std::string help) {
    Parameter parameter = minerParameter(std::move(id), std::move(label), 0, 3, 1, standard, std::move(help));
    parameter.options = {"hard", "semi-hard", "easy", "all"};
    return parameter;
}

Parameter limit(std::string id, std::string label, double standard) {
    return minerParameter(std::move(id), std::move(label), 0, 2.1, 0.05, standard,
                          "Partners outside these distances are left alone: keeps outliers and wrong labels out.");
}

}  // namespace

MinerRow batchEasyHard() {
    MinerRow row;
    row.entry.id = "batch_easy_hard";
    row.entry.label = "Batch easy/hard";
    row.entry.group = "Within the batch";
    row.entry.help =
        "For each anchor one positive and one negative by a strategy each. Easy positives let a class keep several "
        "clusters, because only the nearest mates are pulled together.";
    row.entry.formula = "easy: nearest positive, farthest negative; hard: the reverse; d Euclidean, normalised";
    row.entry.source = "Xuan, Stylianou, Pless, WACV 2020";
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    row.entry.parameters = {
        strategy("positive", "Positive", 2, "Hard pulls whole classes together; easy only nearest mates."),
        strategy("negative", "Negative", 1,
                 "Hard pushes the nearest stranger, semi-hard the nearest beyond the positive."),
        limit("positive_from", "Positives from", 0),
        limit("positive_to", "Positives to", 2.1),
        limit("negative_from", "Negatives from", 0),
        limit("negative_to", "Negatives to", 2.1)};
    row.make = [](const ParameterValues& values, std::uint64_t) {
        const auto chosen = [&](const char* id) { return static_cast<Strategy>(static_cast<int>(values.at(id))); };
        return std::make_unique<BatchEasyHard>(chosen("positive"), chosen("negative"),
                                               Range{values.at("positive_from"), values.at("positive_to")},
                                               Range{values.at("negative_from"), values.at("negative_to")});
    };
    return row;
}

}  // namespace embedscope
