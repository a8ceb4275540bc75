#include "engine/training/encoder_start.h"

#include "engine/training/random.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace embedscope {
namespace {

std::vector<NamedTensor> allOf(const Encoder& encoder) {
    std::vector<NamedTensor> all = encoder.weights();
    all.insert(all.end(), encoder.statistics().begin(), encoder.statistics().end());
    return all;
}

std::string textOf(at::IntArrayRef shape) {
    std::string text;
    for (const std::int64_t length : shape) {
        if (!text.empty()) text += 'x';
        text += std::to_string(length);
    }
    return text.empty() ? "one number" : text;
}

/// What is wrong with the weights for these tensors, as the end of a sentence; empty if they fit.
std::string firstDifference(const std::vector<NamedTensor>& tensors, const EncoderWeights& weights) {
    std::map<std::string_view, const NamedValues*> there;
    for (const NamedValues& one : weights.tensors) there[one.name] = &one;
    for (const NamedTensor& wanted : tensors) {
        const auto found = there.find(wanted.name);
        if (found == there.end()) return "they have no \"" + wanted.name + "\"";
        const NamedValues& saved = *found->second;
        if (!wanted.tensor.sizes().equals(saved.shape))
            return "\"" + wanted.name + "\" is " + textOf(saved.shape) + " there and " + textOf(wanted.tensor.sizes()) +
                   " here";
        if (!std::ranges::all_of(saved.values, [](float value) { return std::isfinite(value); }))
            return "\"" + wanted.name + "\" holds values that are no finite numbers";
        there.erase(found);
    }
    return there.empty() ? "" : "they have \"" + std::string(there.begin()->first) + "\", which it has not";
}

void load(const Encoder& encoder, const Experiment& experiment) {
    const at::NoGradGuard noGradient;
    const EncoderWeights weights = readWeights(experiment.initialWeights);
    const std::vector<NamedTensor> tensors = allOf(encoder);
    if (const std::string difference = firstDifference(tensors, weights); !difference.empty()) {
        const std::string saved = weights.encoder.id.empty() ? "" : " (saved from \"" + weights.encoder.id + "\")";
        throw std::runtime_error("The weights \"" + experiment.initialWeights.string() + "\"" + saved +
                                 " do not fit this encoder: " + difference +
                                 "; choose the encoder, its parameters, the dimension and the channels they were "
                                 "saved with.");
    }
    std::map<std::string_view, const NamedValues*> there;
    for (const NamedValues& one : weights.tensors) there[one.name] = &one;
    for (const NamedTensor& one : tensors) {
        const NamedValues& saved = *there.at(one.name);
        const torch::Tensor values = torch::empty(saved.shape);
        std::ranges::copy(saved.values, values.data_ptr<float>());
        torch::Tensor(one.tensor).copy_(values);
    }
}

}  // namespace

std::unique_ptr<Encoder> startEncoder(const Experiment& experiment, const ImageShape& shape, torch::Device device) {
    std::unique_ptr<Encoder> encoder =
        makeEncoder(experiment.encoder, {.channels = shape.channels,
                                         .height = shape.height,
                                         .width = shape.width,
                                         .dimension = experiment.embeddingDimension,
                                         .normalize = experiment.normalizeEmbeddings,
                                         .seed = seedOf(experiment.seed, RandomStream::Weights),
                                         .device = device,
                                         .file = experiment.encoderFile});
    if (!experiment.initialWeights.empty()) load(*encoder, experiment);
    return encoder;
}

bool startsTrained(const Experiment& experiment) {
    return !experiment.initialWeights.empty() || experiment.encoder.id == "torchscript";
}

EncoderWeights weightsOf(const Encoder& encoder, const Choice& choice) {
    const CatalogEntry& entry = entryOf(encoderCatalog(), choice.id, "encoder");
    EncoderWeights weights{{choice.id, completed(entry, choice.parameters)}, {}};
    for (const NamedTensor& one : allOf(encoder)) {
        const torch::Tensor values = one.tensor.detach().cpu().contiguous();
        const float* first = values.data_ptr<float>();
        weights.tensors.push_back({one.name, values.sizes().vec(), {first, first + values.numel()}});
    }
    return weights;
}

}  // namespace embedscope
