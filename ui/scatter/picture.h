#pragma once

#include "engine/data_set.h"
#include "engine/projection.h"

#include <QImage>

namespace embedscope {

/// The embedding view as a picture with its legend; needs a QGuiApplication for its fonts, but no window.
QImage renderPicture(const Layout& layout, const DataSet& data, QSize size, bool dark);

/// The points alone, small, for lists. Any thread.
QImage renderThumbnail(const Layout& layout, const DataSet& data, QSize size, bool dark);

}  // namespace embedscope
