#include "engine/losses/soft_histogram.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

namespace embedscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

/// Calls use(row, column, lower bin, share of the upper bin) for each marked value.
template <typename Scalar, typename Use>
void forMarked(const torch::Tensor& values, const torch::Tensor& mask, double delta, Use use) {
    const std::int64_t columns = values.size(1);
    const Scalar* value = values.data_ptr<Scalar>();
    const bool* marked = mask.data_ptr<bool>();
    at::parallel_for(0, values.size(0), 8, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin * columns; i < end * columns; ++i) {
            if (!marked[i]) continue;
            const Scalar place = value[i] / static_cast<Scalar>(delta);
            const Scalar lower = std::floor(place);
            use(i / columns, i % columns, static_cast<std::int64_t>(lower), place - lower);
        }
    });
}

struct SoftHistogram : torch::autograd::Function<SoftHistogram> {
    static Variable forward(AutogradContext* context, const Variable& input, const torch::Tensor& mask,
                            std::int64_t bins, double delta) {
        const torch::Tensor values = input.detach().cpu().contiguous(), marked = mask.cpu().contiguous();
        context->save_for_backward({values, marked});
        context->saved_data["bins"] = bins;
        context->saved_data["delta"] = delta;
        torch::Tensor result = torch::zeros({values.size(0), bins + 1}, values.options());
        AT_DISPATCH_FLOATING_TYPES(values.scalar_type(), "softHistogram", [&] {
            scalar_t* counts = result.data_ptr<scalar_t>();
            forMarked<scalar_t>(values, marked, delta,
                                [=](std::int64_t row, std::int64_t, std::int64_t lower, scalar_t share) {
                                    scalar_t* line = counts + row * (bins + 1);
                                    if (lower >= 0 && lower <= bins) line[lower] += 1 - share;
                                    if (lower >= -1 && lower < bins) line[lower + 1] += share;
                                });
        });
        return result.to(input.device());
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const std::int64_t bins = context->saved_data["bins"].toInt(), columns = saved[0].size(1);
        const double delta = context->saved_data["delta"].toDouble();
        const torch::Tensor ofBins = gradients[0].cpu().contiguous();
        torch::Tensor result = torch::zeros_like(saved[0]);
        AT_DISPATCH_FLOATING_TYPES(result.scalar_type(), "softHistogram", [&] {
            const scalar_t* ofBin = ofBins.data_ptr<scalar_t>();
            scalar_t* ofValue = result.data_ptr<scalar_t>();
            forMarked<scalar_t>(saved[0], saved[1], delta,
                                [=](std::int64_t row, std::int64_t column, std::int64_t lower, scalar_t share) {
                                    const scalar_t* line = ofBin + row * (bins + 1);
                                    const bool onCentre =
                                        share == 0;  // there the triangle has its kink, and |x| slope 0
                                    scalar_t slope = 0;
                                    if (!onCentre && lower >= 0 && lower <= bins) slope -= line[lower];
                                    if (!onCentre && lower >= -1 && lower < bins) slope += line[lower + 1];
                                    ofValue[row * columns + column] = slope / static_cast<scalar_t>(delta);
                                });
        });
        return {result.to(gradients[0].device()), {}, {}, {}};
    }
};

}  // namespace

torch::Tensor softHistogram(const torch::Tensor& values, const torch::Tensor& mask, std::int64_t bins, double upTo) {
    return SoftHistogram::apply(values, mask, bins, upTo / static_cast<double>(bins));
}

}  // namespace embedscope
