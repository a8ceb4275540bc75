// Normalised softmax: A. Zhai, H.-Y. Wu: Classification is a Strong Baseline for Deep Metric Learning. BMVC 2019.
// ArcFace: J. Deng et al., CVPR 2019 (1801.07698). CosFace: H. Wang et al., CVPR 2018 (1801.09414).
#include "engine/losses/class_weights.h"
#include "engine/losses/distances.h"

#include <ATen/Functions.h>

#include <cmath>
#include <numbers>

namespace embedscope {
namespace {

torch::Tensor crossEntropy(const torch::Tensor& logits, const torch::Tensor& labels) {
    return torch::log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).mean().neg();
}

class NormalizedSoftmax : public ClassWeights {
public:
    explicit NormalizedSoftmax(const LossOrder& order) : ClassWeights(order, 1) {}

protected:
    torch::Tensor ofCosines(const torch::Tensor& cosines, const torch::Tensor& labels) const override {
        return crossEntropy(cosines / value("temperature"), labels);
    }
};

class ArcFace : public ClassWeights {
public:
    explicit ArcFace(const LossOrder& order) : ClassWeights(order, 1) {}

protected:
    torch::Tensor ofCosines(const torch::Tensor& cosines, const torch::Tensor& labels) const override {
        const double angle = value("angle") * std::numbers::pi / 180;
        const torch::Tensor index = labels.unsqueeze(1);
        const torch::Tensor own = cosines.gather(1, index);
        // cos(θ + m) without acos, whose slope is infinite where a sample meets its class vector.
        const torch::Tensor sine = safeRoot((1 - own.square()).relu());
        const torch::Tensor turned = own * std::cos(angle) - sine * std::sin(angle);
        // Past θ = π - m the turned cosine would rise again; the straight line goes on falling.
        const torch::Tensor eased = torch::where(own < -std::cos(angle), own - angle * std::sin(angle), turned);
        return crossEntropy(value("scale") * cosines.scatter(1, index, eased), labels);
    }
};

class CosFace : public ClassWeights {
public:
    explicit CosFace(const LossOrder& order) : ClassWeights(order, 1) {}

protected:
    torch::Tensor ofCosines(const torch::Tensor& cosines, const torch::Tensor& labels) const override {
        const torch::Tensor index = labels.unsqueeze(1);
        const torch::Tensor eased = cosines.gather(1, index) - value("margin");
        return crossEntropy(value("scale") * cosines.scatter(1, index, eased), labels);
    }
};

Parameter scaleParameter() {
    return liveParameter("scale", "Scale", 1, 256, 1, 64,
                         "Higher: samples that already lie well stop moving sooner, only doubtful ones move.");
}

LossRow rowOf(std::string id, std::string label, std::string formula, std::string source, std::string help,
              std::vector<Parameter> parameters) {
    return {{.id = std::move(id),
             .label = std::move(label),
             .group = "With a vector for each class",
             .help = std::move(help),
             .formula = std::move(formula),
             .source = std::move(source),
             .parameters = std::move(parameters),
             .grouping = Grouping::Batch},
            nullptr};
}

}  // namespace

LossRow normalizedSoftmax() {
    LossRow row =
        rowOf("normalized_softmax", "Normalised softmax", "L = -log softmax_y(cos(x, w_c)/T)", "Zhai, Wu, BMVC 2019",
              "Classifies by the angle to a learned vector for each class. A strong, simple start: classes fan "
              "out on the sphere.",
              {liveParameter("temperature", "Temperature", 0.005, 1, 0.01, 0.05,
                             "Lower: samples stop once they are on the right side. Higher: they keep moving to "
                             "their class vector.")});
    row.make = makeOf<NormalizedSoftmax>;
    return row;
}

LossRow arcFace() {
    LossRow row = rowOf("arcface", "ArcFace", "L = -log softmax with cos(θ_y + m) for the own class, times the scale",
                        "Deng et al., CVPR 2019",
                        "Normalised softmax that demands an angular gap: classes become narrow beams with empty space "
                        "between them.",
                        {liveParameter("angle", "Margin", 0, 89, 1, 28.6,
                                       "Gap in degrees. Larger: narrower classes; too large: training does not start."),
                         scaleParameter()});
    row.entry.parameters.front().unit = "°";
    row.make = makeOf<ArcFace>;
    return row;
}

LossRow cosFace() {
    LossRow row = rowOf(
        "cosface", "CosFace", "L = -log softmax with cos θ_y - m for the own class, times the scale",
        "Wang et al., CVPR 2018",
        "Normalised softmax that demands a gap in cosine: narrow classes, with a steadier start than "
        "ArcFace.",
        {marginParameter(0.35, 1.0, "Gap in cosine. Larger: narrower classes, harder training."), scaleParameter()});
    row.make = makeOf<CosFace>;
    return row;
}

}  // namespace embedscope
