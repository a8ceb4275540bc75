#pragma once

#include "engine/images/source_list.h"

#include <functional>

namespace embedscope {

/// All images below a folder. Folders train, val, test (and their kin) directly below it are its own split if train is
/// among them and they are not names of classes like any other, see splitFoldersIn(); the next level is the class;
/// deeper folders belong to it. Images above the level of classes are unlabelled. Hidden entries are ignored. Links are
/// followed to files inside the folder only; links that lead out of it, folders that cannot be opened and names that
/// are no UTF-8 are reported.
/// @param progress Called now and then with the number of images found so far.
/// @throws std::runtime_error with one sentence if there is nothing to open.
SourceList scanFolder(const std::filesystem::path& folder, const std::function<void(std::size_t)>& progress,
                      std::stop_token stop);

/// "cats" for "/data/cats", "/data/cats/" and, inside it, ".".
std::string nameOfFolder(const std::filesystem::path& folder);

}  // namespace embedscope
