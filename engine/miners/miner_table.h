#pragma once

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
MinerRow batchHard();
MinerRow semiHard();

const std::vector<MinerRow>& minerTable();

}  // namespace embedscope
