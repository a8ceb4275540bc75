#pragma once

namespace embedscope {

/// Numbers of an attention head of the vision transformer.
inline constexpr int kVitHeadWidth = 64;
/// Added to the variance in its LayerNorms.
inline constexpr double kVitNormEpsilon = 1e-6;

}  // namespace embedscope
