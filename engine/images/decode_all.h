#pragma once

#include "engine/images/cache_format.h"
#include "engine/images/load_progress.h"
#include "engine/images/source_list.h"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace embedscope {

/// Takes a decoded image. Called on several threads.
using ImageSink = std::function<void(std::size_t position, std::span<const std::uint8_t> pixels)>;

/// Decodes all images of a list on all cores and brings them to `shape`.
/// @return Those that cannot be read, ordered by position. @throws Cancelled, and what the sink throws.
std::vector<Unreadable> decodeAll(const SourceList& list, const ImageShape& shape, const ImageSink& sink,
                                  LoadProgress& progress, const std::stop_token& stop);

}  // namespace embedscope
