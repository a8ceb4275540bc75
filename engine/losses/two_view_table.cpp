#include "engine/losses/two_view_table.h"

#include "engine/choice_table.h"

#include <stdexcept>

namespace embedscope {

const std::vector<LossRow>& twoViewLossTable() {
    static const std::vector<LossRow> kTable = {simClr(), decoupledViews(), moco(),      vicReg(),     barlowTwins(),
                                                byol(),   simSiam(),        alignment(), uniformity(), alignUniform()};
    return kTable;
}

const Catalog& viewLossCatalog() {
    static const Catalog kCatalog = catalogOf(twoViewLossTable());
    return kCatalog;
}

std::unique_ptr<Loss> makeViewLoss(const Choice& choice, const LossSetting& setting) {
    return makeLoss(twoViewLossTable(), choice, setting);
}

std::pair<torch::Tensor, torch::Tensor> viewsOf(const torch::Tensor& embeddings) {
    const std::int64_t rows = embeddings.size(0);
    if (rows < 2 || rows % 2 != 0)
        throw std::invalid_argument("A loss on two views got " + std::to_string(rows) +
                                    " rows; it needs both views of each image.");
    return {embeddings.slice(0, 0, rows / 2), embeddings.slice(0, rows / 2)};
}

}  // namespace embedscope
