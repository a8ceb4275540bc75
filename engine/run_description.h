#pragma once

#include "engine/data_set.h"
#include "engine/experiment.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// What the experiment.json of a run folder says: the settings it began with, and which images it saw.
struct RunDescription {
    Experiment settings;
    std::string dataName;
    std::string dataFingerprint;
    ImageShape imageShape;
    std::size_t samples = 0;
    std::vector<std::string> classNames;

    /// The images as the run saw them, whatever would be chosen for their folder today.
    DataSettings dataSettings() const;
};

/// @throws std::runtime_error naming the file if it cannot be read or describes no run.
RunDescription describeRun(const std::filesystem::path& runFolder);

/// The samples of a run by its samples.csv, without pictures: each is one grey pixel.
/// @throws std::runtime_error naming the file.
std::shared_ptr<const DataSet> samplesWithoutPictures(const std::filesystem::path& runFolder,
                                                      const RunDescription& run);

}  // namespace embedscope
