// Dosovitskiy et al.: An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale, ICLR 2021. Positions
// are fixed sines and cosines, so that a picture of any size can be embedded.

#include "engine/choice_table.h"
#include "engine/encoders/encoder_table.h"
#include "engine/encoders/layers.h"
#include "engine/encoders/sine_positions.h"
#include "engine/encoders/vit_shape.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

constexpr int kHeadWidth = kVitHeadWidth;
constexpr int kPatchesAcross = 8;            ///< With the automatic patch size.
constexpr std::int64_t kMostPatches = 1024;  ///< Attention needs memory by their square.

struct VitShape {
    int patch, width, depth;
    bool classToken;
};

/// A linear layer on each of [B, N, D]. On the CPU as a 1x1 convolution, which oneDNN computes: measured nine times as
/// fast as torch::linear with Debian's LibTorch, whose BLAS is the reference implementation.
torch::Tensor applyToTokens(const Linear& layer, const torch::Tensor& tokens) {
    if (!tokens.device().is_cpu()) return apply(layer, tokens);
    const auto type = tokens.scalar_type();
    const torch::Tensor weight = layer.weight.to(type).unsqueeze(2).unsqueeze(3);
    // [B, N, D] in memory is [B, D, 1, N] in channels_last.
    return torch::conv2d(tokens.transpose(1, 2).unsqueeze(2), weight, layer.bias.to(type)).squeeze(2).transpose(1, 2);
}

struct LayerNorm {
    torch::Tensor scale, shift;

    LayerNorm(LayerBuilder& build, const std::string& name, int width)
        : scale(build.constant(name + ".weight", {width}, 1)), shift(build.constant(name + ".bias", {width}, 0)) {}

    torch::Tensor operator()(const torch::Tensor& tokens) const {
        const auto type = tokens.scalar_type();
        return torch::layer_norm(tokens.contiguous(), scale.sizes(), scale.to(type), shift.to(type), kVitNormEpsilon);
    }
};

/// Pre-norm: x + attention(norm(x)), then x + perceptron(norm(x)).
class TransformerBlock {
public:
    TransformerBlock(LayerBuilder& build, const std::string& name, int width)
        : heads_(width / kHeadWidth),
          firstNorm_(build, name + ".norm1", width),
          mixed_(build.linear(name + ".attn.qkv", width, 3 * width)),
          attended_(build.linear(name + ".attn.proj", width, width)),
          secondNorm_(build, name + ".norm2", width),
          widened_(build.linear(name + ".mlp.fc1", width, 4 * width)),
          narrowed_(build.linear(name + ".mlp.fc2", 4 * width, width)) {}

    torch::Tensor operator()(const torch::Tensor& tokens, const Pass& pass) const {
        const torch::Tensor seen = tokens + attention(firstNorm_(tokens));
        stopPoint(seen, pass.stop);
        const torch::Tensor inner = torch::gelu(applyToTokens(widened_, secondNorm_(seen)));
        const torch::Tensor result = seen + applyToTokens(narrowed_, inner);
        stopPoint(result, pass.stop);
        return result;
    }

private:
    torch::Tensor attention(const torch::Tensor& tokens) const {
        const std::int64_t batch = tokens.size(0), count = tokens.size(1);
        // [B, N, 3, heads, 64] -> three of [B * heads, N, 64]
        const torch::Tensor parts = applyToTokens(mixed_, tokens)
                                        .reshape({batch, count, 3, heads_, kHeadWidth})
                                        .permute({2, 0, 3, 1, 4})
                                        .reshape({3, batch * heads_, count, kHeadWidth});
        const torch::Tensor query = parts[0] / std::sqrt(static_cast<double>(kHeadWidth));
        const torch::Tensor share = torch::softmax(torch::bmm(query, parts[1].transpose(1, 2)), -1);
        const torch::Tensor seen = torch::bmm(share, parts[2]).view({batch, heads_, count, kHeadWidth});
        return applyToTokens(attended_, seen.transpose(1, 2).reshape({batch, count, heads_ * kHeadWidth}));
    }

    std::int64_t heads_;
    LayerNorm firstNorm_;
    Linear mixed_;
    Linear attended_;
    LayerNorm secondNorm_;
    Linear widened_;
    Linear narrowed_;
};

class Vit : public Encoder {
public:
    Vit(const VitShape& shape, const EncoderSetting& setting)
        : shape_(shape),
          normalize_(setting.normalize),
          build_(setting.seed, setting.device),
          patches_(build_.linear("patch_embed.proj", setting.channels * shape.patch * shape.patch, shape.width)) {
        if (shape.classToken) classToken_ = build_.constant("cls_token", {1, 1, shape.width}, 0);
        for (int i = 0; i < shape.depth; ++i) blocks_.emplace_back(build_, "blocks." + std::to_string(i), shape.width);
        norm_.emplace_back(build_, "norm", shape.width);
        head_ = build_.linear("head", shape.width, setting.dimension);
    }

