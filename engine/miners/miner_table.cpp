#include "engine/miners/miner_table.h"

#include <algorithm>

namespace embedscope {

const std::vector<MinerRow>& minerTable() {
    static const std::vector<MinerRow> kTable = {semiHard(),
                                                 batchHard(),
                                                 everything(),
                                                 hardTriplets(),
                                                 easyTriplets(),
                                                 tripletMarginMiner(),
                                                 angularMiner(),
                                                 batchEasyHard(),
                                                 pairMargin(),
                                                 multiSimilarityMiner(),
                                                 hardDistanceCascade(),
                                                 distanceWeighted(),
                                                 randomTriplets()};
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

Parameter minerDistance() {
    Parameter parameter =
        minerParameter("distance", "Distance", 0, 2, 1, 0,
                       "What near and far mean to the miner. On normalised embeddings only directions "
                       "count.");
    parameter.options = {"Euclidean, normalised", "Euclidean", "cosine similarity"};
    return parameter;
}

Measure minerMeasure(const ParameterValues& values) {
    constexpr Measure kMeasures[] = {Measure::NormalizedEuclidean, Measure::Euclidean, Measure::Cosine};
    return kMeasures[static_cast<std::size_t>(values.at("distance"))];
}

Parameter minerParameter(std::string id, std::string label, double minimum, double maximum, double step,
                         double standard, std::string help) {
    Parameter parameter;
    parameter.id = std::move(id);
    parameter.label = std::move(label);
    parameter.help = std::move(help);
    parameter.minimum = minimum;
    parameter.maximum = maximum;
    parameter.step = step;
    parameter.standard = standard;
    parameter.changesLive = true;
    return parameter;
}

std::unique_ptr<Miner> makeMiner(const Choice& choice, std::uint64_t seed) {
    const CatalogEntry& entry = entryOf(minerCatalog(), choice.id, "miner");
    for (const auto& [id, value] : choice.parameters) parameterOf(entry, id);  // an unknown name must not pass
    const auto row = std::ranges::find(minerTable(), choice.id, [](const MinerRow& each) { return each.entry.id; });
    return row->make(completed(entry, choice.parameters), seed);
}

}  // namespace embedscope
