#include "engine/losses/precomputed.h"

#include <torch/csrc/autograd/custom_function.h>

namespace embedscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

struct Precomputed : torch::autograd::Function<Precomputed> {
    static Variable forward(AutogradContext* context, const Variable& input, double value,
                            const torch::Tensor& gradient) {
        context->save_for_backward({gradient});
        return torch::full({}, value, input.options().requires_grad(false));
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const Variable gradient = context->get_saved_variables()[0];
        // A loss that is no part of a sum: a pass over the matrix saved. Elsewhere than on the CPU asking would wait.
        if (gradients[0].is_cpu() && gradients[0].item<double>() == 1) return {gradient, {}, {}};
        return {gradient * gradients[0], {}, {}};
    }
};

}  // namespace

torch::Tensor precomputed(const torch::Tensor& input, double value, const torch::Tensor& gradient) {
    return Precomputed::apply(input, value, gradient.to(input.device()));
}

}  // namespace embedscope
