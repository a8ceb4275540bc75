#include "engine/encoders/resnet.h"

#include <string>
#include <utility>

namespace embedscope {
namespace {

using Stem = ResnetShape::Stem;

template <Stem stem>
std::unique_ptr<Encoder> make(const CatalogEntry&, const ParameterValues&, const EncoderSetting& setting) {
    return makeResnet({stem, {3, 4, 6, 3}, true}, setting);
}

template <Stem stem>
EncoderRow row(std::string help) {
    CatalogEntry entry = resnetEntry(stem, 50, std::move(help));
    entry.formula = "stem - 16 bottleneck blocks of 256, 512, 1024, 2048 channels - mean - linear";
    return {entry, make<stem>};
}

}  // namespace

EncoderRow resnet50CifarRow() {
    return row<Stem::Cifar>(
        "ResNet-50 that starts with a 3x3 convolution and keeps the full resolution: the network of most published "
        "results, made for a graphics card. Takes several times the memory of ResNet-18.");
}

EncoderRow resnet50ImagenetRow() {
    return row<Stem::Imagenet>(
        "ResNet-50 with its usual stem: the network of most published results, for images from about 96 pixels. Takes "
        "several times the memory of ResNet-18.");
}

}  // namespace embedscope
