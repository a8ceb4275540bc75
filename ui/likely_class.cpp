#include "ui/likely_class.h"

#include "engine/neighbors.h"

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kNeighbors = 12;
constexpr std::size_t kMostNumbers = 20'000'000;  // of the bank that are read, some milliseconds

}  // namespace

std::optional<int> likelyClass(const BankFrame& bank, const DataSet& data, const std::vector<int>& samples) {
    if (bank.embeddings.empty()) return std::nullopt;
    std::vector<std::size_t> votes(data.classNames.size(), 0);
    const std::size_t most = std::max<std::size_t>(1, kMostNumbers / std::max<std::size_t>(1, bank.embeddings.size()));
    const std::size_t every = samples.size() / most + 1;
    for (std::size_t i = 0; i < samples.size(); i += every) {
        const auto place = std::ranges::find(*bank.samples, samples[i]);
        if (place == bank.samples->end()) continue;
        const auto row = static_cast<std::size_t>(place - bank.samples->begin());
        for (const Neighbor& neighbor : nearestNeighbors(bank, row, kNeighbors)) {
            const int other = (*bank.samples)[static_cast<std::size_t>(neighbor.row)];
            const int label = data.samples[static_cast<std::size_t>(other)].label;
            if (label >= 0 && std::ranges::find(samples, other) == samples.end())
                ++votes[static_cast<std::size_t>(label)];
        }
    }
    const auto best = std::ranges::max_element(votes);
    if (best == votes.end() || *best == 0 || std::ranges::count(votes, *best) > 1) return std::nullopt;
    return static_cast<int>(best - votes.begin());
}

}  // namespace embedscope
