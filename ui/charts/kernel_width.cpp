// Z. I. Botev, J. F. Grotowski, D. P. Kroese: Kernel density estimation via diffusion. Annals of Statistics 38, 2010
// (the improved Sheather-Jones width: no normal distribution is assumed at any stage).
#include "ui/charts/kernel_width.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::size_t kMostWaves = 400;
constexpr double kLeastTime = 1e-5, kMostTime = 0.1;  // squares of widths
constexpr int kStages = 7;

/// Squared cosine coefficients of the histogram, from the first wave on.
std::vector<double> wavePowers(std::span<const float> share) {
    const std::size_t bins = share.size(), period = 4 * bins;
    std::vector<double> cosine(period);
    for (std::size_t i = 0; i < period; ++i)
        cosine[i] = std::cos(2 * kPi * static_cast<double>(i) / static_cast<double>(period));
    std::vector<double> powers(std::min(bins - 1, kMostWaves));
    for (std::size_t wave = 1; wave <= powers.size(); ++wave) {
        double sum = 0;
        std::size_t at = wave;  // of the middle of the bin
        for (const float each : share) {
            sum += each * cosine[at];
            at += 2 * wave;
            if (at >= period) at -= period;
        }
        powers[wave - 1] = sum * sum;
    }
    return powers;
}

/// Squared length of a derivative of the density that has been smoothed for a time.
double roughness(const std::vector<double>& powers, int derivative, double time) {
    const double slow = std::exp(-kPi * kPi * time);
    double sum = 0, decay = slow, step = slow * slow * slow;  // decay is slow to the power of the wave's square
    for (std::size_t i = 0; i < powers.size() && decay > 1e-20; ++i) {
        double term = powers[i] * decay;
        for (int each = 0; each < derivative; ++each) term *= static_cast<double>((i + 1) * (i + 1));
        sum += term;
        decay *= step;
        step *= slow * slow;
    }
    return 2 * std::pow(kPi, 2 * derivative) * sum;
}

/// The best time if the density's derivatives are those of the density smoothed for `time`.
double bestTime(const std::vector<double>& powers, double count, double time) {
    double rough = roughness(powers, kStages, time);
    for (int stage = kStages - 1; stage >= 2; --stage) {
        double odd = 1;
        for (int i = 3; i < 2 * stage; i += 2) odd *= i;
        const double factor = (1 + std::pow(0.5, stage + 0.5)) / 3;
        const double next = std::pow(2 * factor * odd / std::sqrt(2 * kPi) / (count * rough), 2 / (3 + 2.0 * stage));
        rough = roughness(powers, stage, next);
    }
    return std::pow(2 * count * std::sqrt(kPi) * rough, -0.4);
}

}  // namespace

double kernelWidth(std::span<const float> share, std::size_t count) {
    constexpr double kStep = 1.5;
    constexpr int kHalvings = 6;
    const std::vector<double> powers = wavePowers(share);
    const auto excess = [&](double time) { return time - bestTime(powers, static_cast<double>(count), time); };
    if (excess(kLeastTime) >= 0) return std::sqrt(kLeastTime);
    double below = kLeastTime, above = kLeastTime;
    while (above < kMostTime && !(excess(above) >= 0)) below = std::exchange(above, above * kStep);
    if (above >= kMostTime) return std::numeric_limits<double>::quiet_NaN();
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = std::sqrt(below * above);
        (excess(middle) >= 0 ? above : below) = middle;
    }
    return std::sqrt(above);
}

}  // namespace embedscope
