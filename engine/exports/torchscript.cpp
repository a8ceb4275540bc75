#include "engine/exports/torchscript.h"

#include "engine/encoders/torchscript_file.h"
#include "engine/encoders/vit_shape.h"
#include "engine/exports/network.h"

#include <torch/script.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>
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

    void add(const NetworkLayer& layer, int index) {
        text_ << "    x" << index << " = " << expression(layer, index) << '\n';
    }
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

    std::string buffer(const std::string& name, const torch::Tensor& values) {
        module_.register_buffer(name, values);
        return "self." + name;
    }

    std::string convolution(const NetworkLayer& layer, const std::string& input) {
        const std::string kernel = weight(*layer.weight);
        const std::string scale = weight(*layer.scale), shift = weight(*layer.shift);
        const std::string mean = statistic(*layer.mean), variance = statistic(*layer.variance);
        return "torch.batch_norm(torch.conv2d(" + input + ", " + kernel + ", None, " + pair(layer.stride) + ", " +
               pair(layer.padding) + ", [1, 1], " + std::to_string(layer.groups) + "), " + scale + ", " + shift + ", " +
               mean + ", " + variance + ", self.training, 0.1, 1e-05, False)";
    }

    /// Matrix and row, as the arguments of torch.linear.
    std::string linear(const NetworkLayer& layer) {
        const std::string matrix = weight(*layer.weight);
        return matrix + ", " + weight(*layer.shift);
    }

    std::string patches(const NetworkLayer& layer, const std::string& input, int index) {
        const std::string kernel = weight(*layer.weight), bias = weight(*layer.shift);
        const std::string places = buffer("places" + std::to_string(index),
                                          torch::tensor(layer.places).view({layer.height * layer.width, -1}));
        const std::string whole = "torch.constant_pad_nd(" + input + ", [0, " + std::to_string(layer.fillRight) +
                                  ", 0, " + std::to_string(layer.fillBelow) + "])";
        const std::string side = std::to_string(layer.window);
        const std::string picture = "torch.conv2d(" + whole + ", torch.reshape(" + kernel + ", [" +
                                    std::to_string(layer.channels) + ", -1, " + side + ", " + side + "]), " + bias +
                                    ", " + pair(layer.stride) + ")";
        const std::string tokens = "torch.transpose(torch.flatten(" + picture + ", 2), 1, 2) + " + places;
        if (!layer.token) return tokens;
        return "torch.cat([" + weight(*layer.token) + ".expand([" + input + ".size(0), 1, -1]), " + tokens + "], 1)";
    }

    std::string expression(const NetworkLayer& layer, int index) {
        const std::string input = outputOf(layer.from);
        switch (layer.kind) {
            case Kind::Convolution:
                return convolution(layer, input);
            case Kind::MaxPool:
                return "torch.max_pool2d(" + input + ", " + pair(layer.window) + ", " + pair(layer.stride) + ", " +
                       pair(layer.padding) + ")";
            case Kind::Relu:
                return "torch.relu(" + input + ")";
            case Kind::HardSwish:
                return "torch.hardswish(" + input + ")";
            case Kind::HardSigmoid:
                return "torch.hardsigmoid(" + input + ")";
            case Kind::Gelu:
                return "torch.gelu(" + input + ")";
            case Kind::Add:
                return input + " + " + outputOf(layer.other);
            case Kind::ScaleChannels:
                return input + " * torch.unsqueeze(torch.unsqueeze(" + outputOf(layer.other) + ", 2), 3)";
            case Kind::Mean:
                return "torch.mean(" + input + ", [2, 3])";
            case Kind::Linear:
                return "torch.linear(" + input + ", " + linear(layer) + ")";
            case Kind::Patches:
                return patches(layer, input, index);
            case Kind::LayerNorm: {
                const std::string scale = weight(*layer.scale), shift = weight(*layer.shift);
                return "torch.layer_norm(" + input + ", [" + std::to_string(layer.channels) + "], " + scale + ", " +
                       shift + ", 1e-06)";
            }
            case Kind::Attention:
                return "self.attention(" + input + ")";
            case Kind::TokenMean:
                return "torch.mean(" + input + ", [1])";
            case Kind::FirstToken:
                return "torch.select(" + input + ", 1, 0)";
            case Kind::UnitLength:
                return input + " / torch.clamp_min(torch.norm(" + input + ", 2, [1], True), 1e-12)";
        }
        throw std::logic_error("A layer has no expression.");
    }

    torch::jit::Module& module_;
    std::ostringstream text_;
};

