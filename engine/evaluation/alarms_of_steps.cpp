// Whether the weights move as they should.
#include "engine/evaluation/alarm_table.h"
#include "engine/evaluation/cures.h"

#include <cmath>

namespace embedscope {
namespace {

std::optional<Finding> findLargeSteps(const HealthCase& run) {
    constexpr double kWindow = 20;  // steps
    // Large steps make large weights, of which they are a smaller share: it is not over before that share is usual.
    constexpr double kStillLarge = 0.03;
    const double ratio = run.mean(&Vitals::updateRatio, kWindow);
    if (!(ratio > (run.course.highestUpdate > kLargeUpdate ? kStillLarge : kLargeUpdate))) return std::nullopt;
    return Finding{"The learning rate is too high: each step changes the weights by " + inPercent(ratio) +
                       " of their size, where about 1 % is usual.",
                   "Lower the learning rate; if the points have already lost their order, go back as well.",
                   goingBack(static_cast<std::int64_t>(run.course.firstStep), lowerRate(run.settings, 100))};
}

std::optional<Finding> findExploding(const HealthCase& run) {
    constexpr double kWindow = 10, kTimes = 100;
    const double usual = run.medianBefore(&Vitals::gradientNorm, kWindow);
    const double norm = run.mean(&Vitals::gradientNorm, kWindow);
    if (!(norm > kTimes * usual)) return std::nullopt;
    return Finding{
        "The gradient explodes: its norm is " + shortText(norm) + ", usually it was " + shortText(usual) + ".",
        "Lower the learning rate, or start a run that clips the gradient.", lowerRate(run.settings, 10)};
}

/// A gradient is small at the end of learning as well; but then the loss has fallen.
std::optional<Finding> findVanishing(const HealthCase& run) {
    constexpr double kWindow = 20, kShare = 1e-4;
    const double norm = run.mean(&Vitals::gradientNorm, kWindow);
    if (!(norm < kShare * run.course.highestGradient)) return std::nullopt;
    const bool learnt = std::abs(run.mean(&Vitals::loss, kWindow)) < 0.2 * std::abs(run.course.firstLoss);
    const bool idle = run.mean(&Vitals::activeFraction, kWindow) < 0.05;
    if (learnt || idle) return std::nullopt;
    return Finding{"The gradient vanishes: its norm is " + shortText(norm) + " and was " +
                       shortText(run.course.highestGradient) + ", while the loss is still " +
                       shortText(run.mean(&Vitals::loss, kWindow)) + ".",
                   "Go back and choose semi-hard mining or a lower learning rate; or start a run with normalised "
                   "embeddings.",
                   goingBack(static_cast<std::int64_t>(run.course.lastSpreadStep), lowerRate(run.settings, 10))};
}

}  // namespace

AlarmRow learningRateTooHigh() {
    return {"learning_rate_too_high", HealthFamily::Steps, 0, findLargeSteps};
}

AlarmRow explodingGradient() {
    return {"exploding_gradient", HealthFamily::Steps, 3, findExploding};
}

AlarmRow vanishingGradient() {
    return {"vanishing_gradient", HealthFamily::Steps, 5, findVanishing};
}

}  // namespace embedscope
