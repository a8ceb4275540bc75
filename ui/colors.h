#pragma once

#include <QColor>

#include <cstdint>

namespace embedscope {

/// Shapes tell classes apart that share a colour.
enum class PointShape : std::uint8_t { Disc, Square, Triangle, Diamond };

/// Ten colours that stay apart for every kind of colour vision, then the same ten again with the next shape.
/// @param label Negative: unlabelled, grey.
QColor classColor(int label);
PointShape classShape(int label);

}  // namespace embedscope
