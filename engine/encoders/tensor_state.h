#pragma once

#include "engine/encoders/encoder.h"
#include "engine/run_state.h"

#include <torch/types.h>

#include <string>
#include <vector>

namespace embedscope {

/// A copy of the numbers, row-major whatever the tensor's memory layout is.
/// @param tensor Of float, double, int32, int64 or uint8.
void save(const StateWriter& state, const std::string& name, const torch::Tensor& tensor);
/// Puts the saved numbers into `tensor`, whose layout stays. @throws std::runtime_error for another shape or type.
void load(const StateReader& state, const std::string& name, const torch::Tensor& tensor);
/// A new tensor on the CPU.
torch::Tensor loaded(const StateReader& state, const std::string& name);

/// Each under its number: "name.0", "name.1" …
void save(const StateWriter& state, const std::string& name, const std::vector<torch::Tensor>& tensors);
void load(const StateReader& state, const std::string& name, const std::vector<torch::Tensor>& tensors);

/// Weights and running statistics by their own names.
void save(const StateWriter& state, const Encoder& encoder);
void load(const StateReader& state, const Encoder& encoder);

}  // namespace embedscope
