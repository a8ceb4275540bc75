#pragma once

namespace embedscope {

/// What dragging with the left button does: moves the picture, or selects. With Shift it always selects, and adds.
enum class SelectionTool { Move, Lasso, Rectangle, Brush };

}  // namespace embedscope
