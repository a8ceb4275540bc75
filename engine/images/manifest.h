#pragma once

#include "engine/images/source_list.h"

#include <functional>

namespace embedscope {

/// True for a file whose name ends in .csv.
bool isManifest(const std::filesystem::path& file);

/// The "manifest.csv" directly in a folder, or an empty path.
std::filesystem::path manifestIn(const std::filesystem::path& folder);

/// Of the fields of a heading line those that this program reads: path, label, split. Empty if the line is none.
std::vector<bool> knownColumns(const std::vector<std::string>& heading);
/// The number of the column with the paths. @param heading A line for which knownColumns() is not empty.
std::size_t pathColumnOf(const std::vector<std::string>& heading);

/// Reads a CSV manifest: `path,label[,split]`, a heading line with these names in any order or none, quoted fields,
/// CRLF and a byte order mark allowed. An empty label or -1 is unlabelled; split: train, or val, test, holdout.
/// Paths are relative to the manifest; absolute ones, those that lead out of its folder and repeated ones are refused
/// and listed.
/// @param progress Called now and then with the number of images found so far.
/// @throws std::runtime_error naming the file and line.
SourceList readManifest(const std::filesystem::path& file, const std::function<void(std::size_t)>& progress,
                        std::stop_token stop);

}  // namespace embedscope
