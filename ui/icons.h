#pragma once

#include <QIcon>

namespace embedscope {

enum class Symbol { Open, Sample, New, Play, Pause, Step, Stop, Restart, Fit, Freeze, Help };

/// Drawn in the palette's text colour, sharp at any scale.
QIcon icon(Symbol symbol);

}  // namespace embedscope
