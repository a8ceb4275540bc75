#include "engine/compare/settings.h"
#include "engine/comparison.h"
#include "engine/learning.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

Json jsonOf(const std::string& text) {
    return Json::accept(text) ? Json::parse(text) : Json(text);
}

/// "triplet_margin" of "loss": the parameters of the choice before it do not belong to it.
void setChoice(Json& experiment, const std::string& kind, const std::string& text) {
    const Json value = jsonOf(text);
    const std::string id = value.is_string() ? value.get<std::string>() : text;
    entryOf(*catalogOf(kind), id, kind);
    experiment[kind] = {{"id", id}, {"parameters", Json::object()}};
}

void setParameter(Json& experiment, const std::string& kind, const std::string& id, const std::string& text) {
    Json& choice = experiment.at(kind);
    const CatalogEntry& entry = entryOf(*catalogOf(kind), choice.at("id").get<std::string>(), kind);
    const Parameter& parameter = parameterOf(entry, id);
    const auto option = std::ranges::find(parameter.options, text);
    const Json value = option == parameter.options.end() ? jsonOf(text) : Json(option - parameter.options.begin());
    if (!value.is_number())
        throw std::invalid_argument(quoted(text) + " is no value of " + quoted(kind + '.' + id) + ".");
    choice["parameters"][id] = value;
}

void setPlain(Json& experiment, const std::string& path, const std::string& text) {
    const auto dot = path.find('.');
    Json* place = nullptr;
    if (dot == std::string::npos)
        place = experiment.contains(path) ? &experiment[path] : nullptr;
    else if (path.substr(0, dot) == "data" && experiment["data"].contains(path.substr(dot + 1)))
        place = &experiment["data"][path.substr(dot + 1)];
    if (!place || place->is_structured())
        throw std::invalid_argument(quoted(path) +
                                    " is no setting that can be varied; name one of experiment.json, for example "
                                    "loss.margin, miner or learning_rate.");
    *place = jsonOf(text);
}

void set(Json& experiment, const std::string& path, const std::string& text) {
    const auto dot = path.find('.');
    const std::string kind = path.substr(0, dot);
    if (!catalogOf(kind))
        setPlain(experiment, path, text);
    else if (dot == std::string::npos)
        setChoice(experiment, kind, text);
    else
        setParameter(experiment, kind, path.substr(dot + 1), text);
}

/// Text is UTF-8, a file name need not be: paths that were not varied stay as they are.
void keepFiles(Experiment& changed, const Experiment& original, const std::string& path) {
    if (path != "data.folder") changed.data.folder = original.data.folder;
    if (path != "encoder_file") changed.encoderFile = original.encoderFile;
    if (path != "initial_weights") changed.initialWeights = original.initialWeights;
    if (path != "pairs_file") changed.pairsFile = original.pairsFile;
}

Experiment varied(const Experiment& original, const std::string& path, const std::string& text) try {
    Json json = Json::parse(toJson(original));
    set(json, path, text);
    Experiment changed = experimentFromJson(json.dump());
    keepFiles(changed, original, path);
    return path == "learning" ? suitedTo(changed.learning, original) : changed;
} catch (const std::runtime_error& failure) {
    std::string sentence = failure.what();
    if (const auto colon = sentence.find(": "); colon != std::string::npos) sentence.erase(0, colon + 2);
    throw std::invalid_argument(quoted(text) + " cannot be tried: " + sentence);
}

/// What `varied` breaks that worked before.
void refuseNewProblems(const Experiment& original, const Experiment& varied) {
    const std::vector<std::string> known = problems(original);
    for (const std::string& problem : problems(varied))
        if (std::ranges::find(known, problem) == known.end()) throw std::invalid_argument(problem);
}

void refuseDoubles(std::vector<std::string> values, const std::string& what) {
    std::ranges::sort(values);
    const auto twice = std::ranges::adjacent_find(values);
    if (twice != values.end())
        throw std::invalid_argument("The " + what + ' ' + *twice + " stands there twice; leave one out.");
}

std::string nameOf(const Experiment& experiment, const std::string& path) {
    for (const SettingValue& setting : settingsOf(experiment))
        if (setting.id == path) return setting.speaks ? setting.value : setting.label + ' ' + setting.value;
    throw std::invalid_argument(quoted(path) + " changes nothing in this experiment; choose another setting.");
}

void checkSize(const std::vector<std::string>& values, const std::vector<std::uint64_t>& seeds) {
    std::vector<std::string> texts;
    for (const std::uint64_t seed : seeds) texts.push_back(std::to_string(seed));
    refuseDoubles(texts, "seed");
    refuseDoubles(values, "value");
    const std::size_t runs = std::max<std::size_t>(1, values.size()) * seeds.size();
    if (runs < 2 || runs > kMostComparedRuns)
        throw std::invalid_argument("A grid of " + std::to_string(runs) +
                                    " runs compares nothing or too much; choose 2 to " +
                                    std::to_string(kMostComparedRuns) + " values times seeds.");
}

}  // namespace

Comparison makeGrid(const Experiment& experiment, const std::string& path, const std::vector<std::string>& values,
                    const std::vector<std::uint64_t>& seeds) {
    if (path.empty() != values.empty())
        throw std::invalid_argument("A grid needs a setting and its values, for example loss.margin=0.2,0.5.");
    if (path == "seed" || path == "name") throw std::invalid_argument("Name the seeds apart from the varied setting.");
    checkSize(values, seeds);
    Comparison grid;
    const auto add = [&](Experiment each, const std::string& name) {
        for (const std::uint64_t seed : seeds) {
            each.seed = seed;
            const std::string ofSeed = "seed " + std::to_string(seed);
            grid.runs.push_back({name.empty()       ? ofSeed
                                 : seeds.size() > 1 ? name + ", " + ofSeed
                                                    : name,
                                 each, std::nullopt});
        }
    };
    if (values.empty()) add(experiment, "");
    for (const std::string& value : values) {
        const Experiment each = varied(experiment, path, value);
        refuseNewProblems(experiment, each);
        add(each, nameOf(each, path));
    }
    grid.name = differences(grid).front().label;
    return grid;
}

}  // namespace embedscope
