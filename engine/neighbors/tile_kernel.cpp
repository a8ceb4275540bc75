#include "engine/neighbors/tile_kernel.h"

#include "engine/neighbors/cpu_clones.h"

namespace embedscope {

namespace {

using Lanes __attribute__((vector_size(64), may_alias)) = float;

/// Four queries: their sums fill half of the registers of AVX2, and the units of AVX-512 just as well.
[[gnu::always_inline]] inline void fourQueries(const float* queries, const Lanes* coordinates, std::size_t width,
                                               Lanes* place, std::size_t tileCount) {
    const float* const q0 = queries;
    const float* const q1 = q0 + width;
    const float* const q2 = q1 + width;
    const float* const q3 = q2 + width;
    Lanes s0{}, s1{}, s2{}, s3{};
    for (std::size_t k = 0; k < width; ++k) {
        const Lanes row = coordinates[k];
        const Lanes d0 = row - q0[k], d1 = row - q1[k], d2 = row - q2[k], d3 = row - q3[k];
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
    }
    place[0] = s0;
    place[tileCount] = s1;
    place[2 * tileCount] = s2;
    place[3 * tileCount] = s3;
}

}  // namespace

EMBEDSCOPE_CPU_CLONES
void tileDistances(const float* queries, const float* tiles, std::size_t tileCount, int dimension, float* out) {
    static_assert(kTileQueries == 8);
    const auto width = static_cast<std::size_t>(dimension);
    for (std::size_t tile = 0; tile < tileCount; ++tile) {
        const auto* const coordinates = reinterpret_cast<const Lanes*>(tiles) + tile * width;
        auto* const place = reinterpret_cast<Lanes*>(out) + tile;
        fourQueries(queries, coordinates, width, place, tileCount);
        fourQueries(queries + 4 * width, coordinates, width, place + 4 * tileCount, tileCount);
    }
}

EMBEDSCOPE_CPU_CLONES
float squaredDistance(const float* a, const float* b, int dimension) {
    constexpr int kLanes = 16;
    float sums[kLanes]{};
    int k = 0;
    for (; k + kLanes <= dimension; k += kLanes)
        for (int lane = 0; lane < kLanes; ++lane) {
            const float difference = a[k + lane] - b[k + lane];
            sums[lane] += difference * difference;
        }
    float sum = 0;
    for (const float part : sums) sum += part;
    for (; k < dimension; ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

EMBEDSCOPE_CPU_CLONES
bool anyBelow(const float* numbers, float bound) {
    int found = 0;
    for (int i = 0; i < 64; ++i) found |= static_cast<int>(numbers[i] < bound);
    return found != 0;
}

}  // namespace embedscope
