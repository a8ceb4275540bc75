#pragma once

#include "ui/scatter/points.h"

#include <QRgb>

#include <cstdint>
#include <vector>

namespace embedscope {

/// One point as pixels, premultiplied, at one position within a pixel; without empty lines and columns around it.
/// Its lines are whole groups of four pixels, the last of which may be empty.
struct Mark {
    static constexpr int kGroup = 4;
    /// Four pixels, and what each of their channels lets through, of 256.
    struct Group {
        QRgb ink[kGroup];
        std::uint16_t through[4 * kGroup];
    };

    std::int16_t left = 0, top = 0;  ///< Of the first pixel, from the pixel that holds the point.
    std::int16_t groups = 0, lines = 0;
    std::uint32_t first = 0;  ///< Of MarkCache::groupsOf().
};

/// Marks by colour, shape and position within a pixel, made when first needed and kept while their looks are the same.
class MarkCache {
public:
    static constexpr int kSubPixels = 4;  ///< Positions of a mark within a pixel, each way.
    /// More are not kept from frame to frame: small ones take 27 MB.
    static constexpr std::size_t kMostMarks = std::size_t{1} << 17;

    /// Looks of the marks to come. @param radius Device pixels.
    void setLooks(float radius, float opacity, QRgb ground);

    /// What tells marks apart. @param subX, subY 0..kSubPixels - 1.
    static std::uint32_t keyOf(const DrawnPoint& point, unsigned subX, unsigned subY) {
        return static_cast<std::uint32_t>(point.red) << 23 | static_cast<std::uint32_t>(point.green) << 15 |
               static_cast<std::uint32_t>(point.blue) << 7 | static_cast<std::uint32_t>(point.style & 7) << 4 |
               (subY * kSubPixels + subX);
    }
    /// Of the mark with that key, until setLooks() or forget(). Marks are added without bound.
    std::uint32_t indexOf(std::uint32_t key) {
        std::size_t slot = key * 2654435769U >> shift_;
        for (; slots_[slot].next != 0; slot = (slot + 1) & (slots_.size() - 1))
            if (slots_[slot].key == key) return slots_[slot].next - 1;
        return make(key);
    }
    std::size_t count() const { return marks_.size(); }
    const Mark& mark(std::uint32_t index) const { return marks_[index]; }
    /// Line by line. Valid until another mark is made.
    const Mark::Group* groupsOf(const Mark& mark) const { return groups_.data() + mark.first; }
    void forget();

    /// How far a mark reaches beyond the pixel that holds the point. @param radius Device pixels.
    static int reachOf(double radius);

private:
    struct Slot {
        std::uint32_t key = 0, next = 0;  ///< The mark's index and 1; 0: free.
    };
    std::uint32_t make(std::uint32_t key);
    void putIn(std::uint32_t key, std::uint32_t next);
    void setSlots(int bits);

    float radius_ = 0, opacity_ = 1;
    QRgb ground_ = 0;
    static constexpr int kLeastBits = 10;
    int shift_ = 32 - kLeastBits;
    std::vector<Slot> slots_ = std::vector<Slot>(std::size_t{1} << kLeastBits);  ///< Half of them free, or more.
    std::vector<std::uint32_t> keys_;
    std::vector<Mark> marks_;
    std::vector<Mark::Group> groups_;
};

}  // namespace embedscope