    torch::Tensor embed(const torch::Tensor& images, const Pass& pass) override {
        torch::Tensor x = tokens(images);
        for (const TransformerBlock& block : blocks_) x = block(x, pass);
        x = norm_.front()(x);
        x = (shape_.classToken ? x.select(1, 0) : x.mean(1)).to(torch::kFloat);
        x = apply(head_, x);
        return normalize_ ? unitRows(x) : x;
    }

    const std::vector<NamedTensor>& weights() const override { return build_.weights(); }
    const std::vector<NamedTensor>& statistics() const override { return build_.statistics(); }

private:
    /// [B, C, H, W] -> [B, N, width]. What is missing to whole patches on the right and below is filled with grey.
    torch::Tensor tokens(const torch::Tensor& images) const {
        const std::int64_t patch = shape_.patch, batch = images.size(0), channels = images.size(1);
        const auto missing = [&](std::int64_t side) { return (patch - side % patch) % patch; };
        const torch::Tensor whole =
            torch::constant_pad_nd(images, {0, missing(images.size(3)), 0, missing(images.size(2))});
        const std::int64_t rows = whole.size(2) / patch, columns = whole.size(3) / patch;
        const torch::Tensor pieces = whole.reshape({batch, channels, rows, patch, columns, patch})
                                         .permute({0, 2, 4, 1, 3, 5})
                                         .reshape({batch, rows * columns, channels * patch * patch});
        const torch::Tensor place =
            sinePositions(rows, columns, shape_.width).to(images.device(), images.scalar_type());
        const torch::Tensor placed = applyToTokens(patches_, pieces) + place;
        if (!shape_.classToken) return placed;
        return torch::cat({classToken_.to(placed.scalar_type()).expand({batch, 1, shape_.width}), placed}, 1);
    }

    VitShape shape_;
    bool normalize_;
    LayerBuilder build_;
    Linear patches_;
    torch::Tensor classToken_;
    std::vector<TransformerBlock> blocks_;
    std::vector<LayerNorm> norm_;  ///< One.
    Linear head_;
};

std::int64_t patchCount(const EncoderSetting& setting, int patch) {
    const auto across = [patch](int side) { return (side + patch - 1) / patch; };
    return static_cast<std::int64_t>(across(setting.height)) * across(setting.width);
}

int automaticPatch(const EncoderSetting& setting) {
    return std::max(2, (std::max(setting.height, setting.width) + kPatchesAcross - 1) / kPatchesAcross);
}

std::unique_ptr<Encoder> makeVit(const CatalogEntry& row, const ParameterValues& values,
                                 const EncoderSetting& setting) {
    const auto number = [&](const char* id) { return static_cast<int>(valueOf(row, values, id)); };
    const int patch = number("patch") < 2 ? automaticPatch(setting) : number("patch");
    if (patchCount(setting, patch) > kMostPatches)
        throw std::invalid_argument("The patch size " + std::to_string(patch) + " cuts an image into " +
                                    std::to_string(patchCount(setting, patch)) + " pieces, more than " +
                                    std::to_string(kMostPatches) +
                                    "; choose a larger patch size, or 0 for an eighth of the image.");
    const int width = std::max(1, number("width") / kHeadWidth) * kHeadWidth;
    return std::make_unique<Vit>(VitShape{patch, width, number("depth"), number("pooling") == 1}, setting);
}

Parameter number(std::string id, std::string label, std::string help, double minimum, double maximum, double step,
                 double standard) {
    return numberParameter(std::move(id), std::move(label), "", {minimum, maximum, step, standard}, std::move(help));
}

}  // namespace

EncoderRow vitRow() {
    CatalogEntry entry;
    entry.id = "vit";
    entry.label = "Vision transformer";
    entry.group = "Any size";
    entry.help =
        "Cuts the image into patches and lets every patch look at all others. Needs many images and epochs before the "
        "classes part; a convolution network of the same cost parts them sooner.";
    entry.formula = "patches - depth x (attention, perceptron) - mean or class token - linear";
    entry.source = "Dosovitskiy et al., An Image is Worth 16x16 Words, ICLR 2021";
    entry.parameters = {number("patch", "Patch size",
                               "Side of a patch in pixels; 0: an eighth of the image. Half the side shows finer "
                               "detail and takes at least four times as long.",
                               0, 64, 1, 0),
                        number("width", "Width",
                               "Numbers by which a patch is described, in steps of 64 (one attention head each). "
                               "Twice the width, about three times the time.",
                               64, 768, 64, 192),
                        number("depth", "Depth",
                               "Blocks that look around one after the other. More separates finer classes and takes "
                               "longer in proportion.",
                               1, 24, 1, 6),
                        number("pooling", "Pooling",
                               "Whether the embedding comes from the mean of all patches or from a token that "
                               "collects.",
                               0, 1, 1, 0)};
    entry.parameters.front().unit = "px";
    entry.parameters.back().options = {"mean", "class token"};
    return {entry, makeVit};
}

}  // namespace embedscope
