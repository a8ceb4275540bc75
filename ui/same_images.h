#pragma once

#include "engine/data_set.h"

#include <memory>

namespace embedscope {

/// Whether both hold the same pixels, however they are split and labelled.
inline bool sameImages(const std::shared_ptr<const DataSet>& a, const std::shared_ptr<const DataSet>& b) {
    return a == b || (a && b && a->size() == b->size() && a->pixels.view().data() == b->pixels.view().data());
}

/// Whether both were opened from the same files; false if one is missing.
inline bool sameFiles(const std::shared_ptr<const DataSet>& a, const std::shared_ptr<const DataSet>& b) {
    return a && b && a->fingerprint == b->fingerprint;
}

}  // namespace embedscope
