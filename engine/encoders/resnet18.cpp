#include "engine/encoders/resnet.h"

#include <string>
#include <utility>

namespace embedscope {
namespace {

using Stem = ResnetShape::Stem;

template <Stem stem>
std::unique_ptr<Encoder> make(const CatalogEntry&, const ParameterValues&, const EncoderSetting& setting) {
    return makeResnet({stem, {2, 2, 2, 2}, false}, setting);
}

template <Stem stem>
EncoderRow row(std::string help) {
    CatalogEntry entry = resnetEntry(stem, 18, std::move(help));
    entry.formula = "stem - 8 residual blocks of 64, 128, 256, 512 channels - mean - linear";
    return {entry, make<stem>};
}

}  // namespace

EncoderRow resnet18CifarRow() {
    return row<Stem::Cifar>(
        "ResNet-18 that starts with a 3x3 convolution and keeps the full resolution. Separates far better than the "
        "small CNN on photographs of 32 to 64 pixels and takes about forty times as long on a CPU.");
}

EncoderRow resnet18ImagenetRow() {
    return row<Stem::Imagenet>(
        "ResNet-18 with its usual stem: a 7x7 convolution of stride 2 and a max-pool, so the picture is a quarter as "
        "wide before the first block. For images from about 96 pixels.");
}

}  // namespace embedscope
