#pragma once

#include "engine/data_set.h"

#include <QImage>

namespace embedscope {

/// The picture as the encoder sees it; shares no memory with the data set.
QImage thumbnailOf(const DataSet& data, std::size_t sample);

}  // namespace embedscope
