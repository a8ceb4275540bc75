#include "engine/training/pair_tuples.h"

namespace embedscope {
namespace {

torch::Tensor listed(const std::vector<GivenPair>& pairs, bool similar, const torch::Device& device) {
    std::vector<std::int64_t> anchors, partners;
    for (const GivenPair& pair : pairs) {
        if (pair.similar != similar) continue;
        anchors.insert(anchors.end(), {pair.first, pair.second});
        partners.insert(partners.end(), {pair.second, pair.first});
    }
    return torch::stack({torch::tensor(anchors, torch::kLong), torch::tensor(partners, torch::kLong)}).to(device);
}

}  // namespace

Tuples tuplesOf(const std::vector<GivenPair>& pairs, const torch::Device& device) {
    Tuples tuples;
    tuples.kind = Tuples::Kind::Pairs;
    tuples.positivePairs = listed(pairs, true, device);
    tuples.negativePairs = listed(pairs, false, device);
    return tuples;
}

}  // namespace embedscope
