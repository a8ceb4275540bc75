#pragma once

#include <QColor>

#include <cstddef>

namespace embedscope {

/// Runs side by side: six colours that stay apart for every kind of colour vision, then the same ones again.
QColor runColor(std::size_t run, bool darkGround);

}  // namespace embedscope
