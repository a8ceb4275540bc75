#pragma once

#include "engine/losses/tuples.h"

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace embedscope {

/// Who stands in a triplet with an anchor, from labels or from masks. Keeps its own copy of both on the CPU.
class AnchorPartners {
public:
    AnchorPartners(const torch::Tensor& labels, const Tuples& tuples);

    std::int64_t count() const { return labels_.size(0); }
    /// Clears both lists and fills them in the order of rows.
    void list(std::int64_t anchor, std::vector<std::int64_t>& positives, std::vector<std::int64_t>& negatives) const;
    /// Anchors such that the positives of one group's members are members of it too.
    std::vector<std::vector<std::int64_t>> groups() const;

private:
    torch::Tensor labels_;
    torch::Tensor similar_, dissimilar_;  ///< Undefined: the labels decide.
};

}  // namespace embedscope
