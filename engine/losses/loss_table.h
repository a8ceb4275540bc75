#pragma once

#include "engine/losses/loss.h"

#include <functional>
#include <vector>

namespace embedscope {

/// A row of the table of losses: what forms show of it, and how it is made from a complete set of values.
struct LossRow {
    CatalogEntry entry;
    std::function<std::unique_ptr<Loss>(const ParameterValues&, const LossSetting&)> make;
};

/// One function a loss, in the file of that loss; `lossTable` lists them.
LossRow contrastiveSquared();
LossRow contrastiveHadsell();
LossRow tripletSquared();
LossRow tripletMargin();

const std::vector<LossRow>& lossTable();

/// The margin every hinge loss has, changeable while it runs.
Parameter marginParameter(double standard, double maximum, const std::string& help);

}  // namespace embedscope
