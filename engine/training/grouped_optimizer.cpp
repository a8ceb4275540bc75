#include "engine/training/grouped_optimizer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

/// Elements moved at once: its weight, gradient and state stay in the second-level cache.
constexpr std::int64_t kSlice = 1 << 14;

struct Slice {
    const Move* move;
    std::int64_t first, count;
};

bool canBeFused(const Move& move) {
    const torch::Tensor& weight = move.weight;
    const auto type = weight.scalar_type();
    return weight.device().is_cpu() && weight.is_non_overlapping_and_dense() &&
           (type == torch::kFloat || type == torch::kDouble) && move.gradient.scalar_type() == type &&
           move.gradient.strides() == weight.strides();
}

torch::Tensor inLayoutOf(const torch::Tensor& weight, const torch::Tensor& gradient) {
    if (gradient.strides() == weight.strides()) return gradient;
    return torch::empty_like(weight).copy_(gradient);
}

}  // namespace

GroupedOptimizer::GroupedOptimizer(std::vector<WeightGroup> groups, Update update, const CatalogEntry& row,
                                   const ParameterValues& values)
    : groups_(std::move(groups)),
      update_(update),
      weightDecay_(valueOf(row, values, "weight_decay")),
      lossRateFactor_(valueOf(row, values, "loss_rate_factor")) {}

void GroupedOptimizer::step(double learningRate) {
    const at::NoGradGuard noGradient;
    const std::vector<Move> all = moves(learningRate);
    begin(all);
    if (update_ == Update::Fused && std::ranges::all_of(all, canBeFused)) {
        moveFused(all);
        return;
    }
    for (const Move& move : all) moveTensor(move);
}

std::vector<Move> GroupedOptimizer::moves(double learningRate) const {
    std::vector<Move> all;
    std::size_t slot = 0;
    for (const WeightGroup& group : groups_) {
        const double rate = group.ofLoss ? learningRate * lossRateFactor_ : learningRate;
        for (const torch::Tensor& weight : group.weights) {
            if (weight.grad().defined())
                all.push_back(
                    {slot, weight.detach(), inLayoutOf(weight, weight.grad()), rate, group.ofLoss ? 0 : weightDecay_});
            ++slot;
        }
    }
    return all;
}

/// One parallel pass over all weights, small ones among them: sixty calls of their own would cost more than the work.
void GroupedOptimizer::moveFused(const std::vector<Move>& moves) {
    std::vector<Slice> slices;
    for (const Move& move : moves)
        for (std::int64_t first = 0; first < move.weight.numel(); first += kSlice)
            slices.push_back({&move, first, std::min(kSlice, move.weight.numel() - first)});
    at::parallel_for(0, static_cast<std::int64_t>(slices.size()), 4, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) moveSlice(*slices[i].move, slices[i].first, slices[i].count);
    });
}

std::vector<torch::Tensor> GroupedOptimizer::zeros() const {
    std::vector<torch::Tensor> all;
    for (const WeightGroup& group : groups_)
        for (const torch::Tensor& weight : group.weights) all.push_back(torch::zeros_like(weight.detach()));
    return all;
}

}  // namespace embedscope
