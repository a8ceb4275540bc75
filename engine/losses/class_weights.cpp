#include "engine/losses/class_weights.h"

#include "engine/losses/distances.h"
#include "engine/losses/matrix_product.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>

#include <limits>
#include <stdexcept>

namespace embedscope {
namespace {

torch::Tensor drawn(const LossSetting& setting, std::int64_t rows) {
    if (setting.classes < 1)
        throw std::invalid_argument(
            "This loss learns a vector for each class, but the data have no labels; choose a folder with classes or "
            "another loss.");
    at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(setting.seed);
    return torch::randn({rows, setting.dimension}, generator).to(setting.device).requires_grad_(true);
}

}  // namespace

ClassWeights::ClassWeights(const LossOrder& order, std::int64_t each)
    : ParameterLoss(order), classes_(order.setting.classes), vectors_(drawn(order.setting, classes_ * each)) {}

std::optional<Proxies> ClassWeights::proxies() const {
    const torch::NoGradGuard noGradient;
    Proxies found{normalizedRows(vectors_.detach()), {}};
    const std::int64_t each = vectors_.size(0) / classes_;
    for (std::int64_t row = 0; row < vectors_.size(0); ++row) found.classes.push_back(row / each);
    return found;
}

LossValue ClassWeights::evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples&) {
    constexpr double kNoShare = std::numeric_limits<double>::quiet_NaN();
    const torch::Tensor chosen = (labels >= 0).nonzero().squeeze(1);
    if (chosen.size(0) == 0) return {embeddings.sum() * 0 + vectors_.sum() * 0, kNoShare};
    const torch::Tensor rows = embeddings.index_select(0, chosen);
    return {ofCosines(rowProducts(normalizedRows(rows), normalizedRows(vectors_)), labels.index_select(0, chosen)),
            kNoShare};
}

}  // namespace embedscope
