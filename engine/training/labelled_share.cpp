#include "engine/training/labelled_share.h"

#include "engine/training/random.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace embedscope {

std::shared_ptr<const DataSet> withLabelledShare(std::shared_ptr<const DataSet> data, double share,
                                                 std::uint64_t seed) {
    if (share >= 1) return data;
    // A number for every sample, whatever its label: which labels are kept depends on nothing that is hidden, but for
    // the size of the classes.
    std::mt19937_64 generator(seedOf(seed, RandomStream::LabelledShare));
    std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> classes(data->classNames.size());
    for (std::size_t i = 0; i < data->size(); ++i) {
        const std::uint64_t place = generator();
        const Sample& sample = data->samples[i];
        if (sample.split == Split::Train && sample.label != kUnlabelled) classes[sample.label].emplace_back(place, i);
    }
    auto hidden = std::make_shared<DataSet>(*data);
    for (auto& members : classes) {
        std::ranges::sort(members);
        const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(members.size())));
        for (std::size_t i = std::max<std::size_t>(wanted, 2); i < members.size(); ++i)
            hidden->samples[members[i].second].label = kUnlabelled;
    }
    return hidden;
}

std::shared_ptr<const DataSet> withoutLabels(const DataSet& data) {
    auto hidden = std::make_shared<DataSet>(data);
    for (Sample& sample : hidden->samples)
        if (sample.split == Split::Train) sample.label = kUnlabelled;
    return hidden;
}

}  // namespace embedscope
