#pragma once

#include "ui/scatter/camera.h"

namespace embedscope {

/// Keeps all points in view without a nervous camera: it stays while the points roughly fill the view, and once it
/// has to move it glides all the way.
class CameraFollow {
public:
    /// The next camera on the way to `extent`. @param milliseconds Since the last call.
    Camera next(const Camera& camera, const QRectF& extent, double milliseconds);
    /// True while the camera is on its way.
    bool moves() const { return moves_; }
    void stop() { moves_ = false; }

private:
    bool moves_ = false;
};

}  // namespace embedscope
