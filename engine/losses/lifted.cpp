// H. Oh Song et al.: Deep Metric Learning via Lifted Structured Feature Embedding. CVPR 2016 (1511.06452).
// Generalised: A. Hermans, L. Beyer, B. Leibe: In Defense of the Triplet Loss. 2017 (1703.07737).
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"

#include <ATen/Functions.h>

namespace embedscope {
namespace {

/// Distances less the positive margin, the negative margin less distances, and who is paired.
struct Forces {
    torch::Tensor pull, push;  ///< [B, B]
    PairMasks pairs;
};

class LiftedBase : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

protected:
    Forces forces(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) const {
        const torch::Tensor all = measured(embeddings, distance());
        const double sign = direction(distance());
        return {all - sign * value("positive_margin"), sign * value("margin") - all,
                pairMasks(embeddings, labels, tuples)};
    }
};

/// Each similar pair against the negatives of both its ends.
class Lifted : public LiftedBase {
public:
    using LiftedBase::LiftedBase;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const Forces all = forces(embeddings, labels, tuples);
        const torch::Tensor ofRow = logSumExp(all.push, all.pairs.dissimilar);
        const torch::Tensor ofBoth = torch::logaddexp(ofRow.unsqueeze(1), ofRow.unsqueeze(0));
        const torch::Tensor terms = (ofBoth + all.pull).relu().square() / 2;
        const double active = all.pairs.similar.logical_and(terms.detach() > 0).sum().item<double>();
        return {average(terms, all.pairs.similar, false), shareOf(active, all.pairs.similar.sum().item<double>())};
    }
};

class GeneralizedLifted : public LiftedBase {
public:
    using LiftedBase::LiftedBase;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const Forces all = forces(embeddings, labels, tuples);
        const torch::Tensor terms =
            (orZero(all.pull, all.pairs.similar) + orZero(all.push, all.pairs.dissimilar)).relu();
        const double active = (terms.detach() > 0).sum().item<double>();
        return {average(terms, all.pairs.labelled, false), shareOf(active, all.pairs.labelled.sum().item<double>())};
    }

private:
    static torch::Tensor orZero(const torch::Tensor& values, const torch::Tensor& mask) {
        return logSumExp(values, mask).masked_fill(mask.any(1).logical_not(), 0);
    }
};

LossRow rowOf(std::string id, std::string label, std::string help, std::string formula, std::string source) {
    return {{.id = std::move(id),
             .label = std::move(label),
             .group = "Softmax over the batch",
             .help = std::move(help),
             .formula = std::move(formula),
             .source = std::move(source),
             .parameters = {marginParameter(
                                1.0, 4.0, "Distance that negatives are pushed to. Larger: wider gaps between classes."),
                            liveParameter("positive_margin", "Positive margin", 0, 4, 0.05, 0,
                                          "Distance that positives may keep. Above 0, classes stay clouds."),
                            measureParameter(Measure::NormalizedEuclidean), exponentParameter()},
             .grouping = Grouping::Pairs | Grouping::Triplets},
            nullptr};
}

}  // namespace

LossRow lifted() {
    LossRow row = rowOf("lifted", "Lifted structure",
                        "Each similar pair feels the negatives of both its ends at once, the nearest most. The active "
                        "fraction counts similar pairs.",
                        "L(a,p) = ½ max(0, log Σ_n∈N(a)∪N(p) exp(m - d) + d(a,p) - m⁺)²", "Oh Song et al., CVPR 2016");
    row.make = makeOf<Lifted>;
    return row;
}

LossRow generalizedLifted() {
    LossRow row = rowOf("generalized_lifted", "Lifted structure (generalised)",
                        "Each anchor compares all its positives with all its negatives, the hardest of each most. The "
                        "active fraction counts anchors.",
                        "L(a) = max(0, log Σ_p exp(d - m⁺) + log Σ_n exp(m - d))", "Hermans, Beyer, Leibe, 2017");
    row.make = makeOf<GeneralizedLifted>;
    return row;
}

}  // namespace embedscope
