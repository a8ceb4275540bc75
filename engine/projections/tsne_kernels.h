#pragma once

#include <cstddef>
#include <cstdint>

namespace embedscope {

// The loops that take the time, for the rows [begin, end); one version per kind of processor.

struct SparseView {
    const std::uint32_t* begins;
    const std::int32_t* columns;
};

/// @param places [count, dims] row-major: what one edge reads lies together.
void attractRows(SparseView p, const float* values, const float* places, int dims, std::size_t begin, std::size_t end,
                 float* const* force);
void attractRows(SparseView p, const double* values, const double* places, int dims, std::size_t begin, std::size_t end,
                 double* const* force);

/// @return The sum of q over the rows, each with itself (1) included.
double repelRows(const float* const* axes, int dims, std::size_t count, std::size_t begin, std::size_t end,
                 float* const* force);
double repelRows(const double* const* axes, int dims, std::size_t count, std::size_t begin, std::size_t end,
                 double* const* force);

}  // namespace embedscope
