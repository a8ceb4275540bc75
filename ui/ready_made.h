#pragma once

#include "engine/experiment.h"

#include <QString>

#include <vector>

namespace embedscope {

/// An experiment that comes with the program.
struct ReadyMade {
    QString title;
    QString about;
    Experiment experiment;
};

/// Those in the program's resources, in the order of their file names.
/// @throws std::runtime_error naming the file if one of them cannot be read: a fault of the build.
std::vector<ReadyMade> readyMadeExperiments();

/// Makes the program's resources known to Qt; may be called again.
void loadResources();

}  // namespace embedscope
