#pragma once

#include "ui/scatter/point_colors.h"

class QPainter;
class QPalette;

namespace embedscope {

/// The key to the colours in the upper right corner below `top`: a bar with its ends, or the kinds. Nothing where the
/// colours are the classes'.
void paintColorKey(QPainter& painter, const ColorKey& key, const QSizeF& view, double top, const QPalette& palette);

}  // namespace embedscope
