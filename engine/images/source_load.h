#pragma once

#include "engine/images/load_progress.h"
#include "engine/images/source_list.h"

namespace embedscope {

/// Decodes all images of a list on all cores. The result depends on the list and the settings only.
/// @throws std::runtime_error if none can be read or they do not fit into memory; Cancelled.
std::shared_ptr<const DataSet> loadSources(SourceList list, const DataSettings& settings, LoadProgress& progress,
                                           std::stop_token stop);

}  // namespace embedscope
