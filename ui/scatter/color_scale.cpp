#include "ui/scatter/color_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace embedscope {
namespace {

constexpr std::array<QRgb, 9> kAnchors = {0xff440154, 0xff472d7b, 0xff3b528b, 0xff2c728e, 0xff21918c,
                                          0xff28ae80, 0xff5ec962, 0xffaddc30, 0xffe2e418};
constexpr double kSteps = 63;

}  // namespace

QColor scaleColor(double share) {
    const double place = std::round(std::clamp(share, 0.0, 1.0) * kSteps) / kSteps * (kAnchors.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), kAnchors.size() - 2);
    const double part = place - static_cast<double>(below);
    const QRgb a = kAnchors[below], b = kAnchors[below + 1];
    const auto mix = [part](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * part)); };
    return {mix(qRed(a), qRed(b)), mix(qGreen(a), qGreen(b)), mix(qBlue(a), qBlue(b))};
}

QColor unknownColor() {
    return {0xb4, 0xb8, 0xbe};
}

}  // namespace embedscope
