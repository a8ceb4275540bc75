#include "engine/losses/matrix_product.h"

#include "engine/losses/product_kernel.h"

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

/// So many steps of the sums at once keep a tile in the first cache.
constexpr std::int64_t kDepth = 256;
/// Multiplications that are worth a thread.
constexpr std::int64_t kWorthAThread = 1 << 20;

/// A matrix whose element (i, j) is at data[i * row + j * column].
template <typename Scalar>
struct View {
    const Scalar* data;
    std::int64_t rows, columns, row, column;

    explicit View(const torch::Tensor& matrix)
        : data(matrix.data_ptr<Scalar>()),
          rows(matrix.size(0)),
          columns(matrix.size(1)),
          row(matrix.stride(0)),
          column(matrix.stride(1)) {}
    Scalar at(std::int64_t i, std::int64_t j) const { return data[i * row + j * column]; }
};

std::int64_t countOf(std::int64_t whole, std::int64_t part) {
    return (whole + part - 1) / part;
}

/// The rows [from, from + depth) of `b` in tiles, see product_kernel.h; what is beyond its columns is zero.
template <typename Scalar>
void packTiles(const View<Scalar>& b, std::int64_t from, std::int64_t depth, Scalar* tiles) {
    constexpr std::int64_t kColumns = kTileColumns<Scalar>;
    at::parallel_for(0, countOf(b.columns, kColumns), countOf(1 << 15, depth * kColumns), [&](auto begin, auto end) {
        for (std::int64_t tile = begin; tile < end; ++tile) {
            const std::int64_t first = tile * kColumns, width = std::min(kColumns, b.columns - first);
            Scalar* out = tiles + tile * depth * kColumns;
            if (width < kColumns) std::fill_n(out, depth * kColumns, Scalar(0));
            // The inner loop goes along the lines of memory.
            if (b.column == 1) {
                for (std::int64_t k = 0; k < depth; ++k)
                    std::copy_n(&b.data[(from + k) * b.row + first], width, out + k * kColumns);
            } else {
                for (std::int64_t c = 0; c < width; ++c)
                    for (std::int64_t k = 0; k < depth; ++k) out[k * kColumns + c] = b.at(from + k, first + c);
            }
        }
    });
}

template <typename Scalar>
void packPanel(const View<Scalar>& a, std::int64_t first, std::int64_t rows, std::int64_t from, std::int64_t depth,
               Scalar* panel) {
    for (std::int64_t r = 0; r < kPanelRows; ++r)
        for (std::int64_t k = 0; k < depth; ++k)
            panel[k * kPanelRows + r] = r < rows ? a.at(first + r, from + k) : Scalar(0);
}

template <typename Scalar>
void multiply(const torch::Tensor& left, const torch::Tensor& right, torch::Tensor& result) {
    const View<Scalar> a(left), b(right);
    auto* out = result.data_ptr<Scalar>();
    const std::int64_t tileCount = countOf(b.columns, kTileColumns<Scalar>);
    // torch aligns its storage to 64 bytes.
    torch::Tensor tiles = at::empty({tileCount, std::min(kDepth, a.columns), kTileColumns<Scalar>}, left.options());
    for (std::int64_t from = 0; from < a.columns; from += kDepth) {
        const std::int64_t depth = std::min(kDepth, a.columns - from);
        packTiles(b, from, depth, tiles.data_ptr<Scalar>());
        const std::int64_t grain = std::max<std::int64_t>(1, kWorthAThread / (kPanelRows * depth * b.columns));
        at::parallel_for(0, countOf(a.rows, kPanelRows), grain, [&](std::int64_t begin, std::int64_t end) {
            std::vector<Scalar> panel(kPanelRows * depth);
            for (std::int64_t each = begin; each < end; ++each) {
                const std::int64_t first = each * kPanelRows, rows = std::min(kPanelRows, a.rows - first);
                packPanel(a, first, rows, from, depth, panel.data());
                multiplyPanel({rows, b.columns, depth, b.columns, from > 0}, panel.data(), tiles.data_ptr<Scalar>(),
                              out + first * b.columns);
            }
        });
    }
}

