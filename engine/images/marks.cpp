#include "engine/marks.h"

#include "engine/images/failure.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace embedscope {
namespace {

constexpr double kMostWeight = 100;

std::vector<std::int32_t> sorted(std::vector<std::int32_t> samples) {
    std::ranges::sort(samples);
    samples.erase(std::ranges::unique(samples).begin(), samples.end());
    return samples;
}

std::string problemOf(const Mark& mark, const DataSet& data) {
    const auto unknown = [&](std::int32_t sample) {
        return sample < 0 || static_cast<std::size_t>(sample) >= data.size();
    };
    if (mark.first.empty()) return "A mark names no image; leave it out.";
    if (std::ranges::any_of(mark.first, unknown) || std::ranges::any_of(mark.second, unknown))
        return "A mark names an image that is not in the data; take it back.";
    if (mark.isPair() && mark.pairs() == 0)
        return "A pair needs two different images; select two or more, or choose a first group.";
    if (mark.kind == MarkKind::Dissimilar && mark.second.empty())
        return "Dissimilar images need two sides; choose a first group and then another.";
    if (mark.kind == MarkKind::Label && mark.label != kUnlabelled &&
        (mark.label < 0 || static_cast<std::size_t>(mark.label) >= data.classNames.size()))
        return "A mark gives a class that the data does not have; choose one of them.";
    if (!(mark.weight >= 0 && mark.weight <= kMostWeight))
        return "The weight of a mark is from 0 to 100; choose one between.";
    return {};
}

}  // namespace

const std::array<MarkKindEntry, 4>& markKinds() {
    static const std::array<MarkKindEntry, 4> kKinds{{
        {MarkKind::Similar, "similar", "Similar", "Training pulls these images together, whatever their labels say."},
        {MarkKind::Dissimilar, "dissimilar", "Dissimilar",
         "Training pushes the two sides apart, whatever their labels say."},
        {MarkKind::Label, "label", "Label", "Training takes this class for theirs, or none if it is not known."},
        {MarkKind::Ignored, "ignored", "Ignored", "Training leaves these images out."},
    }};
    return kKinds;
}

const MarkKindEntry& entryOf(MarkKind kind) {
    return markKinds().at(static_cast<std::size_t>(kind));
}

std::size_t Mark::pairs() const {
    if (!isPair()) return 0;
    const auto a = sorted(first), b = sorted(second);
    if (b.empty()) return a.size() * (a.empty() ? 0 : a.size() - 1) / 2;
    std::vector<std::int32_t> both;
    std::ranges::set_intersection(a, b, std::back_inserter(both));
    const std::size_t twice = both.size() * (both.empty() ? 0 : both.size() - 1) / 2;  // x-y and y-x
    return a.size() * b.size() - both.size() - twice;
}

std::vector<std::string> problems(const Marks& marks, const DataSet& data) {
    std::vector<std::string> found;
    for (const Mark& mark : marks.list)
        if (std::string problem = problemOf(mark, data); !problem.empty()) found.push_back(std::move(problem));
    return found;
}

std::shared_ptr<const DataSet> withMarks(std::shared_ptr<const DataSet> data, const Marks& marks) {
    auto marked = std::make_shared<DataSet>(*data);
    std::set<std::int32_t> ignored;
    for (const Mark& mark : marks.list) {
        if (mark.isPair()) continue;
        for (const std::int32_t sample : mark.first) {
            if (data->samples[static_cast<std::size_t>(sample)].split != Split::Train) continue;
            if (mark.kind == MarkKind::Ignored)
                ignored.insert(sample);
            else
                marked->samples[static_cast<std::size_t>(sample)].label = mark.label;
        }
    }
    for (const std::int32_t sample : ignored) {
        marked->samples[static_cast<std::size_t>(sample)].label = kUnlabelled;
        marked->samples[static_cast<std::size_t>(sample)].split = Split::HoldOut;
    }
    if (sameLabels(*marked, *data)) return data;
    return marked;
}

bool sameLabels(const DataSet& a, const DataSet& b) {
    return &a == &b || std::ranges::equal(a.samples, b.samples, [](const Sample& one, const Sample& other) {
        return one.label == other.label && one.split == other.split;
    });
}

std::string MarksRead::remark() const {
    if (unknown == 0) return {};
    return grouped(unknown) + " lines were left out, because they name an image or a class that is not in the data " +
           "(first: " + inQuotes(firstUnknown) + ").";
}

}  // namespace embedscope
