#pragma once

#include "engine/images/source_list.h"

#include <functional>

namespace embedscope {

/// All images below a folder. A first level of train/, val/ (valid, validation) and test/ is the folder's split; the
/// next level is the class; deeper folders belong to it. Images directly in the folder are unlabelled. Hidden entries
/// are ignored; links that lead out of the folder are not followed and reported.
/// @param progress Called now and then with the number of images found so far.
/// @throws std::runtime_error with one sentence if there is nothing to open.
SourceList scanFolder(const std::filesystem::path& folder, const std::function<void(std::size_t)>& progress,
                      std::stop_token stop);

}  // namespace embedscope