struct RowProducts : torch::autograd::Function<RowProducts> {
    static Variable forward(AutogradContext* context, const Variable& a, const Variable& b) {
        context->save_for_backward({a, b});
        return product(a, b.t());
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        return {product(gradients[0], saved[1]), product(gradients[0].t(), saved[0])};
    }
};

struct OwnRowProducts : torch::autograd::Function<OwnRowProducts> {
    static Variable forward(AutogradContext* context, const Variable& rows) {
        context->save_for_backward({rows});
        return product(rows, rows.t());
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        return {product(plusTransposed(gradients[0]), context->get_saved_variables()[0])};
    }
};

/// @param finish What becomes of a sum, by its place.
template <typename Scalar, typename Finish>
void addTransposed(const View<Scalar>& in, Scalar* out, const Finish& finish) {
    constexpr std::int64_t kBlock = 32;  // two blocks of lines fit into the first cache
    const std::int64_t size = in.rows, blocks = countOf(size, kBlock);
    at::parallel_for(0, blocks, countOf(1 << 15, kBlock * size), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t each = begin * blocks; each < end * blocks; ++each) {
            const std::int64_t top = each / blocks * kBlock, left = each % blocks * kBlock;
            const std::int64_t bottom = std::min(top + kBlock, size), right = std::min(left + kBlock, size);
            for (std::int64_t i = top; i < bottom; ++i)
                for (std::int64_t j = left; j < right; ++j)
                    out[i * size + j] = finish(in.at(i, j) + in.at(j, i), i * size + j);
        }
    });
}

}  // namespace

torch::Tensor product(const torch::Tensor& a, const torch::Tensor& b) {
    if (!a.device().is_cpu()) return at::matmul(a.detach(), b.detach());
    torch::Tensor result = at::empty({a.size(0), b.size(1)}, a.options().requires_grad(false));
    if (a.size(1) == 0) return result.zero_();
    AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "product", [&] { multiply<scalar_t>(a, b, result); });
    return result;
}

torch::Tensor rowProducts(const torch::Tensor& a, const torch::Tensor& b) {
    return RowProducts::apply(a, b);
}

torch::Tensor rowProducts(const torch::Tensor& rows) {
    return OwnRowProducts::apply(rows);
}

torch::Tensor plusTransposed(const torch::Tensor& matrix) {
    if (!matrix.device().is_cpu()) return matrix + matrix.t();
    torch::Tensor sum = at::empty(matrix.sizes(), matrix.options().requires_grad(false));
    AT_DISPATCH_FLOATING_TYPES(matrix.scalar_type(), "plusTransposed", [&] {
        addTransposed(View<scalar_t>(matrix), sum.data_ptr<scalar_t>(), [](scalar_t value, auto) { return value; });
    });
    return sum;
}

torch::Tensor overRoots(const torch::Tensor& matrix, const torch::Tensor& roots) {
    if (!matrix.device().is_cpu()) return (matrix / roots).masked_fill_(roots == 0, 0);
    const torch::Tensor from = matrix.contiguous();
    torch::Tensor quotient = at::empty(matrix.sizes(), matrix.options().requires_grad(false));
    AT_DISPATCH_FLOATING_TYPES(matrix.scalar_type(), "overRoots", [&] {
        const auto *values = from.data_ptr<scalar_t>(), *root = roots.data_ptr<scalar_t>();
        auto* out = quotient.data_ptr<scalar_t>();
        at::parallel_for(0, from.numel(), 1 << 15, [=](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) out[i] = root[i] > 0 ? values[i] / root[i] : 0;
        });
    });
    return quotient;
}

torch::Tensor plusTransposedOverRoots(const torch::Tensor& matrix, const torch::Tensor& roots) {
    if (!matrix.device().is_cpu()) return (plusTransposed(matrix) / (2 * roots)).masked_fill_(roots == 0, 0);
    torch::Tensor sum = at::empty(matrix.sizes(), matrix.options().requires_grad(false));
    AT_DISPATCH_FLOATING_TYPES(matrix.scalar_type(), "plusTransposedOverRoots", [&] {
        const auto* root = roots.data_ptr<scalar_t>();
        addTransposed(View<scalar_t>(matrix), sum.data_ptr<scalar_t>(), [root](scalar_t value, std::int64_t place) {
            return root[place] > 0 ? value / (2 * root[place]) : 0;
        });
    });
    return sum;
}

}  // namespace embedscope
