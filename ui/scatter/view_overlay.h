#pragma once

class QPainter;

namespace embedscope {

class EmbeddingView;

/// Something drawn over the points of a view, in logical pixels of the view; ask the view where samples are. Called
/// with every frame: below a millisecond, please.
class ViewOverlay {
public:
    virtual ~ViewOverlay() = default;
    virtual void paint(QPainter& painter, const EmbeddingView& view) const = 0;
};

}  // namespace embedscope
