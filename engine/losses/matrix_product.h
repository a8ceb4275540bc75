#pragma once

#include <torch/types.h>

namespace embedscope {

/// a·b without a gradient. Debian's LibTorch multiplies float matrices with the reference BLAS, at a hundredth of the
/// processor's speed and on one thread; on the CPU this is several to fifty times faster.
/// @param a [M, K]. @param b [K, N]; both float or double, any strides.
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& b);

/// a·bᵀ with gradients of both. @param a [M, D]. @param b [N, D]. @return [M, N]
torch::Tensor rowProducts(const torch::Tensor& a, const torch::Tensor& b);

/// rows·rowsᵀ with a gradient, symmetric to the bit. @param rows [B, D]. @return [B, B]
torch::Tensor rowProducts(const torch::Tensor& rows);

/// matrix + matrixᵀ without a gradient. @param matrix [B, B]
torch::Tensor plusTransposed(const torch::Tensor& matrix);

/// matrix / roots, and 0 where a root is 0, without a gradient. @param roots Of the matrix's size.
torch::Tensor overRoots(const torch::Tensor& matrix, const torch::Tensor& roots);

/// (matrix + matrixᵀ) / (2 roots), and 0 where a root is 0. @param roots [B, B], symmetric.
torch::Tensor plusTransposedOverRoots(const torch::Tensor& matrix, const torch::Tensor& roots);

}  // namespace embedscope
