#include "engine/training/step_vitals.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace embedscope {
namespace {

struct Extent {
    double spread = 0, scale = 0;  ///< As in Vitals.
};

double squareOf(const std::vector<double>& sums, double count) {
    double square = 0;
    for (const double sum : sums) square += sum / count * (sum / count);
    return square;
}

/// The variance over all coordinates of unit rows is 1 - |mean|².
Extent extentOf(std::span<const float> rows, int dimension) {
    const auto width = static_cast<std::size_t>(dimension);
    std::vector<double> sums(width), unitSums(width);
    double squares = 0;
    for (std::size_t first = 0; first < rows.size(); first += width) {
        double square = 0;
        for (const float value : rows.subspan(first, width)) square += static_cast<double>(value) * value;
        const double length = std::max(std::sqrt(square), 1e-12);
        squares += square;
        for (std::size_t i = 0; i < width; ++i) {
            sums[i] += rows[first + i];
            unitSums[i] += rows[first + i] / length;
        }
    }
    const auto count = static_cast<double>(rows.size() / width);
    return {std::sqrt(std::max(0.0, 1 - squareOf(unitSums, count))),
            std::sqrt(std::max(0.0, squares / count - squareOf(sums, count)))};
}

}  // namespace

void StepVitals::add(std::span<const float> rows, int dimension, double updateRatio, bool empty) {
    const Extent extent = extentOf(rows, dimension);
    ++steps_;
    empty_ += empty ? 1 : 0;
    spread_ += extent.spread;
    scale_ += extent.scale;
    if (std::isnan(updateRatio)) return;
    ++updates_;
    ratio_ += updateRatio;
}

void StepVitals::moveInto(Vitals& vitals) {
    if (steps_ > 0) {
        vitals.spread = spread_ / steps_;
        vitals.scale = scale_ / steps_;
        vitals.emptyBatches = empty_ / steps_;
    }
    if (updates_ > 0) vitals.updateRatio = ratio_ / updates_;
    *this = {};
}

void StepVitals::save(const StateWriter& state) const {
    state.numbers("sums", std::vector<double>{steps_, empty_, spread_, scale_, updates_, ratio_});
}

void StepVitals::load(const StateReader& state) {
    const auto sums = state.numbers<double>("sums", 6);
    steps_ = sums[0];
    empty_ = sums[1];
    spread_ = sums[2];
    scale_ = sums[3];
    updates_ = sums[4];
    ratio_ = sums[5];
}

}  // namespace embedscope
