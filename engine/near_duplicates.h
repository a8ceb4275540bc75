#pragma once

#include "engine/data_set.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace embedscope {

/// A held-out image and the training image that it nearly equals; indices into the data set.
struct NearDuplicate {
    std::int32_t heldOut = 0;
    std::int32_t training = 0;
};

struct NearDuplicates {
    std::vector<NearDuplicate> pairs;  ///< At most one a held-out image, by held-out image.
    std::size_t checkedHeldOut = 0;    ///< All of them, or, of more than kMostImages, as many, evenly taken.
    std::size_t checkedTraining = 0;   ///< The same.
};

inline constexpr std::size_t kMostImages = 20'000;

/// Held-out images that are also trained on, but for recompression or slight changes of size and brightness: two images
/// whose means over 8 x 8 cells differ by less than 2 of 255 (root mean square) and then the pixels by less than 6.
/// Mirrored and cropped copies are not found. Images without any contrast are left out.
/// @return nothing if stopped.
std::optional<NearDuplicates> nearDuplicatesAcrossSplits(const DataSet& data, std::stop_token stop = {});

}  // namespace embedscope
