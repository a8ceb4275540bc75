#include "ui/scatter/camera_follow.h"

#include <cmath>

namespace embedscope {
namespace {

constexpr double kTimeConstant = 90;  // milliseconds for 63 % of the way

/// How far two cameras are apart: of scale as a logarithm, of place as a share of the view.
struct Gap {
    double scale = 0, place = 0;
};

Gap between(const Camera& camera, const Camera& wanted) {
    const QPointF offset = (wanted.centre - camera.centre) * camera.pixelsPerUnit;
    return {std::log(wanted.pixelsPerUnit / camera.pixelsPerUnit),
            std::max(std::abs(offset.x()) / camera.viewport.width(), std::abs(offset.y()) / camera.viewport.height())};
}

/// The points leave the view (tight), or fill much less of it than they could (loose): the first is worse.
bool matters(const Gap& gap) {
    return gap.scale < -0.06 || gap.scale > 0.25 || gap.place > 0.05;
}

bool arrived(const Gap& gap) {
    return std::abs(gap.scale) < 0.003 && gap.place < 0.001;
}

}  // namespace

Camera CameraFollow::next(const Camera& camera, const QRectF& extent, double milliseconds) {
    Camera wanted = camera;
    wanted.fit(extent);
    const Gap gap = between(camera, wanted);
    if (!moves_ && !matters(gap)) return camera;
    moves_ = !arrived(gap);
    if (!moves_) return wanted;
    const double share = 1 - std::exp(-milliseconds / kTimeConstant);
    Camera result = camera;
    result.pixelsPerUnit *= std::exp(gap.scale * share);
    result.centre += (wanted.centre - camera.centre) * share;
    return result;
}

}  // namespace embedscope
