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
EncoderRow resnet18CifarRow();
EncoderRow resnet18ImagenetRow();

}  // namespace embedscope
