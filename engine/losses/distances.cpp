#include "engine/losses/distances.h"

#include "engine/losses/matrix_product.h"
#include "engine/losses/product_kernel.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

namespace embedscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

/// Below this share of |x|² + |y|² the product form has lost more than half of its digits.
constexpr double kCancels = 1e-2;

template <typename Scalar>
Scalar directSquare(const Scalar* x, const Scalar* y, std::int64_t dimension) {
    Scalar sum = 0;
    for (std::int64_t k = 0; k < dimension; ++k) sum += (x[k] - y[k]) * (x[k] - y[k]);
    return sum;
}

/// Turns the products x·y in `matrix` into squared distances, symmetric to the bit.
template <typename Scalar>
void squaresFromProducts(const Scalar* rows, Scalar* matrix, std::int64_t count, std::int64_t dimension) {
    std::vector<Scalar> norm(count);
    for (std::int64_t i = 0; i < count; ++i) norm[i] = matrix[i * count + i];
    at::parallel_for(0, count, std::max<std::int64_t>(1, (1 << 15) / count), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            Scalar* line = matrix + i * count;
            const bool lost = squaresOfRow(norm[i], norm.data(), count, Scalar(kCancels), line);
            line[i] = 0;
            if (!lost) continue;
            for (std::int64_t j = 0; j < count; ++j)
                if (j != i && line[j] < Scalar(kCancels) * (norm[i] + norm[j]))
                    line[j] = directSquare(rows + i * dimension, rows + j * dimension, dimension);
        }
    });
}

torch::Tensor squaresOnAnyDevice(const torch::Tensor& rows) {
    const torch::Tensor norm = rows.square().sum(1);
    const torch::Tensor fast = norm.unsqueeze(0) + norm.unsqueeze(1) - 2 * rows.matmul(rows.t());
    return fast.clamp_min(0).fill_diagonal_(0);
}

torch::Tensor squares(const torch::Tensor& rows) {
    if (!rows.device().is_cpu()) return squaresOnAnyDevice(rows);
    const torch::Tensor contiguous = rows.contiguous();
    torch::Tensor matrix = product(contiguous, contiguous.t());
    AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "squaredDistances", [&] {
        squaresFromProducts(contiguous.data_ptr<scalar_t>(), matrix.data_ptr<scalar_t>(), rows.size(0), rows.size(1));
    });
    return matrix;
}

/// d|xi - xj|² = 2 (xi - xj): summed over j, one matrix product.
/// @param both How the loss changes with the squares, plus its transposed.
torch::Tensor gradientOfSquares(const torch::Tensor& both, const torch::Tensor& rows) {
    return 2 * (both.sum(1, true) * rows - product(both, rows));
}

struct SquaredDistances : torch::autograd::Function<SquaredDistances> {
    static Variable forward(AutogradContext* context, const Variable& rows, bool symmetric) {
        context->save_for_backward({rows});
        context->saved_data["symmetric"] = symmetric;
        return squares(rows);
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const Variable rows = context->get_saved_variables()[0];
        if (context->saved_data["symmetric"].toBool()) return {2 * gradientOfSquares(gradients[0], rows), {}};
        return {gradientOfSquares(plusTransposed(gradients[0]), rows), {}};
    }
};

/// The root in the same step: one matrix less to keep, a pass less each way.
struct Distances : torch::autograd::Function<Distances> {
    static Variable forward(AutogradContext* context, const Variable& rows, bool symmetric) {
        const torch::Tensor roots = squares(rows).sqrt_();
        context->save_for_backward({rows, roots});
        context->saved_data["symmetric"] = symmetric;
        return roots;
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const torch::Tensor ofSquares = context->saved_data["symmetric"].toBool()
                                            ? overRoots(gradients[0], saved[1])
                                            : plusTransposedOverRoots(gradients[0], saved[1]);
        return {gradientOfSquares(ofSquares, saved[0]), {}};
    }
};

/// Square root with slope 0 at 0, where the true one is infinite.
struct SafeRoot : torch::autograd::Function<SafeRoot> {
    static Variable forward(AutogradContext* context, const Variable& squares) {
        const torch::Tensor roots = squares.sqrt();
        context->save_for_backward({roots});
        return roots;
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const Variable roots = context->get_saved_variables()[0];
        return {(gradients[0] / (2 * roots)).masked_fill_(roots == 0, 0)};
    }
};

}  // namespace

torch::Tensor squaredDistances(const torch::Tensor& rows, Slope slope) {
    return SquaredDistances::apply(rows, slope == Slope::Symmetric);
}

torch::Tensor distances(const torch::Tensor& rows, Slope slope) {
    return Distances::apply(rows, slope == Slope::Symmetric);
}

torch::Tensor safeRoot(const torch::Tensor& squares) {
    return SafeRoot::apply(squares);
}

torch::Tensor normalizedRows(const torch::Tensor& rows) {
    return rows / rows.norm(2, {1}, true).clamp_min(1e-12);
}

}  // namespace embedscope
