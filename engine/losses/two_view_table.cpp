#include "engine/losses/two_view_table.h"

#include <stdexcept>

namespace embedscope {

const std::vector<LossRow>& twoViewLossTable() {
    static const std::vector<LossRow> kTable = {simClr(),    vicReg(),     barlowTwins(),
                                                alignment(), uniformity(), alignUniform()};
    return kTable;
}

std::pair<torch::Tensor, torch::Tensor> viewsOf(const torch::Tensor& embeddings) {
    const std::int64_t rows = embeddings.size(0);
    if (rows < 2 || rows % 2 != 0)
        throw std::invalid_argument("A loss on two views got " + std::to_string(rows) +
                                    " rows; it needs both views of each image.");
    return {embeddings.slice(0, 0, rows / 2), embeddings.slice(0, rows / 2)};
}

}  // namespace embedscope
