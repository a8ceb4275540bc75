#include "engine/miners/miner_table.h"

#include "engine/choice_table.h"

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
    static const Catalog kCatalog = catalogOf(minerTable());
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
    Parameter parameter =
        numberParameter(std::move(id), std::move(label), "", {minimum, maximum, step, standard}, std::move(help));
    parameter.changesLive = true;
    return parameter;
}

std::unique_ptr<Miner> makeMiner(const Choice& choice, std::uint64_t seed) {
    const MinerRow& row = rowOf(minerTable(), choice, "miner");
    return row.make(completed(row.entry, choice.parameters), seed);
}

}  // namespace embedscope
