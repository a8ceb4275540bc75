#include "ui/charts/run_colors.h"

#include <array>

namespace embedscope {

// Okabe and Ito's set, darker on light ground and lighter on dark.
QColor runColor(std::size_t run, bool darkGround) {
    static const std::array<QColor, 6> light{QColor(0x00, 0x72, 0xB2), QColor(0xD5, 0x5E, 0x00),
                                             QColor(0x00, 0x86, 0x5F), QColor(0xA8, 0x4F, 0x86),
                                             QColor(0xB0, 0x82, 0x00), QColor(0x55, 0x5B, 0x66)};
    static const std::array<QColor, 6> dark{QColor(0x56, 0xB4, 0xE9), QColor(0xF0, 0x8A, 0x3C),
                                            QColor(0x4F, 0xD1, 0xA5), QColor(0xE0, 0x9C, 0xC4),
                                            QColor(0xF0, 0xD8, 0x4A), QColor(0xB4, 0xBC, 0xC8)};
    return (darkGround ? dark : light)[run % light.size()];
}

}  // namespace embedscope
