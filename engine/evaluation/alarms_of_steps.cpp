// Whether the weights move as they should.
#include "engine/evaluation/alarm_table.h"
#include "engine/evaluation/cures.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kUsualUpdate = 0.01;  // of the weights, a step
constexpr double kCalm = 3 * kUsualUpdate;

/// What was learned is gone from training images as well, so it is no over-fitting.
bool hasLostGround(const HealthCase& run) {
    return run.course.epochsBelowBest >= 1 && run.now().trainRecallAt1 < run.course.trainAtBestHoldOut - 0.02;
}

/// Large steps make large weights, of which they are soon a usual share, while what was learned stays lost: it is over
/// only when that is regained, or the run goes back.
std::optional<Finding> findLargeSteps(const HealthCase& run) {
    constexpr double kWindow = 20;  // steps
    const double ratio = run.mean(&Vitals::updateRatio, kWindow);
    const bool wereLarge = run.course.highestUpdate > kLargeUpdate;
    if (!(ratio > (wereLarge ? kCalm : kLargeUpdate)) && !(wereLarge && hasLostGround(run))) return std::nullopt;
    return Finding{"The learning rate is too high: a step has changed the weights by up to " +
                       inPercent(std::fmax(ratio, run.course.highestUpdate)) +
                       " of their size, where about 1 % is usual.",
                   "Go back to before these steps and lower the learning rate. To lower it alone does not bring back "
                   "what was learned.",
                   smallerSteps(run)};
}

/// The newest report before the largest steps at which they were of usual size. @return Null if none is known.
const Vitals* calmBefore(const HealthCase& run) {
    const auto sizeOf = [](const Vitals& report) { return std::isnan(report.updateRatio) ? -1 : report.updateRatio; };
    for (auto at = std::ranges::max_element(run.recent, {}, sizeOf); at != run.recent.begin();)
        if ((--at)->updateRatio <= kCalm) return &*at;
    return nullptr;
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
Cure smallerSteps(const HealthCase& run) {
    const double rate = run.settings.learningRate;
    const Vitals* calm = calmBefore(run);
    // What the schedule makes of it left out.
    const double before = calm ? calm->learningRate / run.now().learningRate * rate : Vitals::kNone;
    double divisor = 10;
    while (run.course.highestUpdate / divisor > kUsualUpdate && divisor < 1000) divisor *= 10;
    if (before < rate / 2) divisor = rate / before;
    return goingBack(static_cast<std::int64_t>(calm ? calm->step : run.course.firstStep),
                     lowerRate(run.settings, divisor));
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
