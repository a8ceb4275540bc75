#include "engine/training/tracked_samples.h"

#include "engine/training/random.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace embedscope {

std::vector<std::int32_t> trackedSamples(const DataSet& data, std::size_t limit, std::uint64_t seed) {
    std::mt19937_64 generator(seed);
    std::map<std::pair<Split, std::int32_t>, std::vector<std::int32_t>> strata;
    for (std::size_t i = 0; i < data.size(); ++i)
        strata[{data.samples[i].split, data.samples[i].label}].push_back(static_cast<std::int32_t>(i));

    // The k-th of n members of a stratum gets the place (k + 1/2) / n, the first one 0; the lowest places are taken.
    // That is the same share of each stratum to within one sample.
    std::vector<std::pair<double, std::int32_t>> places;
    places.reserve(data.size());
    for (auto& [stratum, members] : strata) {
        shuffle(std::span(members), generator);
        for (std::size_t k = 0; k < members.size(); ++k)
            places.emplace_back(k == 0 ? 0 : (static_cast<double>(k) + 0.5) / static_cast<double>(members.size()),
                                members[k]);
    }
    const std::size_t count = std::min(limit, places.size());
    std::ranges::partial_sort(places, places.begin() + static_cast<std::ptrdiff_t>(count));

    std::vector<std::int32_t> tracked;
    tracked.reserve(count);
    for (std::size_t i = 0; i < count; ++i) tracked.push_back(places[i].second);
    std::ranges::sort(tracked);
    shuffle(std::span(tracked), generator);
    return tracked;
}

}  // namespace embedscope
