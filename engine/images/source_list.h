#pragma once

#include "engine/data_set.h"

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

/// An image before it is decoded.
struct ImageSource {
    std::string path;            ///< Relative to SourceList::root, UTF-8, with '/'.
    std::string className;       ///< Empty: unlabelled.
    std::optional<Split> split;  ///< Where the folder or manifest says so.
    std::uint64_t bytes = 0;
    std::int64_t modified = 0;  ///< Nanoseconds since 1970, as `changed` is.
    std::int64_t changed = 0;   ///< Of the content or of what is known of the file; no program can set it back.
};

/// What opening a folder or manifest found; sorted by path, so that the order never depends on the file system.
struct SourceList {
    std::filesystem::path root;
    std::string name;
    std::vector<ImageSource> images;
    std::vector<SkippedFile> skipped;
};

/// Class names in order and the samples with their labels. The hold-out is the folder's own, or none.
void fillSamples(const SourceList& list, DataSet& data);

/// Hex digest over the paths, classes, splits, sizes and times of all images and the shape.
std::string fingerprintOf(const SourceList& list, const ImageShape& shape);

}  // namespace embedscope
