#pragma once

#include "engine/run_state.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace embedscope {

/// A tensor of somebody else's memory.
struct TensorView {
    std::string name;
    ElementType type = ElementType::Float32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

/// What a safetensors file holds.
struct SafeTensors {
    std::map<std::string, std::string> metadata;
    std::vector<TypedTensor> tensors;
};

/// Whether a file must be there after a power cut.
enum class Lasting { Yes, No };

/// In full or not at all. @throws std::runtime_error naming the file if it cannot be written.
void writeSafeTensors(const std::filesystem::path& file, const std::map<std::string, std::string>& metadata,
                      const std::vector<TensorView>& tensors, Lasting lasting = Lasting::Yes);

/// Nothing is allocated before the header agrees with the size of the file. @param kind e.g. "saved weights".
/// @throws std::runtime_error naming the file and what is wrong with it.
SafeTensors readSafeTensors(const std::filesystem::path& file, const std::string& kind);

/// What it says beside its tensors, which are not read. @throws as readSafeTensors().
std::map<std::string, std::string> readSafeTensorsMetadata(const std::filesystem::path& file, const std::string& kind);

[[noreturn]] void failReading(const std::filesystem::path& file, const std::string& kind, const std::string& reason);

}  // namespace embedscope
