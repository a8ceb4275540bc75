#pragma once

#include "engine/data_set.h"
#include "engine/snapshot.h"

#include <filesystem>
#include <memory>

namespace embedscope {

/// The points of a kept run at the end of its newest epoch, or where they were last if none is complete.
struct RunPoints {
    std::shared_ptr<const DataSet> data;  ///< Without pictures.
    std::shared_ptr<const BankFrame> bank;
};

/// @throws std::runtime_error naming the file that cannot be read, or saying that no epoch is complete.
RunPoints newestPoints(const std::filesystem::path& runFolder);

}  // namespace embedscope
