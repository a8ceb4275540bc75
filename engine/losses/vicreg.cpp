// VICReg: A. Bardes, J. Ponce, Y. LeCun, ICLR 2022 (2105.04906). Barlow Twins: J. Zbontar et al., ICML 2021
// (2103.03230).
#include "engine/losses/matrix_product.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/two_view_table.h"

#include <limits>

namespace embedscope {
namespace {

constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();

/// Sum of the squares beside the diagonal.
torch::Tensor offDiagonal(const torch::Tensor& matrix) {
    return matrix.square().sum() - matrix.diagonal().square().sum();
}

class VicReg : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        const auto [first, second] = viewsOf(embeddings);
        const torch::Tensor invariance = (first - second).square().mean();
        return {value("invariance") * invariance + spread(first) + spread(second), kNoShare};
    }

private:
    /// Half the hinge on the standard deviation of each dimension, and the covariance between dimensions, of one view.
    torch::Tensor spread(const torch::Tensor& rows) const {
        constexpr double kFloor = 1e-4;
        const torch::Tensor centred = rows - rows.mean(0, true);
        const torch::Tensor covariance =
            rowProducts(centred.t()) / static_cast<double>(std::max<std::int64_t>(rows.size(0) - 1, 1));
        const torch::Tensor variance = (1 - (covariance.diagonal() + kFloor).sqrt()).relu().mean() / 2;
        return value("variance") * variance +
               value("covariance") * offDiagonal(covariance) / static_cast<double>(rows.size(1));
    }
};

class BarlowTwins : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor&, const Tuples&) override {
        const auto [first, second] = viewsOf(embeddings);
        const torch::Tensor correlation =
            rowProducts(standardized(first).t(), standardized(second).t()) / static_cast<double>(first.size(0));
        const torch::Tensor own = (correlation.diagonal() - 1).square().sum();
        return {own + value("redundancy") * offDiagonal(correlation), kNoShare};
    }

private:
    static torch::Tensor standardized(const torch::Tensor& rows) {
        const torch::Tensor centred = rows - rows.mean(0, true);
        return centred / (centred.square().mean(0, true) + 1e-5).sqrt();
    }
};

Parameter weight(std::string id, std::string label, double standard, std::string help) {
    return liveParameter(std::move(id), std::move(label), 0, 100, 1, standard, std::move(help));
}

}  // namespace

LossRow vicReg() {
    return {
        {.id = "vicreg",
         .label = "VICReg",
         .group = "Two views",
         .help = "Views of an image come together while every dimension keeps its spread and says something new; no "
                 "negatives needed.",
         .formula = "L = λ·mean(a-b)² + μ·½Σ_views mean_j max(0, 1-σ_j) + ν·Σ_views Σ_i≠j cov_ij²/D",
         .source = "Bardes, Ponce, LeCun, ICLR 2022",
         .parameters = {weight("invariance", "Invariance λ", 25, "Higher: views of an image lie nearer together."),
                        weight("variance", "Variance μ", 25, "Higher: the cloud resists shrinking to a point."),
                        weight("covariance", "Covariance ν", 1, "Higher: dimensions carry different things.")},
         .grouping = Grouping::Batch},
        makeOf<VicReg>};
}

LossRow barlowTwins() {
    return {{.id = "barlow_twins",
             .label = "Barlow Twins",
             .group = "Two views",
             .help = "Each dimension agrees between the views and differs from every other dimension; no negatives "
                     "needed.",
             .formula = "L = Σ_i (1-c_ii)² + λ Σ_i≠j c_ij², c the cross-correlation of the views",
             .source = "Zbontar et al., ICML 2021",
             .parameters = {liveParameter("redundancy", "Redundancy λ", 0, 1, 0.001, 0.005,
                                          "Higher: dimensions are made more different from each other.")},
             .grouping = Grouping::Batch},
            makeOf<BarlowTwins>};
}

}  // namespace embedscope
