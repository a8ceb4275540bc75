#pragma once

#include "engine/losses/measure.h"
#include "engine/miners/miner.h"

#include <functional>
#include <vector>

namespace embedscope {

/// A row of the table of miners: what forms show of it, and how it is made from a complete set of values.
struct MinerRow {
    CatalogEntry entry;
    std::function<std::unique_ptr<Miner>(const ParameterValues&, std::uint64_t seed)> make;
};

/// One function a miner, in the file of that miner; `minerTable` lists them.
MinerRow everything();
MinerRow semiHard();
MinerRow hardTriplets();
MinerRow easyTriplets();
MinerRow tripletMarginMiner();
MinerRow angularMiner();
MinerRow batchHard();
MinerRow batchEasyHard();
MinerRow pairMargin();
MinerRow multiSimilarityMiner();
MinerRow hardDistanceCascade();
MinerRow distanceWeighted();
MinerRow randomTriplets();

const std::vector<MinerRow>& minerTable();

/// Euclidean or cosine on normalised rows, or Euclidean: what miners choose by.
Parameter minerDistance();
Measure minerMeasure(const ParameterValues& values);

/// A parameter of a miner; all may change while the run goes on, as the run makes the miner anew.
Parameter minerParameter(std::string id, std::string label, double minimum, double maximum, double step,
                         double standard, std::string help);

}  // namespace embedscope
