// T. Wang, P. Isola: Understanding Contrastive Representation Learning through Alignment and Uniformity on the
// Hypersphere. ICML 2020 (2005.10242).
#include "engine/losses/distances.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/two_view_table.h"

#include <limits>

namespace embedscope {
namespace {

constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();

torch::Tensor alignmentOf(const torch::Tensor& first, const torch::Tensor& second, double power) {
    const torch::Tensor squares = (normalizedRows(first) - normalizedRows(second)).square().sum(1);
    return (power == 2 ? squares : safeRoot(squares).pow(power)).mean();
}

/// log of the mean over i < j of exp(-t d²); 0 for a single row.
torch::Tensor uniformityOf(const torch::Tensor& rows, double sharpness) {
    const std::int64_t count = rows.size(0);
    if (count < 2) return rows.sum() * 0;
    const torch::Tensor kernel = (-sharpness * squaredDistances(normalizedRows(rows))).exp();
    return (kernel.triu(1).sum() / (0.5 * static_cast<double>(count) * static_cast<double>(count - 1))).log();
}

class Alignment : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;
    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        const auto [first, second] = viewsOf(embeddings);
        return {alignmentOf(first, second, value("power")), kNoShare};
    }
};

class Uniformity : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;
    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        return {uniformityOf(embeddings, value("sharpness")), kNoShare};
    }
};

class AlignUniform : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;
    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        const auto [first, second] = viewsOf(embeddings);
        const double sharpness = value("sharpness");
        const torch::Tensor uniform = (uniformityOf(first, sharpness) + uniformityOf(second, sharpness)) / 2;
        return {alignmentOf(first, second, value("power")) + value("uniformity") * uniform, kNoShare};
    }
};

LossRow rowOf(std::string id, std::string label, std::string help, std::string formula) {
    return {{.id = std::move(id),
             .label = std::move(label),
             .group = "Two views",
             .help = std::move(help),
             .formula = std::move(formula),
             .source = "Wang, Isola, ICML 2020",
             .parameters = {},
             .grouping = Grouping::Batch},
            nullptr};
}

Parameter power() {
    return liveParameter("power", "Power", 1, 4, 0.5, 2, "Higher: far views are pulled harder than near ones.");
}

Parameter sharpness() {
    return liveParameter("sharpness", "Sharpness t", 0.1, 10, 0.1, 2,
                         "Higher: only near points push each other. Lower: the whole cloud spreads.");
}

}  // namespace

LossRow alignment() {
    LossRow row = rowOf("alignment", "Alignment", "Pulls the views of an image together, and nothing else.",
                        "L = mean ‖x - x'‖^α on the sphere");
    row.entry.parameters = {power()};
    row.make = makeOf<Alignment>;
    return row;
}

LossRow uniformity() {
    LossRow row = rowOf("uniformity", "Uniformity", "Spreads all points evenly over the sphere, and nothing else.",
                        "L = log mean_i<j exp(-t‖xi-xj‖²) on the sphere");
    row.entry.parameters = {sharpness()};
    row.make = makeOf<Uniformity>;
    return row;
}

LossRow alignUniform() {
    LossRow row = rowOf("align_uniform", "Alignment and uniformity",
                        "Views of an image come together while all points spread evenly over the sphere.",
                        "L = mean ‖x - x'‖^α + λ·(uniformity of both views)/2");
    row.entry.parameters = {power(), sharpness(),
                            liveParameter("uniformity", "Uniformity λ", 0, 10, 0.1, 1,
                                          "Higher: spread counts more than agreement of the views.")};
    row.make = makeOf<AlignUniform>;
    return row;
}

}  // namespace embedscope
