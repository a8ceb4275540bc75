#include "app/setting_text.h"

#include "engine/learning.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>
#include <utility>

namespace embedscope {
namespace {

/// When a choice has a meaning, so that "temperature" is that of the loss that is used.
bool always(const Experiment&) {
    return true;
}
bool withBoth(const Experiment& experiment) {
    return experiment.learning == Learning::SemiSupervised;
}

struct Place {
    std::string_view kind;
    Choice Experiment::*choice;
    const Catalog& (*catalog)();
    bool (*counts)(const Experiment&) = always;
};

constexpr std::array kPlaces{
    Place{"loss", &Experiment::loss, lossCatalog, usesLabels},
    Place{"miner", &Experiment::miner, minerCatalog, usesLabels},
    Place{"memory", &Experiment::memory, memoryCatalog, usesLabels},
    Place{"view_loss", &Experiment::viewLoss, viewLossCatalog, usesViews},
    Place{"head", &Experiment::head, headCatalog, usesViews},
    Place{"pseudo_labels", &Experiment::pseudoLabels, pseudoLabelCatalog, withBoth},
    Place{"sampler", &Experiment::sampler, samplerCatalog},
    Place{"encoder", &Experiment::encoder, encoderCatalog},
    Place{"optimizer", &Experiment::optimizer, optimizerCatalog},
    Place{"schedule", &Experiment::schedule, scheduleCatalog},
    Place{"augmentation", &Experiment::augmentation, augmentationCatalog},
};

struct Target {
    Choice* choice;
    const Parameter* parameter;
    std::string name;  ///< "loss.margin"
};

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// Everything that can be set with the entries chosen.
std::vector<Target> targetsOf(Experiment& experiment) {
    std::vector<Target> targets;
    for (const Place& place : kPlaces) {
        if (!place.counts(experiment)) continue;
        Choice& choice = experiment.*place.choice;
        for (const Parameter& parameter : entryOf(place.catalog(), choice.id, place.kind).parameters)
            targets.push_back({&choice, &parameter, std::string(place.kind) + '.' + parameter.id});
    }
    int number = 0;
    for (AddedLoss& added : experiment.addedLosses) {
        const std::string kind = "added" + std::to_string(++number) + '.';
        for (const Parameter& parameter : entryOf(lossCatalog(), added.loss.id, "added loss").parameters)
            targets.push_back({&added.loss, &parameter, kind + parameter.id});
    }
    return targets;
}

std::vector<std::string> namesOf(const std::vector<Target>& targets) {
    std::vector<std::string> names;
    std::ranges::transform(targets, std::back_inserter(names), &Target::name);
    return names;
}

Target targetOf(Experiment& experiment, std::string_view name) {
    const std::vector<Target> all = targetsOf(experiment);
    std::vector<Target> fitting;
    std::ranges::copy_if(all, std::back_inserter(fitting),
                         [&](const Target& target) { return target.name == name || target.parameter->id == name; });
    if (fitting.empty())
        throw std::invalid_argument(
            quoted(name) +
            " cannot be set with this loss, miner, memory, sampler, encoder, optimizer, schedule and augmentation; " +
            (all.empty() ? "they have no parameters." : "choose one of: " + joined(namesOf(all)) + "."));
    if (fitting.size() > 1)
        throw std::invalid_argument(quoted(name) +
                                    " has more than one meaning; write one of: " + joined(namesOf(fitting)) + ".");
    return fitting.front();
}

/// Some hold a comma.
std::vector<std::string> quotedAll(const std::vector<std::string>& options) {
    std::vector<std::string> all;
    for (const std::string& option : options) all.push_back(embedscope::quoted(option));
    return all;
}

double valueOf(const Parameter& parameter, std::string_view text) {
    const auto option = std::ranges::find(parameter.options, text);
    if (option != parameter.options.end()) return static_cast<double>(option - parameter.options.begin());
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && parameter.options.empty()) return value;
    if (!parameter.options.empty())
        throw std::invalid_argument(quoted(text) + " is no " + parameter.id +
                                    "; choose one of: " + joined(quotedAll(parameter.options)) + ".");
    throw std::invalid_argument(quoted(text) + " is no number; write for example " + parameter.id + "=0.5.");
}

/// "margin=0.5" -> "margin", "0.5".
std::pair<std::string_view, std::string_view> split(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0)
        throw std::invalid_argument(quoted(text) + " sets nothing; write for example --set margin=0.5.");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void applySetting(Experiment& experiment, std::string_view text) {
    const auto [name, value] = split(text);
    const Target target = targetOf(experiment, name);
    target.choice->parameters[target.parameter->id] = valueOf(*target.parameter, value);
}

void applySetting(const CatalogEntry& entry, ParameterValues& values, std::string_view text) {
    const auto [name, value] = split(text);
    const Parameter& parameter = parameterOf(entry, name);
    values[parameter.id] = valueOf(parameter, value);
}

AddedLoss addedLoss(std::string_view text) {
    const auto colon = text.rfind(':');
    AddedLoss added{{std::string(text.substr(0, colon)), {}}, 1};
    entryOf(lossCatalog(), added.loss.id, "loss");
    if (colon == std::string_view::npos) return added;
    const std::string_view weight = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(weight.data(), weight.data() + weight.size(), added.weight);
    if (error != std::errc() || end != weight.data() + weight.size())
        throw std::invalid_argument(quoted(weight) + " is no weight; write for example --add-loss supcon:0.5.");
    return added;
}

}  // namespace embedscope
