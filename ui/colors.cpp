#include "ui/colors.h"

#include <array>

namespace embedscope {
namespace {

// After Okabe and Ito, and Paul Tol's "muted": hues that differ in lightness too, and hold on light and dark ground.
constexpr std::array<QRgb, 10> kColors = {0xff0072b2, 0xffe69f00, 0xff009e73, 0xffcc3311, 0xff9970cc,
                                          0xff56b4e9, 0xff999933, 0xffee7fb4, 0xff8c5a3c, 0xff44aa99};

}  // namespace

QColor classColor(int label) {
    if (label < 0) return {0x8a, 0x90, 0x99};
    return QColor::fromRgb(kColors[static_cast<std::size_t>(label) % kColors.size()]);
}

PointShape classShape(int label) {
    return label < 0 ? PointShape::Disc : static_cast<PointShape>(static_cast<std::size_t>(label) / kColors.size() % 4);
}

}  // namespace embedscope
