// Whether the weights move as they should.
#include "engine/evaluation/alarm_table.h"
#include "engine/evaluation/cures.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

/// What was learned before the largest steps is gone from training images as well, so it is no over-fitting.
bool hasLostGround(const HealthCase& run) {
    const HealthCourse& course = run.course;
    return course.epochsBelowBest >= 1 && run.now().trainRecallAt1 < course.trainAtBestHoldOut - 0.02 &&
           !(course.bestHoldOutStep > course.highestUpdateStep);
}

/// Large steps make large weights, of which they are soon a usual share, while what was learned stays lost: it is over
/// only when that is regained, or the run goes back.
std::optional<Finding> findLargeSteps(const HealthCase& run) {
    constexpr double kWindow = 20;  // steps
    const double ratio = run.mean(&Vitals::updateRatio, kWindow);
    const bool wereLarge = run.course.highestUpdate > kLargeUpdate;
    if (!(ratio > (wereLarge ? kCalmUpdate : kLargeUpdate)) && !(wereLarge && hasLostGround(run))) return std::nullopt;
    return Finding{"The learning rate is too high: a step has changed the weights by up to " +
                       inPercent(std::fmax(ratio, run.course.highestUpdate)) +
                       " of their size, where about 1 % is usual.",
                   "Go back to before these steps and lower the learning rate. To lower it alone does not bring back "
                   "what was learned.",
                   smallerSteps(run)};
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

/// With most optimisers the size of a step goes with the rate.
Cure smallerSteps(const HealthCase& run, double latest) {
    const double rate = run.settings.learningRate;
    const double calm = std::isnan(run.course.calmStep) ? run.course.firstStep : run.course.calmStep;
    // What the schedule makes of it left out.
    const double before = run.course.calmRate / run.now().learningRate * rate;
    double divisor = 10;
    while (run.course.highestUpdate / divisor > kUsualUpdate && divisor < 1000) divisor *= 10;
    if (before < rate / 2) divisor = rate / before;
    return goingBack(static_cast<std::int64_t>(std::min(calm, latest)), lowerRate(run.settings, divisor));
}

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
