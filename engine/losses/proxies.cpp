// ProxyNCA: Y. Movshovitz-Attias et al.: No Fuss Distance Metric Learning Using Proxies. ICCV 2017 (1703.07464); with
// the own proxy in the denominator. ProxyAnchor: S. Kim et al.: Proxy Anchor Loss. CVPR 2020 (2003.13911).
#include "engine/losses/class_weights.h"
#include "engine/losses/log_sums.h"

#include <ATen/Functions.h>

namespace embedscope {
namespace {

class ProxyNca : public ClassWeights {
public:
    explicit ProxyNca(const LossOrder& order) : ClassWeights(order, 1) {}

protected:
    torch::Tensor ofCosines(const torch::Tensor& cosines, const torch::Tensor& labels) const override {
        // -d² = 2 cos - 2 on the sphere, and the constant cancels.
        const torch::Tensor logarithms = torch::log_softmax(2 * value("scale") * cosines, 1);
        return logarithms.gather(1, labels.unsqueeze(1)).mean().neg();
    }
};

class ProxyAnchor : public ClassWeights {
public:
    explicit ProxyAnchor(const LossOrder& order) : ClassWeights(order, 1) {}

protected:
    torch::Tensor ofCosines(const torch::Tensor& cosines, const torch::Tensor& labels) const override {
        const double alpha = value("alpha"), margin = value("margin");
        const torch::Tensor byProxy = cosines.t();
        const torch::Tensor own = torch::arange(classes(), labels.options()).unsqueeze(1) == labels.unsqueeze(0);
        const torch::Tensor present = own.any(1);
        const torch::Tensor pull = softPlus(logSumExp(-alpha * (byProxy - margin), own));
        const torch::Tensor push = softPlus(logSumExp(alpha * (byProxy + margin), own.logical_not()));
        return average(pull, present, false) + push.mean();
    }
};

}  // namespace

LossRow proxyNca() {
    return {{.id = "proxy_nca",
             .label = "ProxyNCA",
             .group = "With a vector for each class",
             .help = "Each class has a learned point; samples move to their own and away from the others. Fast and "
                     "needs no mining; classes form around their points.",
             .formula = "L = -log( exp(-γd²(x, p_y)) / Σ_c exp(-γd²(x, p_c)) ), all normalised",
             .source = "Movshovitz-Attias et al., ICCV 2017",
             .parameters = {liveParameter("scale", "Scale γ", 0.5, 64, 0.5, 8,
                                          "Higher: samples settle nearer to their class's point and only near rivals "
                                          "push.")},
             .grouping = Grouping::Batch},
            makeOf<ProxyNca>};
}

LossRow proxyAnchor() {
    return {
        {.id = "proxy_anchor",
         .label = "ProxyAnchor",
         .group = "With a vector for each class",
         .help = "Each class's learned point looks at the whole batch: its hardest members are pulled most, the "
                 "nearest strangers pushed most.",
         .formula = "L = Σ_c∈batch log(1+Σ_y=c exp(-α(s-m)))/|c∈batch| + Σ_c log(1+Σ_y≠c exp(α(s+m)))/C",
         .source = "Kim et al., CVPR 2020",
         .parameters = {marginParameter(0.1, 1.0,
                                        "Cosine that members are pulled above and, negated, strangers pushed below. "
                                        "Larger: tighter classes, wider gaps."),
                        liveParameter("alpha", "Sharpness α", 1, 128, 1, 32,
                                      "Higher: only the hardest samples of each class move.")},
         .grouping = Grouping::Batch},
        makeOf<ProxyAnchor>};
}

}  // namespace embedscope
