#pragma once

#include <QColor>
#include <QIcon>

namespace embedscope {

enum class Symbol {
    Open,
    Sample,
    New,
    Play,
    Pause,
    Step,
    Stop,
    Restart,
    Fit,
    Freeze,
    Help,
    Compare,
    Move,
    Lasso,
    Rectangle,
    Brush
};

/// Sharp at any scale. Drawn in `ink`, or where it is not valid in the palette's text colour.
QIcon icon(Symbol symbol, const QColor& ink = {});

}  // namespace embedscope
