#include "engine/losses/loss_table.h"

#include <algorithm>
#include <stdexcept>

namespace embedscope {

const std::vector<LossRow>& lossTable() {
    static const std::vector<LossRow> kTable = {tripletMargin(), tripletSquared(), contrastiveSquared(),
                                                contrastiveHadsell()};
    return kTable;
}

const Catalog& lossCatalog() {
    static const Catalog kCatalog = [] {
        Catalog catalog;
        for (const LossRow& row : lossTable()) catalog.push_back(row.entry);
        return catalog;
    }();
    return kCatalog;
}

Parameter marginParameter(double standard, double maximum, const std::string& help) {
    Parameter margin;
    margin.id = "margin";
    margin.label = "Margin";
    margin.help = help;
    margin.minimum = 0.01;
    margin.maximum = maximum;
    margin.step = 0.05;
    margin.standard = standard;
    margin.changesLive = true;
    return margin;
}

std::unique_ptr<Loss> makeLoss(const Choice& choice, const LossSetting& setting) {
    const CatalogEntry& entry = entryOf(lossCatalog(), choice.id, "loss");
    for (const auto& [id, value] : choice.parameters) parameterOf(entry, id);  // an unknown name must not pass
    const auto row = std::ranges::find(lossTable(), choice.id, [](const LossRow& each) { return each.entry.id; });
    return row->make(completed(entry, choice.parameters), setting);
}

}  // namespace embedscope
