#pragma once

#include "engine/images/source_list.h"

namespace embedscope {

/// Reads a CSV manifest: `path,label[,split]`, a heading line with these names in any order or none, quoted fields,
/// CRLF and a byte order mark allowed. An empty label or -1 is unlabelled; split: train, or val, test, holdout.
/// Paths are relative to the manifest; absolute ones and those that lead out of its folder are refused and listed.
/// @throws std::runtime_error naming the file and line.
SourceList readManifest(const std::filesystem::path& file, std::stop_token stop);

}  // namespace embedscope
