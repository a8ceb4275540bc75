#pragma once

#include "engine/experiment.h"

#include <string_view>

namespace embedscope {

/// One "margin=0.5" of the command line: finds the parameter in any choice of the experiment. "loss.margin=0.5" says in
/// which; "added1.margin=0.5" means the first added loss. The value is a number, or the name of an option.
/// @throws std::invalid_argument naming the known parameters, or the options.
void applySetting(Experiment& experiment, std::string_view text);

/// The same for the row of one catalogue.
void applySetting(const CatalogEntry& entry, ParameterValues& values, std::string_view text);

/// "supcon", or with its weight "supcon:0.5". @throws std::invalid_argument
AddedLoss addedLoss(std::string_view text);

}  // namespace embedscope
