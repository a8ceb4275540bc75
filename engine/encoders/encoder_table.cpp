#include "engine/encoders/encoder_table.h"

#include "engine/choice_table.h"

#include <vector>

namespace embedscope {
namespace {

const std::vector<EncoderRow>& rows() {
    static const std::vector<EncoderRow> kRows = {
        smallCnnRow(),         deepCnnRow(),          resnet18CifarRow(),    resnet34CifarRow(),    resnet50CifarRow(),
        resnet18ImagenetRow(), resnet34ImagenetRow(), resnet50ImagenetRow(), mobilenetV3SmallRow(), vitRow(),
        torchScriptRow()};
    return kRows;
}

}  // namespace

const Catalog& encoderCatalog() {
    static const Catalog kCatalog = catalogOf(rows());
    return kCatalog;
}

std::unique_ptr<Encoder> makeEncoder(const Choice& choice, const EncoderSetting& setting) {
    const EncoderRow& row = rowOf(rows(), choice, "encoder");
    return row.make(row.entry, choice.parameters, setting);
}

}  // namespace embedscope
