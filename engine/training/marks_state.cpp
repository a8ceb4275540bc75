#include "engine/training/marks_state.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace embedscope {
namespace {

nlohmann::json jsonOf(const Mark& mark, const DataSet& data) {
    nlohmann::json json{{"kind", entryOf(mark.kind).id}, {"first", mark.first}};
    if (!mark.second.empty()) json["second"] = mark.second;
    if (mark.isPair()) json["weight"] = mark.weight;
    if (mark.kind == MarkKind::Label)
        json["label"] = mark.label < 0 ? "" : data.classNames.at(static_cast<std::size_t>(mark.label));
    return json;
}

/// Those of `all` that are not among the others.
nlohmann::json onlyIn(const Marks& all, const Marks& others, const DataSet& data) {
    nlohmann::json list = nlohmann::json::array();
    for (const Mark& mark : all.list)
        if (std::ranges::find(others.list, mark) == others.list.end()) list.push_back(jsonOf(mark, data));
    return list;
}

}  // namespace

void save(const StateWriter& state, const Marks& marks) {
    std::vector<std::int32_t> kinds, firsts, seconds, labels, samples;
    std::vector<double> weights;
    for (const Mark& mark : marks.list) {
        kinds.push_back(static_cast<std::int32_t>(mark.kind));
        firsts.push_back(static_cast<std::int32_t>(mark.first.size()));
        seconds.push_back(static_cast<std::int32_t>(mark.second.size()));
        labels.push_back(mark.label);
        weights.push_back(mark.weight);
        samples.insert(samples.end(), mark.first.begin(), mark.first.end());
        samples.insert(samples.end(), mark.second.begin(), mark.second.end());
    }
    state.numbers("kinds", kinds);
    state.numbers("firsts", firsts);
    state.numbers("seconds", seconds);
    state.numbers("labels", labels);
    state.numbers("weights", weights);
    state.numbers("samples", samples);
}

Marks loadedMarks(const StateReader& state, const DataSet& data) {
    const auto kinds = state.numbers<std::int32_t>("kinds");
    const auto firsts = state.numbers<std::int32_t>("firsts", kinds.size());
    const auto seconds = state.numbers<std::int32_t>("seconds", kinds.size());
    const auto labels = state.numbers<std::int32_t>("labels", kinds.size());
    const auto weights = state.numbers<double>("weights", kinds.size());
    const auto samples = state.numbers<std::int32_t>("samples");
    std::span<const std::int32_t> rest(samples);
    const auto taken = [&](std::int32_t count) {
        if (count < 0 || static_cast<std::size_t>(count) > rest.size())
            state.fail("samples", "are fewer than the marks count");
        const auto part = rest.first(static_cast<std::size_t>(count));
        rest = rest.subspan(part.size());
        return std::vector<std::int32_t>(part.begin(), part.end());
    };
    Marks marks;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i] < 0 || static_cast<std::size_t>(kinds[i]) >= markKinds().size())
            state.fail("kinds", "are no kinds of marks");
        Mark mark;
        mark.kind = static_cast<MarkKind>(kinds[i]);
        mark.first = taken(firsts[i]);
        mark.second = taken(seconds[i]);
        mark.label = labels[i];
        mark.weight = weights[i];
        marks.list.push_back(std::move(mark));
    }
    if (!problems(marks, data).empty()) state.fail("samples", "are no marks of this data");
    return marks;
}

std::string changeJson(const Marks& before, const Marks& after, const DataSet& data) {
    const nlohmann::json json{
        {"added", onlyIn(after, before, data)}, {"removed", onlyIn(before, after, data)}, {"marks", after.list.size()}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace embedscope
