#include "engine/miners/miner_table.h"

#include <algorithm>

namespace embedscope {

const std::vector<MinerRow>& minerTable() {
    static const std::vector<MinerRow> kTable = {semiHard(), batchHard(), everything()};
    return kTable;
}

const Catalog& minerCatalog() {
    static const Catalog kCatalog = [] {
        Catalog catalog;
        for (const MinerRow& row : minerTable()) catalog.push_back(row.entry);
        return catalog;
    }();
    return kCatalog;
}

std::unique_ptr<Miner> makeMiner(const Choice& choice, std::uint64_t seed) {
    const CatalogEntry& entry = entryOf(minerCatalog(), choice.id, "miner");
    for (const auto& [id, value] : choice.parameters) parameterOf(entry, id);  // an unknown name must not pass
    const auto row = std::ranges::find(minerTable(), choice.id, [](const MinerRow& each) { return each.entry.id; });
    return row->make(completed(entry, choice.parameters), seed);
}

}  // namespace embedscope
