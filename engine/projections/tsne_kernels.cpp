#include "engine/projections/tsne_kernels.h"

#include "engine/processor_clones.h"

#include <cstring>

namespace embedscope {
namespace {

constexpr std::size_t kEdgesAtOnce = 128;

/// The partners are copied first, one load each, so that the arithmetic can fill the vector units: a gather would load
/// every coordinate by itself.
template <typename Scalar, int Dims>
[[gnu::always_inline]] inline void attract(SparseView p, const Scalar* values, const Scalar* places, std::size_t begin,
                                           std::size_t end, Scalar* const* force) {
    alignas(64) Scalar partners[Dims * kEdgesAtOnce];
    for (std::size_t i = begin; i < end; ++i) {
        const Scalar* const own = places + i * Dims;
        const Scalar xi = own[0], yi = own[1], zi = Dims == 3 ? own[2] : 0;
        Scalar fx = 0, fy = 0, fz = 0;
        for (std::size_t first = p.begins[i]; first < p.begins[i + 1]; first += kEdgesAtOnce) {
            const std::size_t rest = p.begins[i + 1] - first, count = rest < kEdgesAtOnce ? rest : kEdgesAtOnce;
            for (std::size_t e = 0; e < count; ++e)
                std::memcpy(partners + e * Dims, places + static_cast<std::size_t>(p.columns[first + e]) * Dims,
                            Dims * sizeof(Scalar));
            for (std::size_t e = 0; e < count; ++e) {
                const Scalar dx = xi - partners[e * Dims], dy = yi - partners[e * Dims + 1];
                Scalar squared = dx * dx + dy * dy, dz = 0;
                if constexpr (Dims == 3) {
                    dz = zi - partners[e * Dims + 2];
                    squared += dz * dz;
                }
                const Scalar weight = values[first + e] / (1 + squared);
                fx += weight * dx;
                fy += weight * dy;
                if constexpr (Dims == 3) fz += weight * dz;
            }
        }
        force[0][i] = fx;
        force[1][i] = fy;
        if constexpr (Dims == 3) force[2][i] = fz;
    }
}

template <typename Scalar, int Dims>
[[gnu::always_inline]] inline double repel(const Scalar* const* axes, std::size_t count, std::size_t begin,
                                           std::size_t end, Scalar* const* force) {
    const Scalar* const x = axes[0];
    const Scalar* const y = axes[1];
    const Scalar* const z = Dims == 3 ? axes[2] : nullptr;
    double total = 0;
    for (std::size_t i = begin; i < end; ++i) {
        const Scalar xi = x[i], yi = y[i], zi = Dims == 3 ? z[i] : 0;
        Scalar fx = 0, fy = 0, fz = 0, sum = 0;
        for (std::size_t j = 0; j < count; ++j) {
            const Scalar dx = xi - x[j], dy = yi - y[j];
            Scalar squared = dx * dx + dy * dy, dz = 0;
            if constexpr (Dims == 3) {
                dz = zi - z[j];
                squared += dz * dz;
            }
            const Scalar q = 1 / (1 + squared);
            sum += q;
            fx += q * q * dx;
            fy += q * q * dy;
            if constexpr (Dims == 3) fz += q * q * dz;
        }
        force[0][i] = fx;
        force[1][i] = fy;
        if constexpr (Dims == 3) force[2][i] = fz;
        total += static_cast<double>(sum);
    }
    return total;
}

}  // namespace

EMBEDSCOPE_CLONES
void attractRows(SparseView p, const float* values, const float* places, int dims, std::size_t begin, std::size_t end,
                 float* const* force) {
    dims == 2 ? attract<float, 2>(p, values, places, begin, end, force)
              : attract<float, 3>(p, values, places, begin, end, force);
}

EMBEDSCOPE_CLONES
void attractRows(SparseView p, const double* values, const double* places, int dims, std::size_t begin, std::size_t end,
                 double* const* force) {
    dims == 2 ? attract<double, 2>(p, values, places, begin, end, force)
              : attract<double, 3>(p, values, places, begin, end, force);
}

EMBEDSCOPE_CLONES
double repelRows(const float* const* axes, int dims, std::size_t count, std::size_t begin, std::size_t end,
                 float* const* force) {
    return dims == 2 ? repel<float, 2>(axes, count, begin, end, force)
                     : repel<float, 3>(axes, count, begin, end, force);
}

EMBEDSCOPE_CLONES
double repelRows(const double* const* axes, int dims, std::size_t count, std::size_t begin, std::size_t end,
                 double* const* force) {
    return dims == 2 ? repel<double, 2>(axes, count, begin, end, force)
                     : repel<double, 3>(axes, count, begin, end, force);
}

}  // namespace embedscope
