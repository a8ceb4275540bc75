#pragma once

#include "engine/run_description.h"
#include "engine/storage/kept_epochs.h"
#include "engine/storage/samples_table.h"

#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// The embeddings of the newest complete epoch of a run, and whose they are.
struct ExportedRows {
    RunDescription run;
    KeptEpoch epoch;
    std::vector<NamedSample> samples;  ///< [rows]

    std::size_t count() const { return samples.size(); }
    /// The row's numbers with something between them.
    std::string numbers(std::size_t row, char between) const;
};

/// @throws std::runtime_error naming the file that cannot be read.
ExportedRows newestRows(const std::filesystem::path& runFolder);

}  // namespace embedscope
