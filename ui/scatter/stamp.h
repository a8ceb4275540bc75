#pragma once

#include "ui/scatter/mark_cache.h"

#include <cstddef>
#include <cstring>

namespace embedscope {

/// Lays a mark over pixels: what each lets through of them, rounded, and its ink. All of the mark's lines and groups
/// must lie within them. Four pixels at a time, in 16 bits a channel; the vectors are the compiler's, of the least
/// processor's width.
/// @param to The mark's first pixel. @param stride Pixels from line to line.
inline void stamp(QRgb* to, std::ptrdiff_t stride, const Mark& mark, const Mark::Group* group) {
    using Bytes = std::uint8_t __attribute__((vector_size(16)));
    using Words = std::uint16_t __attribute__((vector_size(32)));
    const auto lay = [](QRgb* pixels, const Mark::Group& above) {
        Bytes below, ink;
        Words share;
        std::memcpy(&below, pixels, sizeof(Bytes));
        std::memcpy(&ink, above.ink, sizeof(Bytes));
        std::memcpy(&share, above.through, sizeof(Words));
        const Words passed = (__builtin_convertvector(below, Words) * share + 128) >> 8;
        const Bytes sum = __builtin_convertvector(passed, Bytes) + ink;
        std::memcpy(pixels, &sum, sizeof(Bytes));
    };
    if (mark.groups == 1) {  // most of many points are so small
        for (int y = mark.lines; y > 0; --y, to += stride) lay(to, *group++);
        return;
    }
    for (int y = mark.lines; y > 0; --y, to += stride)
        for (int x = 0; x < mark.groups; ++x) lay(to + x * Mark::kGroup, *group++);
}

}  // namespace embedscope
