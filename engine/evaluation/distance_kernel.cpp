#include "engine/evaluation/distance_kernel.h"

#include "engine/processor_clones.h"

#include <cstring>

namespace embedscope {
namespace {

template <typename Scalar>
[[gnu::always_inline]] inline void kernel(const std::array<const Scalar*, kKernelQueries>& queries, const Scalar* tiles,
                                          std::size_t tileCount, int dimension,
                                          const std::array<Scalar*, kKernelQueries>& out) {
    using Lanes __attribute__((vector_size(kVectorBytes), may_alias)) = Scalar;
    const auto [q0, q1, q2, q3] = queries;
    for (std::size_t tile = 0; tile < tileCount; ++tile) {
        // Two vectors are a line of the tile; the eight sums fill half of the registers.
        const auto* line =
            reinterpret_cast<const Lanes*>(tiles + tile * static_cast<std::size_t>(dimension) * kLanes<Scalar>);
        Lanes a0{}, a1{}, a2{}, a3{}, b0{}, b1{}, b2{}, b3{};
        for (int k = 0; k < dimension; ++k, line += 2) {
            const Lanes a = line[0], b = line[1];
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
        const std::size_t at = tile * kLanes<Scalar>;
        const auto put = [at](Scalar* row, const Lanes& first, const Lanes& second) {
            std::memcpy(row + at, &first, sizeof first);
            std::memcpy(row + at + kLanes<Scalar> / 2, &second, sizeof second);
        };
        put(out[0], a0, b0);
        put(out[1], a1, b1);
        put(out[2], a2, b2);
        put(out[3], a3, b3);
    }
}

}  // namespace

EMBEDSCOPE_CLONES
void squaredDistances(const std::array<const float*, kKernelQueries>& queries, const float* tiles,
                      std::size_t tileCount, int dimension, const std::array<float*, kKernelQueries>& out) {
    kernel<float>(queries, tiles, tileCount, dimension, out);
}

EMBEDSCOPE_CLONES
void squaredDistances(const std::array<const double*, kKernelQueries>& queries, const double* tiles,
                      std::size_t tileCount, int dimension, const std::array<double*, kKernelQueries>& out) {
    kernel<double>(queries, tiles, tileCount, dimension, out);
}

}  // namespace embedscope
