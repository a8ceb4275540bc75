#pragma once

#include "engine/experiment.h"

#include <QString>

#include <string>
#include <vector>

namespace embedscope {

/// A setting that a grid can vary.
struct GridSetting {
    std::string path;  ///< As makeGrid() takes it.
    QString label;
    QString values;  ///< A proposal, separated by commas.
    QString help;
};

/// The settings that count for this experiment: choices, their parameters, and the plain numbers.
std::vector<GridSetting> gridSettings(const Experiment& experiment);

}  // namespace embedscope
