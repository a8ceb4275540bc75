#include "engine/encoders/resnet.h"

#include <string>
#include <utility>

namespace embedscope {
namespace {

using Stem = ResnetShape::Stem;

template <Stem stem>
std::unique_ptr<Encoder> make(const CatalogEntry&, const ParameterValues&, const EncoderSetting& setting) {
    return makeResnet({stem, {3, 4, 6, 3}, false}, setting);
}

template <Stem stem>
EncoderRow row(std::string help) {
    CatalogEntry entry = resnetEntry(stem, 34, std::move(help));
    entry.formula = "stem - 16 residual blocks of 64, 128, 256, 512 channels - mean - linear";
    return {entry, make<stem>};
}

}  // namespace

EncoderRow resnet34CifarRow() {
    return row<Stem::Cifar>(
        "ResNet-34 that starts with a 3x3 convolution and keeps the full resolution. Twice as deep as ResNet-18 and "
        "twice as slow; "
        "separates a little more, after more epochs.");
}

EncoderRow resnet34ImagenetRow() {
    return row<Stem::Imagenet>(
        "ResNet-34 with its usual stem, for images from about 96 pixels. Twice as deep as ResNet-18 and twice as slow; "
        "separates a little more, after more epochs.");
}

}  // namespace embedscope
