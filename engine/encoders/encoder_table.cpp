#include "engine/encoders/encoder_table.h"

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
    static const Catalog kCatalog = [] {
        Catalog entries;
        for (const EncoderRow& row : rows()) entries.push_back(row.entry);
        return entries;
    }();
    return kCatalog;
}

std::unique_ptr<Encoder> makeEncoder(const Choice& choice, const EncoderSetting& setting) {
    const CatalogEntry& entry = entryOf(encoderCatalog(), choice.id, "encoder");
    for (const auto& [id, value] : choice.parameters) parameterOf(entry, id);
    const auto index = static_cast<std::size_t>(&entry - encoderCatalog().data());
    return rows()[index].make(entry, choice.parameters, setting);
}

}  // namespace embedscope
