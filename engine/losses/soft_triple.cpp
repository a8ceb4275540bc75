// Q. Qian et al.: SoftTriple Loss: Deep Metric Learning Without Triplet Sampling. ICCV 2019 (1909.05235).
#include "engine/losses/class_weights.h"
#include "engine/losses/distances.h"

#include <ATen/Functions.h>

namespace embedscope {
namespace {

class SoftTriple : public ClassWeights {
public:
    explicit SoftTriple(const LossOrder& order)
        : ClassWeights(order, static_cast<std::int64_t>(order.values.at("centers"))) {}

protected:
    torch::Tensor ofCosines(const torch::Tensor& cosines, const torch::Tensor& labels) const override {
        const torch::Tensor byCenter = cosines.view({cosines.size(0), classes(), -1});
        const torch::Tensor chosen = torch::softmax(byCenter / value("gamma"), 2);
        const torch::Tensor similarity = (chosen * byCenter).sum(2);
        const torch::Tensor index = labels.unsqueeze(1);
        const torch::Tensor eased = similarity.scatter(1, index, similarity.gather(1, index) - value("margin"));
        const torch::Tensor logarithms = torch::log_softmax(value("scale") * eased, 1);
        return logarithms.gather(1, index).mean().neg() + value("merging") * centerSpread();
    }

private:
    /// Mean distance between the centres of one class: pulls superfluous ones together.
    torch::Tensor centerSpread() const {
        const std::int64_t each = vectors().size(0) / classes();
        if (each < 2) return vectors().sum() * 0;
        const torch::Tensor rows = normalizedRows(vectors()).view({classes(), each, -1});
        const torch::Tensor squares = (2 - 2 * rows.matmul(rows.transpose(1, 2))).relu();
        const torch::Tensor above = torch::ones({each, each}, rows.options().requires_grad(false)).triu(1);
        return (safeRoot(squares) * above).sum() / static_cast<double>(classes() * each * (each - 1));
    }
};

}  // namespace

LossRow softTriple() {
    Parameter centers = liveParameter("centers", "Centres a class", 1, 50, 1, 5,
                                      "More: a class may form several clusters; they merge if it has only one.");
    centers.changesLive = false;
    return {{.id = "soft_triple",
             .label = "SoftTriple",
             .group = "With a vector for each class",
             .help = "Each class has several learned centres, so a class of several kinds may form several clusters.",
             .formula = "L = -log softmax(λ(S_y - δ)), S_c = Σ_k softmax_k(cos/γ)·cos, + τ·mean distance of a class's "
                        "centres",
             .source = "Qian et al., ICCV 2019",
             .parameters = {centers,
                            liveParameter("scale", "Scale λ", 1, 100, 1, 20,
                                          "Higher: samples that already lie well stop moving sooner."),
                            liveParameter("gamma", "Centre softness γ", 0.01, 1, 0.01, 0.1,
                                          "Lower: a sample follows its nearest centre only."),
                            liveParameter("margin", "Margin δ", 0, 1, 0.01, 0.01,
                                          "Gap in cosine between the own class and the others. Larger: wider gaps."),
                            liveParameter("merging", "Merging τ", 0, 5, 0.1, 0.2,
                                          "Higher: a class's centres merge into fewer clusters.")},
             .grouping = Grouping::Batch},
            makeOf<SoftTriple>};
}

}  // namespace embedscope
