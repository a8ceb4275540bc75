#pragma once

#include "engine/experiment.h"

#include <optional>

namespace embedscope {

/// The value of a loss's parameter "margin" that puts its mark at this Euclidean distance, rounded to what a person
/// would type; the nearest one of its range. None if the loss has no margin that may change while a run goes on, or no
/// mark.
/// @param similarMeanSquare Mean squared distance of similar pairs, which marks of triplet losses begin at.
std::optional<double> marginAt(const Choice& loss, double distance, double similarMeanSquare);

}  // namespace embedscope
