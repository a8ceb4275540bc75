#include "engine/projections/grid_convolution.h"

#include "engine/projections/grid_kernels.h"

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <mutex>
#include <new>
#include <numbers>

namespace embedscope {
namespace {

constexpr std::size_t kColumnsAtOnce = 16;  // one cache line of complex numbers twice over
constexpr std::size_t kRowsAtOnce = 16;

/// FFTW plans in one thread at a time, and runs in any.
std::mutex& planning() {
    static std::mutex mutex;
    return mutex;
}

struct FreePlan {
    void operator()(fftwf_plan plan) const {
        std::lock_guard lock(planning());
        fftwf_destroy_plan(plan);
    }
};
using Plan = std::unique_ptr<std::remove_pointer_t<fftwf_plan>, FreePlan>;

struct FreeNumbers {
    void operator()(float* numbers) const { fftwf_free(numbers); }
};
using Numbers = std::unique_ptr<float[], FreeNumbers>;

Numbers makeNumbers(std::size_t count) {
    auto* const numbers = static_cast<float*>(fftwf_malloc(count * sizeof(float)));
    if (!numbers) throw std::bad_alloc();
    std::fill_n(numbers, count, 0.0F);
    return Numbers(numbers);
}

fftwf_complex* complexAt(float* numbers) {
    return reinterpret_cast<fftwf_complex*>(numbers);
}

/// The spectrum of the samples of a cubic B-spline, for the frequency k of m.
double splineSpectrum(std::size_t k, std::size_t m) {
    return (2 + std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(m))) / 3;
}

}  // namespace

struct GridConvolution::Impl {
    std::size_t side = 0;     ///< Of the grid.
    std::size_t padded = 0;   ///< Twice that.
    std::size_t columns = 0;  ///< Complex numbers in a row, rounded up to whole batches.
    double spacing = 0;
    Numbers data;      ///< [padded, columns] complex
    Numbers spectrum;  ///< [padded, columns] real: the kernel's, splines and scale divided out.
    Plan rowForward, rowBack, columnForward, columnBack;

    float* row(std::size_t i) const { return data.get() + 2 * i * columns; }

    void resize(std::size_t newSide) {
        side = newSide;
        padded = 2 * side;
        columns = (padded / 2 + 1 + kColumnsAtOnce - 1) / kColumnsAtOnce * kColumnsAtOnce;
        data = makeNumbers(2 * padded * columns);
        spectrum = makeNumbers(padded * columns);
        spacing = 0;
        const int size = static_cast<int>(padded), width = static_cast<int>(columns);
        const int batch = static_cast<int>(kColumnsAtOnce);
        for (Plan* plan : {&rowForward, &rowBack, &columnForward, &columnBack}) plan->reset();  // takes the lock itself
        // Estimated, not measured: measuring chooses by the clock, and the same map would differ in its last bits.
        std::lock_guard lock(planning());
        auto* const all = complexAt(data.get());
        rowForward.reset(fftwf_plan_dft_r2c_1d(size, data.get(), all, FFTW_ESTIMATE));
        rowBack.reset(fftwf_plan_dft_c2r_1d(size, all, data.get(), FFTW_ESTIMATE));
        columnForward.reset(fftwf_plan_many_dft(1, &size, batch, all, nullptr, width, 1, all, nullptr, width, 1,
                                                FFTW_FORWARD, FFTW_ESTIMATE));
        columnBack.reset(fftwf_plan_many_dft(1, &size, batch, all, nullptr, width, 1, all, nullptr, width, 1,
                                             FFTW_BACKWARD, FFTW_ESTIMATE));
    }

    void transformRows(std::size_t count, Workers& workers) const {
        workers.forBlocks(count, kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                fftwf_execute_dft_r2c(rowForward.get(), row(i), complexAt(row(i)));
        });
    }

    void makeSpectrum(double newSpacing, Workers& workers) {
        spacing = newSpacing;
        for (std::size_t i = 0; i < padded; ++i)
            for (std::size_t k = 0; k < padded; ++k) {
                const double a = spacing * static_cast<double>(std::min(i, padded - i));
                const double b = spacing * static_cast<double>(std::min(k, padded - k));
                row(i)[k] = static_cast<float>(1 / (1 + a * a + b * b));
            }
        transformRows(padded, workers);
        workers.forBlocks(columns / kColumnsAtOnce, 1, [&](std::size_t batch, std::size_t) {
            auto* const first = complexAt(data.get()) + batch * kColumnsAtOnce;
            fftwf_execute_dft(columnForward.get(), first, first);
        });
        for (std::size_t i = 0; i < padded; ++i)
            for (std::size_t k = 0; k <= padded / 2; ++k) {
                const double smoothing = splineSpectrum(i, padded) * splineSpectrum(k, padded);
                const double scale = smoothing * smoothing * static_cast<double>(padded * padded);
                spectrum[i * columns + k] = static_cast<float>(row(i)[2 * k] / scale);
            }
    }
};

GridConvolution::GridConvolution() : impl_(std::make_unique<Impl>()) {}

GridConvolution::~GridConvolution() = default;

std::size_t GridConvolution::quickSide(std::size_t atLeast) {
    std::size_t best = 16;
    while (best < atLeast) best *= 2;
    for (const std::size_t odd : {3, 5, 9, 15}) {
        std::size_t side = 16 * odd;
        while (side < atLeast) side *= 2;
        best = std::min(best, side);
    }
    return best;
}

std::size_t GridConvolution::stride() const {
    return 2 * impl_->columns;
}

float* GridConvolution::begin(std::size_t side, double spacing, Workers& workers) {
    Impl& grid = *impl_;
    if (side != grid.side) grid.resize(side);
    if (spacing != grid.spacing) grid.makeSpectrum(spacing, workers);
    workers.forBlocks(grid.padded, kRowsAtOnce,
                      [&](std::size_t first, std::size_t last) { std::fill(grid.row(first), grid.row(last), 0.0F); });
    return grid.data.get();
}

void GridConvolution::run(Workers& workers) {
    const Impl& grid = *impl_;
    grid.transformRows(grid.side, workers);  // the other half is zero
    workers.forBlocks(grid.columns / kColumnsAtOnce, 1, [&](std::size_t batch, std::size_t) {
        float* const first = grid.data.get() + 2 * batch * kColumnsAtOnce;
        fftwf_execute_dft(grid.columnForward.get(), complexAt(first), complexAt(first));
        multiplyComplexColumns(first, grid.spectrum.get() + batch * kColumnsAtOnce, grid.padded, grid.columns,
                               kColumnsAtOnce);
        fftwf_execute_dft(grid.columnBack.get(), complexAt(first), complexAt(first));
    });
    workers.forBlocks(grid.side, kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            fftwf_execute_dft_c2r(grid.rowBack.get(), complexAt(grid.row(i)), grid.row(i));
    });
}

}  // namespace embedscope
