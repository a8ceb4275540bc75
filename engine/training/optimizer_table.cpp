#include "engine/training/optimizer_table.h"

#include "engine/choice_table.h"

#include <utility>

namespace embedscope {
namespace {

const std::vector<OptimizerRow>& rows() {
    static const std::vector<OptimizerRow> kRows = {adamRow(), adamWRow(), sgdRow(), larsRow()};
    return kRows;
}

}  // namespace

Parameter optimizerNumber(std::string id, std::string label, std::string help, double maximum, double step,
                          double standard) {
    return numberParameter(std::move(id), std::move(label), "", {0, maximum, step, standard}, std::move(help));
}

Parameter momentumParameter() {
    return optimizerNumber("momentum", "Momentum", "Memory of the direction: nearer to 1 moves faster and overshoots.",
                           0.9999, 0.05, 0.9);
}

Parameter weightDecayParameter(double standard) {
    return optimizerNumber("weight_decay", "Weight decay",
                           "Pulls all weights towards zero. A little calms the movement of long runs; much holds the "
                           "points together.",
                           1, 1e-4, standard);
}

Parameter lossRateFactorParameter() {
    return optimizerNumber("loss_rate_factor", "Rate factor of the loss's weights",
                           "Proxies and class centres learn this many times as fast as the encoder. Without effect "
                           "for losses that have no weights.",
                           1000, 1, 10);
}

const Catalog& optimizerCatalog() {
    static const Catalog kCatalog = catalogOf(rows());
    return kCatalog;
}

std::unique_ptr<Optimizer> makeOptimizer(const Choice& choice, std::vector<WeightGroup> groups, Update update) {
    const OptimizerRow& row = rowOf(rows(), choice, "optimizer");
    return row.make(std::move(groups), update, row.entry, choice.parameters);
}

}  // namespace embedscope
