#include "engine/neighbors/tile_kernel.h"

#include "engine/processor_clones.h"

namespace embedscope {

namespace {

using Lanes __attribute__((vector_size(kVectorBytes), may_alias)) = float;
constexpr std::size_t kLanes = 8, kHalves = kTileRows / kLanes;
static_assert(kHalves == 2 && kTileQueries == 8);

/// Four queries: their eight sums fill half of the registers.
[[gnu::always_inline]] inline void fourQueries(const float* queries, const Lanes* coordinates, std::size_t width,
                                               Lanes* place, std::size_t stride) {
    const float* const q0 = queries;
    const float* const q1 = q0 + width;
    const float* const q2 = q1 + width;
    const float* const q3 = q2 + width;
    Lanes a0{}, a1{}, a2{}, a3{}, b0{}, b1{}, b2{}, b3{};
    for (std::size_t k = 0; k < width; ++k) {
        const Lanes a = coordinates[kHalves * k], b = coordinates[kHalves * k + 1];
        const Lanes c0 = a - q0[k], c1 = a - q1[k], c2 = a - q2[k], c3 = a - q3[k];
        const Lanes d0 = b - q0[k], d1 = b - q1[k], d2 = b - q2[k], d3 = b - q3[k];
        a0 += c0 * c0;
        a1 += c1 * c1;
        a2 += c2 * c2;
        a3 += c3 * c3;
        b0 += d0 * d0;
        b1 += d1 * d1;
        b2 += d2 * d2;
        b3 += d3 * d3;
    }
    place[0] = a0;
    place[1] = b0;
    place[stride] = a1;
    place[stride + 1] = b1;
    place[2 * stride] = a2;
    place[2 * stride + 1] = b2;
    place[3 * stride] = a3;
    place[3 * stride + 1] = b3;
}

}  // namespace

EMBEDSCOPE_CLONES
void tileDistances(const float* queries, const float* tiles, std::size_t tileCount, int dimension, float* out) {
    const auto width = static_cast<std::size_t>(dimension);
    const std::size_t stride = kHalves * tileCount;
    for (std::size_t tile = 0; tile < tileCount; ++tile) {
        const auto* const coordinates = reinterpret_cast<const Lanes*>(tiles + tile * width * kTileRows);
        auto* const place = reinterpret_cast<Lanes*>(out) + kHalves * tile;
        fourQueries(queries, coordinates, width, place, stride);
        fourQueries(queries + 4 * width, coordinates, width, place + 4 * stride, stride);
    }
}

EMBEDSCOPE_CLONES
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

EMBEDSCOPE_CLONES
bool anyBelow(const float* numbers, float bound) {
    int found = 0;
    for (int i = 0; i < 64; ++i) found |= static_cast<int>(numbers[i] < bound);
    return found != 0;
}

}  // namespace embedscope
