#pragma once

#include <torch/script.h>

#include <filesystem>

namespace embedscope {

/// The linear layer that stands behind a user's network whose width is not the embedding dimension.
inline constexpr const char* kTorchScriptProjection = "embedscope_projection";

/// With all its floating-point tensors as float. @throws std::runtime_error naming the file and the cure.
torch::jit::Module loadTorchScript(const std::filesystem::path& file, torch::Device device);

}  // namespace embedscope
