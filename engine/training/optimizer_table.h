#pragma once

#include "engine/training/grouped_optimizer.h"

#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// A row of the table and what makes it. A new optimiser is one file with such a function and one line in
/// optimizer_table.cpp.
struct OptimizerRow {
    CatalogEntry entry;
    std::unique_ptr<Optimizer> (*make)(std::vector<WeightGroup> groups, Update update, const CatalogEntry& row,
                                       const ParameterValues& values);
};

OptimizerRow adamRow();
OptimizerRow adamWRow();
OptimizerRow sgdRow();
OptimizerRow larsRow();

template <typename T>
std::unique_ptr<Optimizer> makeGrouped(std::vector<WeightGroup> groups, Update update, const CatalogEntry& row,
                                       const ParameterValues& values) {
    return std::make_unique<T>(std::move(groups), update, row, values);
}

Parameter optimizerNumber(std::string id, std::string label, std::string help, double maximum, double step,
                          double standard);
Parameter momentumParameter();
Parameter weightDecayParameter(double standard = 0);
/// Of the loss's own weights.
Parameter lossRateFactorParameter();

}  // namespace embedscope
