#pragma once

#include "engine/image_cache.h"
#include "engine/images/load_progress.h"
#include "engine/images/source_list.h"

namespace embedscope {

/// The images of a list, from the cache or decoded on all cores and, where the cache takes them, kept there. The result
/// depends on the list and the settings only.
/// @throws std::runtime_error if none can be read or, without a cache, they do not fit into memory; Cancelled.
std::shared_ptr<const DataSet> loadSources(SourceList list, const DataSettings& settings, const ImageCache& cache,
                                           LoadProgress& progress, std::stop_token stop);

}  // namespace embedscope
