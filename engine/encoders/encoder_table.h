#pragma once

#include "engine/encoders/encoder.h"

#include <memory>

namespace embedscope {

/// A row of the table and what makes it. A new encoder is one file with such a function and one line in
/// encoder_table.cpp.
struct EncoderRow {
    CatalogEntry entry;
    std::unique_ptr<Encoder> (*make)(const CatalogEntry& entry, const ParameterValues& values,
                                     const EncoderSetting& setting);
};

EncoderRow smallCnnRow();
EncoderRow deepCnnRow();
EncoderRow resnet18CifarRow();
EncoderRow resnet18ImagenetRow();
EncoderRow resnet34CifarRow();
EncoderRow resnet34ImagenetRow();
EncoderRow resnet50CifarRow();
EncoderRow resnet50ImagenetRow();
EncoderRow mobilenetV3SmallRow();
EncoderRow vitRow();
EncoderRow torchScriptRow();

}  // namespace embedscope
