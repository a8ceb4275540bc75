#include "engine/data_set.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <stdexcept>

namespace embedscope {
namespace {

/// Fisher-Yates on the raw generator: std::shuffle and the distributions differ between standard libraries.
template <typename T>
void shuffle(std::vector<T>& values, std::mt19937_64& generator) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[generator() % i]);
}

/// Unlabelled samples are in no class: they stay in training, since they could not serve the metrics.
std::map<std::int32_t, std::vector<std::size_t>> samplesByClass(const DataSet& data) {
    std::map<std::int32_t, std::vector<std::size_t>> byClass;
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data.samples[i].label != kUnlabelled) byClass[data.samples[i].label].push_back(i);
    return byClass;
}

/// The same share of every class; a class always keeps one sample for training.
void holdOutImages(DataSet& data, double share, std::mt19937_64& generator) {
    for (auto& [label, members] : samplesByClass(data)) {
        shuffle(members, generator);
        const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(members.size())));
        const std::size_t count = std::min(wanted, members.size() - 1);
        for (std::size_t i = 0; i < count; ++i) data.samples[members[i]].split = Split::HoldOut;
    }
}

void holdOutClasses(DataSet& data, double share, std::mt19937_64& generator) {
    std::vector<std::vector<std::size_t>> classes;  // those that have samples
    for (auto& [label, members] : samplesByClass(data)) classes.push_back(std::move(members));
    if (classes.size() < 4)
        throw std::runtime_error("Holding out whole classes needs at least 4 classes, \"" + data.name + "\" has " +
                                 std::to_string(classes.size()) + "; hold out images instead.");
    shuffle(classes, generator);
    const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(classes.size())));
    classes.resize(std::clamp<std::size_t>(wanted, 2, classes.size() - 2));
    for (const std::vector<std::size_t>& members : classes)
        for (const std::size_t i : members) data.samples[i].split = Split::HoldOut;
}

bool hasOwnHoldOut(const DataSet& data) {
    return std::ranges::find(data.folderSplit, Split::HoldOut) != data.folderSplit.end();
}

void holdOutAsFolder(DataSet& data) {
    if (!hasOwnHoldOut(data))
        throw std::runtime_error("\"" + data.name +
                                 "\" has no hold-out of its own (val/ or test/ beside train/, or a split column); "
                                 "choose images or classes as hold-out.");
    for (std::size_t i = 0; i < data.size(); ++i) data.samples[i].split = data.folderSplit[i];
}

}  // namespace

std::shared_ptr<const DataSet> withHoldOut(const DataSet& data, const DataSettings& settings, std::uint64_t seed) {
    auto result = std::make_shared<DataSet>(data);
    for (Sample& sample : result->samples) sample.split = Split::Train;
    HoldOut rule = settings.holdOut;
    if (rule == HoldOut::Automatic) rule = hasOwnHoldOut(data) ? HoldOut::FolderSplit : HoldOut::Images;

    std::mt19937_64 generator(seed ^ 0x686f6c646f757400ULL);  // its own stream: the same seed drives other draws
    switch (rule) {
        case HoldOut::Images:
            holdOutImages(*result, settings.holdOutShare, generator);
            break;
        case HoldOut::Classes:
            holdOutClasses(*result, settings.holdOutShare, generator);
            break;
        case HoldOut::FolderSplit:
            holdOutAsFolder(*result);
            break;
        case HoldOut::Automatic:
        case HoldOut::None:
            break;
    }
    return result;
}

}  // namespace embedscope
