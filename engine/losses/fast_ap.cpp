// F. Cakir et al.: Deep Metric Learning to Rank. CVPR 2019.
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/soft_histogram.h"

#include <limits>

namespace embedscope {
namespace {

class FastAp : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        const bool squared = option("distance") == 0;
        const PairMasks pairs = pairMasks(embeddings, labels, tuples);
        const torch::Tensor all =
            measured(embeddings, squared ? Measure::NormalizedSquared : Measure::NormalizedEuclidean);
        const auto bins = static_cast<std::int64_t>(value("bins"));
        const torch::Tensor positive = softHistogram(all, pairs.similar, bins, squared ? 4 : 2);
        const torch::Tensor negative = softHistogram(all, pairs.dissimilar, bins, squared ? 4 : 2);
        const torch::Tensor upToHere = positive.cumsum(1);
        const torch::Tensor everyone = upToHere + negative.cumsum(1);
        const torch::Tensor precision = upToHere / everyone.masked_fill(everyone <= 0, 1);
        const torch::Tensor count = pairs.similar.sum(1).to(all.scalar_type());
        const torch::Tensor terms = 1 - (positive * precision).sum(1) / count.clamp_min(1);
        return {average(terms, count > 0, false), std::numeric_limits<double>::quiet_NaN()};
    }
};

}  // namespace

LossRow fastAp() {
    Parameter distance = measureParameter(Measure::NormalizedEuclidean);
    distance.options = {"squared Euclidean, normalised", "Euclidean, normalised"};
    distance.maximum = 1;
    distance.standard = 0;
    return {{.id = "fast_ap",
             .label = "FastAP (average precision)",
             .group = "Ranking losses",
             .help = "Improves the order of neighbours itself: each anchor's positives are to come first. Does not ask "
                     "for any particular distance, so classes keep their shape.",
             .formula = "L(a) = 1 - (1/|P|) Σ_bins h⁺ H⁺ / H over a soft histogram of distances",
             .source = "Cakir et al., CVPR 2019",
             .parameters = {liveParameter("bins", "Bins", 2, 100, 1, 10,
                                          "More: finer ranking, but each distance feels fewer others. Fewer: smoother "
                                          "movement."),
                            distance},
             .grouping = Grouping::Pairs | Grouping::Triplets},
            makeOf<FastAp>};
}

}  // namespace embedscope
