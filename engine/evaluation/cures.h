#pragma once

#include "engine/health.h"

#include <cstdint>
#include <string>

namespace embedscope {

/// Three significant digits: "0.0123", "1.2e-05".
std::string shortText(double value);
/// "12 %", "0.3 %".
std::string inPercent(double share);

/// Divides the learning rate.
Cure lowerRate(const Experiment& settings, double divisor);
/// Chooses semi-hard mining with its standard parameters.
Cure semiHardMining();
/// First the state of the newest checkpoint at or before `step`, then the rest of the cure.
Cure goingBack(std::int64_t step, Cure then);

}  // namespace embedscope
