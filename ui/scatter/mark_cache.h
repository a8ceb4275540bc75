#pragma once

#include "ui/scatter/points.h"

#include <QRgb>

#include <cstdint>
#include <vector>

namespace embedscope {

/// One point as pixels, premultiplied, at one position within a pixel.
struct Mark {
    struct Row {
        std::int16_t first = 0, end = 0;  ///< Columns with ink.
    };
    int side = 0;              ///< Odd; the pixel that holds the point is in the middle.
    std::vector<Row> rows;     ///< [side]
    std::vector<QRgb> pixels;  ///< [side, side]
};

/// Marks by colour, shape and position within a pixel, made when first needed and kept while their looks are the same.
class MarkCache {
public:
    static constexpr int kSubPixels = 4;  ///< Positions of a mark within a pixel, each way.

    /// Looks of the marks to come. @param radius Device pixels.
    void setLooks(float radius, float opacity, QRgb ground);

    /// @param subX, subY 0..kSubPixels - 1. Valid until the next call of a method.
    const Mark& at(const DrawnPoint& point, int subX, int subY) {
        const std::uint32_t key = keyOf(point, subX, subY);
        const std::uint32_t slot = slots_[slotOf(key)];
        return slot < marks_.size() && keys_[slot] == key ? marks_[slot] : make(point, subX, subY);
    }

private:
    static constexpr int kSlotBits = 13;

    static std::uint32_t keyOf(const DrawnPoint& point, int subX, int subY) {
        return static_cast<std::uint32_t>(point.red) << 23 | static_cast<std::uint32_t>(point.green) << 15 |
               static_cast<std::uint32_t>(point.blue) << 7 | static_cast<std::uint32_t>(point.style & 7) << 4 |
               static_cast<std::uint32_t>(subY * kSubPixels + subX);
    }
    static std::uint32_t slotOf(std::uint32_t key) { return key * 2654435769U >> (32 - kSlotBits); }
    const Mark& make(const DrawnPoint& point, int subX, int subY);

    float radius_ = 0, opacity_ = 1;
    QRgb ground_ = 0;
    std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(std::size_t{1} << kSlotBits, 0);
    std::vector<std::uint32_t> keys_;
    std::vector<Mark> marks_;
};

}  // namespace embedscope
