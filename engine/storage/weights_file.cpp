#include "engine/encoder_weights.h"
#include "engine/storage/safetensors.h"

#include <nlohmann/json.hpp>

#include <cstring>
#include <span>
#include <utility>

namespace embedscope {
namespace {

const std::string kKind = "saved weights";

}  // namespace

void writeWeights(const std::filesystem::path& file, const EncoderWeights& weights) {
    std::map<std::string, std::string> metadata{{"program", "embedscope"}, {"encoder", weights.encoder.id}};
    for (const auto& [id, value] : weights.encoder.parameters) metadata["encoder." + id] = nlohmann::json(value).dump();
    std::vector<TensorView> views;
    for (const NamedValues& tensor : weights.tensors)
        views.push_back({tensor.name, ElementType::Float32, tensor.shape, std::as_bytes(std::span(tensor.values))});
    writeSafeTensors(file, metadata, views);
}

EncoderWeights readWeights(const std::filesystem::path& file) {
    SafeTensors read = readSafeTensors(file, kKind);
    EncoderWeights weights;
    weights.encoder.id = read.metadata["encoder"];
    for (TypedTensor& tensor : read.tensors) {
        if (tensor.type != ElementType::Float32)
            failReading(file, kKind, "its tensor \"" + tensor.name + "\" is not of float32; save it as F32.");
        NamedValues named{std::move(tensor.name), std::move(tensor.shape),
                          std::vector<float>(tensor.bytes.size() / sizeof(float))};
        if (!tensor.bytes.empty()) std::memcpy(named.values.data(), tensor.bytes.data(), tensor.bytes.size());
        tensor.bytes = {};
        weights.tensors.push_back(std::move(named));
    }
    return weights;
}

}  // namespace embedscope
