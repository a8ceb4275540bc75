#pragma once

#include "engine/losses/loss_table.h"

#include <utility>

namespace embedscope {

/// Losses on two views of each image, in a table of their own because they need a run that makes the views. They take
/// 2N rows of which i and i + N are views of one image; labels and tuples are not read.
const std::vector<LossRow>& twoViewLossTable();

/// @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<Loss> makeViewLoss(const Choice& choice, const LossSetting& setting);

LossRow simClr();
LossRow decoupledViews();
LossRow vicReg();
LossRow barlowTwins();
LossRow alignment();
LossRow uniformity();
LossRow alignUniform();
LossRow byol();
LossRow moco();
LossRow simSiam();

/// The two halves of the rows. @throws std::invalid_argument for an odd number of rows.
std::pair<torch::Tensor, torch::Tensor> viewsOf(const torch::Tensor& embeddings);

}  // namespace embedscope