/// Of tokens whose last axis holds query, key and value of all heads.
constexpr const char* kAttention = R"(
def attention(self, mixed):
    batch = mixed.size(0)
    count = mixed.size(1)
    heads = mixed.size(2) // HEADS
    parts = torch.permute(torch.reshape(mixed, [batch, count, 3, heads, WIDTH]), [2, 0, 3, 1, 4])
    fit = torch.matmul(parts[0] * SCALE, torch.transpose(parts[1], 2, 3))
    seen = torch.matmul(torch.softmax(fit, -1), parts[2])
    return torch.reshape(torch.transpose(seen, 1, 2), [batch, count, heads * WIDTH])
)";

std::string attentionText() {
    std::ostringstream scale;
    scale.precision(17);
    scale << 1 / std::sqrt(1.0 * kVitHeadWidth);
    std::string text = kAttention;
    for (const auto& [name, value] : {std::pair<std::string, std::string>{"HEADS", std::to_string(3 * kVitHeadWidth)},
                                      {"WIDTH", std::to_string(kVitHeadWidth)},
                                      {"SCALE", scale.str()}})
        for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name))
            text.replace(at, name.size(), value);
    return text;
}

torch::Tensor perChannel(const std::vector<float>& values) {
    return torch::tensor(values).view({1, -1, 1, 1});
}

torch::jit::Module emptyModule() {
    torch::jit::Module module("__torch__.EmbedscopeEncoder");
    if (!module.hasattr("training")) module.register_attribute("training", c10::BoolType::get(), false);
    return module;
}

/// With forward() written layer by layer.
torch::jit::Module networkModule(const KeptEncoder& encoder) {
    const std::vector<NetworkLayer> layers = networkOf(encoder);
    torch::jit::Module module = emptyModule();
    if (std::ranges::any_of(layers, [](const NetworkLayer& layer) { return layer.kind == Kind::Attention; }))
        module.define(attentionText());
    Script script(module);
    for (std::size_t i = 0; i < layers.size(); ++i) script.add(layers[i], static_cast<int>(i));
    module.define(script.text(static_cast<int>(layers.size()) - 1));
    return module;
}

/// The user's own network with the weights that were learned, and what this program puts behind it.
torch::jit::Module ownModule(const KeptEncoder& encoder) {
    torch::jit::Module inner = loadTorchScript(encoder.settings.encoderFile, torch::kCPU);
    std::map<std::string, const NamedValues*> learned;
    for (const NamedValues& each : encoder.weights.tensors) learned[each.name] = &each;
    const at::NoGradGuard noGradient;
    const auto take = [&](const std::string& name, torch::Tensor tensor) {
        const auto found = learned.find(name);
        if (found == learned.end()) return;
        if (tensor.sizes() != at::IntArrayRef(found->second->shape))
            throw std::runtime_error("The encoder file \"" + encoder.settings.encoderFile.string() +
                                     "\" is not the one that was trained: \"" + name +
                                     "\" has another shape; put the old file back.");
        tensor.copy_(tensorOf(*found->second));
    };
    for (const auto& parameter : inner.named_parameters()) take(parameter.name, parameter.value);
    for (const auto& each : inner.named_buffers())
        if (each.value.is_floating_point()) take(each.name, each.value);

    torch::jit::Module module = emptyModule();
    module.register_module("network", inner);
    std::string text = "def forward(self, images):\n    rows = self.network.forward(images)\n";
    const std::string projection = kTorchScriptProjection;
    if (learned.contains(projection + ".weight") && learned.contains(projection + ".bias")) {
        for (const char* part : {"weight", "bias"})
            module.register_parameter(projection + '_' + part,
                                      tensorOf(*learned[projection + '.' + part]).set_requires_grad(true),
                                      /*is_buffer=*/false);
        text += "    rows = torch.linear(rows, self." + projection + "_weight, self." + projection + "_bias)\n";
    }
    if (encoder.settings.normalizeEmbeddings)
        text += "    rows = rows / torch.clamp_min(torch.norm(rows, 2, [1], True), 1e-12)\n";
    module.define(text + "    return rows\n");
    return module;
}

}  // namespace

std::string torchScriptOf(const KeptEncoder& encoder) try {
    torch::jit::Module module =
        encoder.weights.encoder.id == "torchscript" ? ownModule(encoder) : networkModule(encoder);
    module.register_buffer("pixel_factor", perChannel(encoder.pixelFactor));
    module.register_buffer("pixel_offset", perChannel(encoder.pixelOffset));
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
