#pragma once

#include "engine/experiment.h"

#include <cstdint>

namespace embedscope {

/// How far a run has come.
struct ScheduleProgress {
    std::int64_t step = 0;  ///< Counted from 0: the step that is about to be taken.
    std::int64_t stepsPerEpoch = 1;
    int epochs = 1;
};

/// What the learning rate is multiplied with at a step, 0..1.
/// @throws std::invalid_argument naming the known ids or parameters.
double scheduleFactor(const Choice& choice, const ScheduleProgress& progress);

}  // namespace embedscope
