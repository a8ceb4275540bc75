// M. Wieczorek et al.: On the Unreasonable Effectiveness of Centroids in Image Retrieval. ICONIP 2021 (2104.13643).
#include "engine/losses/distances.h"
#include "engine/losses/log_sums.h"
#include "engine/losses/parameter_loss.h"

#include <ATen/Functions.h>

namespace embedscope {
namespace {

class CentroidTriplet : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples&) override {
        const torch::Tensor chosen = (labels >= 0).nonzero().squeeze(1);
        if (chosen.size(0) == 0) return {embeddings.sum() * 0, shareOf(0, 0)};
        const torch::Tensor rows = embeddings.index_select(0, chosen);
        const auto [classes, classOf, counts] = at::_unique2(labels.index_select(0, chosen), true, true, true);
        const std::int64_t size = rows.size(0);

        const torch::Tensor count = counts.to(rows.scalar_type()).unsqueeze(1);
        const torch::Tensor sums = torch::zeros({classes.size(0), rows.size(1)}, rows.options().requires_grad(false))
                                       .index_add(0, classOf, rows);
        const torch::Tensor others = (count.index_select(0, classOf) - 1).clamp_min(1);
        const torch::Tensor own = (sums.index_select(0, classOf) - rows) / others;
        const torch::Tensor query = normalizedRows(rows);

        const torch::Tensor toOwn = safeRoot((query - normalizedRows(own)).square().sum(1, true));
        const torch::Tensor toEach =
            distances(torch::cat({query, normalizedRows(sums / count)})).slice(0, 0, size).slice(1, size);
        const torch::Tensor terms = (toOwn - toEach + value("margin")).relu();
        const torch::Tensor isOther = classOf.unsqueeze(1) != torch::arange(classes.size(0), classOf.options());
        const torch::Tensor asked = isOther.logical_and((counts > 1).index_select(0, classOf).unsqueeze(1));
        const double active = asked.logical_and(terms.detach() > 0).sum().item<double>();
        return {average(terms, asked, option("average") == 0), shareOf(active, asked.sum().item<double>())};
    }

    std::optional<MarginMark> marginMark(double) const override { return std::nullopt; }
};

}  // namespace

LossRow centroidTriplet() {
    return {
        {.id = "centroid_triplet",
         .label = "Centroid triplet",
         .group = "Triplet losses",
         .help = "Compares each sample with the centres of the classes instead of single samples: steadier than "
                 "triplets, little moved by outliers. The active fraction counts pairs of a sample and another "
                 "class.",
         .formula = "L = max(0, d(q, c⁺) - d(q, c⁻) + m), c⁺ without q, all normalised",
         .source = "Wieczorek et al., 2021",
         .parameters = {marginParameter(0.2, 2.0,
                                        "How much farther than its own centre the other classes' centres are pushed. "
                                        "Larger: wider gaps."),
                        averageParameter(true)},
         .grouping = Grouping::Batch},
        makeOf<CentroidTriplet>};
}

}  // namespace embedscope
