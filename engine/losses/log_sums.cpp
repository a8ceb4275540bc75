#include "engine/losses/log_sums.h"

#include "engine/losses/softmax_kernel.h"

#include <ATen/Dispatch.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace embedscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

/// Rows that are worth a thread.
std::int64_t grainOf(std::int64_t columns) {
    return std::max<std::int64_t>(1, (1 << 14) / std::max<std::int64_t>(columns, 1));
}

template <typename Scalar>
void logSums(const torch::Tensor& values, const torch::Tensor& mask, torch::Tensor& sums, torch::Tensor& shares) {
    const auto* in = values.data_ptr<Scalar>();
    const bool* marks = mask.data_ptr<bool>();
    auto* out = sums.data_ptr<Scalar>();
    auto* parts = shares.data_ptr<Scalar>();
    const std::int64_t columns = values.size(1);
    at::parallel_for(0, values.size(0), grainOf(columns), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            out[i] = logSumOfRow(in + i * columns, marks + i * columns, columns, parts + i * columns);
    });
}

/// The slope of a log-sum is the share of each entry in it, and is kept from the way forward.
struct LogSumExp : torch::autograd::Function<LogSumExp> {
    static Variable forward(AutogradContext* context, const Variable& values, const torch::Tensor& mask) {
        const torch::Tensor rows = values.contiguous(), marks = mask.contiguous();
        torch::Tensor sums = at::empty({rows.size(0)}, rows.options().requires_grad(false));
        torch::Tensor shares = at::empty_like(rows);
        AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "logSumExp",
                                   [&] { logSums<scalar_t>(rows, marks, sums, shares); });
        context->save_for_backward({shares});
        return sums;
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        return {context->get_saved_variables()[0] * gradients[0].unsqueeze(1), {}};
    }
};

struct MarkedSum : torch::autograd::Function<MarkedSum> {
    static Variable forward(AutogradContext* context, const Variable& values, const torch::Tensor& mask) {
        const torch::Tensor rows = values.contiguous(), marks = mask.contiguous();
        torch::Tensor sums = at::empty({rows.size(0)}, rows.options().requires_grad(false));
        AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "markedSum", [&] {
            const auto* in = rows.data_ptr<scalar_t>();
            const std::int64_t columns = rows.size(1);
            for (std::int64_t i = 0; i < rows.size(0); ++i)
                sums.data_ptr<scalar_t>()[i] =
                    sumOfMarked(in + i * columns, marks.data_ptr<bool>() + i * columns, columns);
        });
        context->save_for_backward({marks});
        return sums;
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        return {context->get_saved_variables()[0] * gradients[0].unsqueeze(1), {}};
    }
};

}  // namespace

torch::Tensor logSumExp(const torch::Tensor& values, const torch::Tensor& mask) {
    if (values.device().is_cpu()) return LogSumExp::apply(values, mask);
    return values.masked_fill(mask.logical_not(), kNoLogSum).logsumexp(1);
}

torch::Tensor markedMean(const torch::Tensor& values, const torch::Tensor& mask) {
    const torch::Tensor factors = mask.sum(1).clamp_min(1).to(values.scalar_type()).reciprocal();
    if (values.device().is_cpu()) return MarkedSum::apply(values, mask) * factors;
    return (values * mask).sum(1) * factors;
}

torch::Tensor softPlus(const torch::Tensor& values) {
    return torch::softplus(values, 1, 50);
}

torch::Tensor weightedMean(const torch::Tensor& terms, const torch::Tensor& weights) {
    return (terms * weights).sum() / weights.sum().clamp_min(1);
}

torch::Tensor average(const torch::Tensor& terms, const torch::Tensor& mask, bool aboveZeroOnly) {
    const torch::Tensor counted = aboveZeroOnly ? mask.logical_and(terms.detach() > 0) : mask;
    return weightedMean(terms, counted.to(terms.scalar_type()));
}

PairMasks pairMasks(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) {
    torch::Tensor labelled = labels >= 0;
    if (tuples.anchors >= 0) labelled.slice(0, tuples.anchors).fill_(false);
    if (tuples.kind == Tuples::Kind::Masks) return {tuples.similar, tuples.dissimilar, labelled};
    if (tuples.kind == Tuples::Kind::All) {
        const torch::NoGradGuard noGradient;
        const torch::Tensor both = labelled.unsqueeze(0).logical_and(labelled.unsqueeze(1));
        const torch::Tensor same = labels.unsqueeze(0) == labels.unsqueeze(1);
        return {same.logical_and(both).fill_diagonal_(false), both.logical_and(same.logical_not()), labelled};
    }
    const PairWeights weights = pairWeights(embeddings, labels, tuples);
    return {weights.similar > 0, weights.dissimilar > 0, labelled};
}

}  // namespace embedscope
