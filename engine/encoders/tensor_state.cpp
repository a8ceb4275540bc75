#include "engine/encoders/tensor_state.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <cstring>
#include <span>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr std::pair<ElementType, at::ScalarType> kTypes[] = {{ElementType::Float32, torch::kFloat},
                                                             {ElementType::Float64, torch::kDouble},
                                                             {ElementType::Int32, torch::kInt},
                                                             {ElementType::Int64, torch::kLong},
                                                             {ElementType::UInt8, torch::kByte}};

ElementType typeOf(const torch::Tensor& tensor) {
    for (const auto& [ours, torchs] : kTypes)
        if (torchs == tensor.scalar_type()) return ours;
    throw std::logic_error(std::string("A tensor of type ") + c10::toString(tensor.scalar_type()) +
                           " cannot be saved.");
}

at::ScalarType torchTypeOf(ElementType type) {
    for (const auto& [ours, torchs] : kTypes)
        if (ours == type) return torchs;
    throw std::logic_error("An element type is unknown to the tensor library.");
}

}  // namespace

void save(const StateWriter& state, const std::string& name, const torch::Tensor& tensor) {
    const torch::Tensor values = tensor.detach().cpu().contiguous();
    state.tensor(name, typeOf(values), values.sizes().vec(),
                 {static_cast<const std::byte*>(values.data_ptr()), static_cast<std::size_t>(values.nbytes())});
}

torch::Tensor loaded(const StateReader& state, const std::string& name) {
    const TypedTensor& saved = state.tensor(name);
    const torch::Tensor values = torch::empty(saved.shape, torchTypeOf(saved.type));
    if (static_cast<std::size_t>(values.nbytes()) != saved.bytes.size()) state.fail(name, "has a shape that cannot be");
    if (!saved.bytes.empty()) std::memcpy(values.data_ptr(), saved.bytes.data(), saved.bytes.size());
    return values;
}

void load(const StateReader& state, const std::string& name, const torch::Tensor& tensor) {
    const at::NoGradGuard noGradient;
    const TypedTensor& saved = state.tensor(name);
    if (!tensor.sizes().equals(saved.shape) || torchTypeOf(saved.type) != tensor.scalar_type())
        state.fail(name, "has another shape than here");
    torch::Tensor(tensor).copy_(loaded(state, name));
}

void save(const StateWriter& state, const std::string& name, const std::vector<torch::Tensor>& tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i) save(state, name + '.' + std::to_string(i), tensors[i]);
}

void load(const StateReader& state, const std::string& name, const std::vector<torch::Tensor>& tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i) load(state, name + '.' + std::to_string(i), tensors[i]);
    if (state.has(name + '.' + std::to_string(tensors.size()))) state.fail(name, "has more parts than here");
}

void save(const StateWriter& state, const Encoder& encoder) {
    for (const NamedTensor& one : encoder.weights()) save(state, one.name, one.tensor);
    for (const NamedTensor& one : encoder.statistics()) save(state, one.name, one.tensor);
}

void load(const StateReader& state, const Encoder& encoder) {
    for (const NamedTensor& one : encoder.weights()) load(state, one.name, one.tensor);
    for (const NamedTensor& one : encoder.statistics()) load(state, one.name, one.tensor);
}

}  // namespace embedscope
