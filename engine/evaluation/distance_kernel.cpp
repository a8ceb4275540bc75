#include "engine/evaluation/distance_kernel.h"

#include <cstring>

// One program runs on every x86-64 and uses what the processor has. Sanitizers do not get along with the run-time
// choice (ifunc runs before they are ready).
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define EMBEDSCOPE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EMBEDSCOPE_CLONES
#endif

namespace embedscope {
namespace {

template <typename Scalar>
[[gnu::always_inline]] inline void kernel(const std::array<const Scalar*, kKernelQueries>& queries, const Scalar* tiles,
                                          std::size_t tileCount, int dimension,
                                          const std::array<Scalar*, kKernelQueries>& out) {
    using Lanes __attribute__((vector_size(64), may_alias)) = Scalar;
    const auto [q0, q1, q2, q3] = queries;
    for (std::size_t tile = 0; tile < tileCount; ++tile) {
        const auto* coordinates = reinterpret_cast<const Lanes*>(tiles) + tile * static_cast<std::size_t>(dimension);
        Lanes sum0{}, sum1{}, sum2{}, sum3{};
        for (int k = 0; k < dimension; ++k) {
            const Lanes row = coordinates[k];
            const Lanes d0 = row - q0[k], d1 = row - q1[k], d2 = row - q2[k], d3 = row - q3[k];
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        const std::size_t at = tile * kLanes<Scalar>;
        std::memcpy(out[0] + at, &sum0, sizeof(Lanes));
        std::memcpy(out[1] + at, &sum1, sizeof(Lanes));
        std::memcpy(out[2] + at, &sum2, sizeof(Lanes));
        std::memcpy(out[3] + at, &sum3, sizeof(Lanes));
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
