#pragma once

#include "engine/health_monitor.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What an alarm may look at.
struct HealthCase {
    std::span<const Vitals> recent;  ///< Oldest first; the last is the newest report. Never empty.
    const HealthCourse& course;
    const HealthSubject& subject;
    const Experiment& settings;

    const Vitals& now() const { return recent.back(); }
    /// Mean over the reports of the last `steps` steps, what was not measured left out; NaN if nothing was, or before
    /// the run is that old.
    double mean(double Vitals::*value, double steps) const;
    /// Median over all reports but those of the last `steps` steps; NaN if they are fewer than 10.
    double medianBefore(double Vitals::*value, double steps) const;
};

struct Finding {
    std::string sentence, advice;
    std::optional<Cure> cure;
};

/// A row of the table of alarms; one function a row, its file says what it measures and why.
struct AlarmRow {
    std::string_view id;
    HealthFamily family;
    std::int64_t patience;  ///< Steps that it must hold without a gap before it is told.
    std::optional<Finding> (*find)(const HealthCase&);
};

const std::vector<AlarmRow>& alarmTable();

AlarmRow totalCollapse();
AlarmRow dimensionalCollapse();
AlarmRow noValidPairs();
AlarmRow nothingActive();
AlarmRow everythingActive();
AlarmRow deadProxies();
AlarmRow learningRateTooHigh();
AlarmRow explodingGradient();
AlarmRow vanishingGradient();
AlarmRow overFitting();
AlarmRow labelsInDoubt();
AlarmRow duplicatesAcrossSplits();

/// A step that changes the weights by more than this share of their norm is too large: a hundredth is usual early in
/// training, a thousandth later.
inline constexpr double kLargeUpdate = 0.1;
inline constexpr double kUsualUpdate = 0.01;
inline constexpr double kCalmUpdate = 3 * kUsualUpdate;

/// Back to before the steps were too large, with the learning rate of that time or one that makes them usual.
/// @param latest The step to go back to is no later.
Cure smallerSteps(const HealthCase& run, double latest = std::numeric_limits<double>::infinity());

/// Raised by the run itself, not by a report.
inline constexpr std::string_view kDivergedAlarm = "diverged";

}  // namespace embedscope
