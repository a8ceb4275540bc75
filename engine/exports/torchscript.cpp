#include "engine/exports/torchscript.h"

#include "engine/exports/network.h"

#include <torch/script.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace embedscope {
namespace {

using Kind = NetworkLayer::Kind;

torch::Tensor tensorOf(const NamedValues& values) {
    const torch::Tensor tensor = torch::empty(values.shape);
    std::ranges::copy(values.values, tensor.data_ptr<float>());
    return tensor;
}

/// "block1.conv.weight" as a name of Python's.
std::string attributeOf(const NamedValues& values) {
    std::string name = values.name;
    std::ranges::replace(name, '.', '_');
    return name;
}

/// The module's forward(), line by line, as its weights are put in.
class Script {
public:
    explicit Script(torch::jit::Module& module) : module_(module) {}

    void add(const NetworkLayer& layer, int index) { text_ << "    x" << index << " = " << expression(layer) << '\n'; }
    std::string text(int last) const {
        return "def forward(self, images):\n" + text_.str() + "    return x" + std::to_string(last) + '\n';
    }

private:
    static std::string outputOf(int layer) { return layer < 0 ? "images" : "x" + std::to_string(layer); }
    static std::string pair(int value) { return "[" + std::to_string(value) + ", " + std::to_string(value) + "]"; }

    std::string weight(const NamedValues& values) {
        module_.register_parameter(attributeOf(values), tensorOf(values).set_requires_grad(true), /*is_buffer=*/false);
        return "self." + attributeOf(values);
    }
    std::string statistic(const NamedValues& values) {
        module_.register_buffer(attributeOf(values), tensorOf(values));
        return "self." + attributeOf(values);
    }

    std::string expression(const NetworkLayer& layer) {
        const std::string input = outputOf(layer.from);
        switch (layer.kind) {
            case Kind::Convolution: {
                const std::string kernel = weight(*layer.weight);
                const std::string scale = weight(*layer.scale), shift = weight(*layer.shift);
                const std::string mean = statistic(*layer.mean), variance = statistic(*layer.variance);
                return "torch.batch_norm(torch.conv2d(" + input + ", " + kernel + ", None, " + pair(layer.stride) +
                       ", " + pair(layer.padding) + ", [1, 1], 1), " + scale + ", " + shift + ", " + mean + ", " +
                       variance + ", self.training, 0.1, 1e-05, False)";
            }
            case Kind::MaxPool:
                return "torch.max_pool2d(" + input + ", " + pair(layer.window) + ", " + pair(layer.stride) + ", " +
                       pair(layer.padding) + ")";
            case Kind::Relu:
                return "torch.relu(" + input + ")";
            case Kind::Add:
                return input + " + " + outputOf(layer.other);
            case Kind::Mean:
                return "torch.mean(" + input + ", [2, 3])";
            case Kind::Linear: {
                const std::string matrix = weight(*layer.weight), bias = weight(*layer.shift);
                return "torch.linear(" + input + ", " + matrix + ", " + bias + ")";
            }
            case Kind::UnitLength:
                return input + " / torch.clamp_min(torch.norm(" + input + ", 2, [1], True), 1e-12)";
        }
        throw std::logic_error("A layer has no expression.");
    }

    torch::jit::Module& module_;
    std::ostringstream text_;
};

torch::Tensor perChannel(const std::vector<float>& values) {
    return torch::tensor(values).view({1, -1, 1, 1});
}

}  // namespace

std::string torchScriptOf(const KeptEncoder& encoder) try {
    const std::vector<NetworkLayer> layers = networkOf(encoder);
    torch::jit::Module module("__torch__.EmbedscopeEncoder");
    if (!module.hasattr("training")) module.register_attribute("training", c10::BoolType::get(), false);
    Script script(module);
    for (std::size_t i = 0; i < layers.size(); ++i) script.add(layers[i], static_cast<int>(i));
    module.register_buffer("pixel_factor", perChannel(encoder.pixelFactor));
    module.register_buffer("pixel_offset", perChannel(encoder.pixelOffset));
    module.define(script.text(static_cast<int>(layers.size()) - 1));
    module.define(
        "def embed(self, pixels):\n    return self.forward(pixels * self.pixel_factor + self.pixel_offset)\n");
    module.eval();
    std::ostringstream file;
    module.save(file);
    return file.str();
} catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw std::runtime_error("The encoder cannot be written as TorchScript: " + text.substr(0, text.find('\n')));
}

}  // namespace embedscope
