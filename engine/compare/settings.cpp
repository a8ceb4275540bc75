#include "engine/compare/settings.h"

#include "engine/learning.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;
using Settings = std::vector<SettingValue>;

bool always(const Experiment&) {
    return true;
}
bool withBoth(const Experiment& experiment) {
    return usesLabels(experiment) && usesViews(experiment);
}

struct ChoiceRow {
    std::string_view kind;
    const Catalog& (*catalog)();
};

constexpr std::array kChoices{ChoiceRow{"pseudo_labels", pseudoLabelCatalog},
                              ChoiceRow{"encoder", encoderCatalog},
                              ChoiceRow{"head", headCatalog},
                              ChoiceRow{"loss", lossCatalog},
                              ChoiceRow{"view_loss", viewLossCatalog},
                              ChoiceRow{"augmentation", augmentationCatalog},
                              ChoiceRow{"miner", minerCatalog},
                              ChoiceRow{"memory", memoryCatalog},
                              ChoiceRow{"sampler", samplerCatalog},
                              ChoiceRow{"optimizer", optimizerCatalog},
                              ChoiceRow{"schedule", scheduleCatalog}};

enum class Unit { Plain, Share };

/// How the form calls a setting.
struct LabelRow {
    std::string_view id;
    std::string_view label;
    std::string_view ofZero = {};  ///< What the form writes for 0, if it is no number there.
    Unit unit = Unit::Plain;
    bool (*counts)(const Experiment&) = always;
};

constexpr std::array kLabels{
    LabelRow{"name", "Name"},
    LabelRow{"data.folder", "Images"},
    LabelRow{"data.image_size", "Image size", "automatic"},
    LabelRow{"data.channels", "Channels"},
    LabelRow{"data.hold_out", "Held out"},
    LabelRow{"data.hold_out_share", "Share held out", {}, Unit::Share},
    LabelRow{"learning", "Learns from"},
    LabelRow{"labelled_share", "Labels used", {}, Unit::Share, usesLabels},
    LabelRow{"pseudo_labels", "Guessed labels", {}, Unit::Plain, withBoth},
    LabelRow{"encoder", "Network"},
    LabelRow{"encoder_file", "Encoder file"},
    LabelRow{"initial_weights", "Start from weights"},
    LabelRow{"embedding_dimension", "Dimension"},
    LabelRow{"normalize_embeddings", "Points on the unit sphere"},
    LabelRow{"head", "Head", {}, Unit::Plain, usesViews},
    LabelRow{"loss", "Loss", {}, Unit::Plain, usesLabels},
    LabelRow{"added_losses", "Further losses", {}, Unit::Plain, usesLabels},
    LabelRow{"view_loss", "Loss on views", {}, Unit::Plain, usesViews},
    LabelRow{"view_loss_weight", "Weight of the loss on views", {}, Unit::Plain, withBoth},
    LabelRow{"augmentation", "Random changes of the images"},
    LabelRow{"miner", "Mining", {}, Unit::Plain, usesLabels},
    LabelRow{"memory", "Memory", {}, Unit::Plain, usesLabels},
    LabelRow{"sampler", "Batches"},
    LabelRow{"pairs_file", "Pairs"},
    LabelRow{"optimizer", "Optimiser"},
    LabelRow{"learning_rate", "Learning rate"},
    LabelRow{"schedule", "Schedule"},
    LabelRow{"gradient_clip", "Largest gradient", "not limited"},
    LabelRow{"weight_average", "Average of weights", "none"},
    LabelRow{"precision", "Precision"},
    LabelRow{"epochs", "Epochs"},
    LabelRow{"seed", "Seed"},
    LabelRow{"device", "Device"},
    LabelRow{"threads", "Threads", "all cores"},
    LabelRow{"tracked_samples", "Points shown"},
    LabelRow{"refresh_share", "Time for old points", {}, Unit::Share},
};

/// Names of experiment.json that the form writes otherwise; the rest is written with spaces.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords{{
    {"supervised", "labels"},
    {"self_supervised", "views of images"},
    {"semi_supervised", "labels and views"},
    {"folder_split", "the folder's own split"},
    {"images", "a share of every class"},
    {"classes", "whole classes"},
}};

std::string written(double number) {
    std::array<char, 32> text;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general);
    return {text.data(), end};
}

/// To ten digits, so that 0.07 is "7 %".
std::string perCent(double share) {
    std::array<char, 32> text;
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), share * 100, std::chars_format::general, 10);
    return std::string(text.data(), end) + " %";
}

std::string words(const std::string& name) {
    for (const auto& [known, text] : kWords)
        if (known == name) return std::string(text);
    std::string text = name;
    std::ranges::replace(text, '_', ' ');
    return text;
}

std::string valueOf(const Parameter& parameter, double value) {
    const auto option = static_cast<std::size_t>(value);
    if (!parameter.options.empty() && value >= 0 && option < parameter.options.size()) return parameter.options[option];
    return parameter.unit.empty() ? written(value) : written(value) + ' ' + parameter.unit;
}

const CatalogEntry* findEntry(const Catalog& catalog, const std::string& id) {
    const auto found = std::ranges::find(catalog, id, &CatalogEntry::id);
    return found == catalog.end() ? nullptr : &*found;
}

/// @param choice {"id", "parameters"}. An unknown id stands for itself; problems() names it.
void addChoice(Settings& settings, const LabelRow& row, const Catalog& catalog, const Json& choice) {
    const auto id = choice.at("id").get<std::string>();
    const CatalogEntry* entry = findEntry(catalog, id);
    const std::string kind(row.id);
    settings.push_back({kind, std::string(row.label), entry ? entry->label : id, id == "none", true});
    if (!entry) return;
    const auto chosen = choice.at("parameters").get<ParameterValues>();
    for (const Parameter& parameter : entry->parameters) {
        const double value = embedscope::valueOf(*entry, chosen, parameter.id);
        settings.push_back({kind + '.' + parameter.id, parameter.label, valueOf(parameter, value),
                            value == parameter.standard, !parameter.options.empty()});
    }
}

/// "SupCon × 0.5 (Temperature 0.2)", one after the other.
std::string writtenLosses(const Json& losses) {
    std::string text;
    for (const Json& added : losses) {
        Settings settings;
        addChoice(settings, {"loss", "Loss"}, lossCatalog(), added.at("loss"));
        std::string parameters;
        for (const SettingValue& each : settings)
            if (each.id != "loss" && !each.standard)
                parameters += (parameters.empty() ? "" : ", ") + each.label + ' ' + each.value;
        text += (text.empty() ? "" : ", ") + settings.front().value + " × " + written(added.at("weight").get<double>());
        if (!parameters.empty()) text += " (" + parameters + ')';
    }
    return text.empty() ? "none" : text;
}

std::string writtenValue(const LabelRow& row, const Json& value) {
    if (value.is_array()) return writtenLosses(value);
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_string()) {
        const bool asItIs =
            row.id == "name" || row.id == "data.folder" || row.id.ends_with("_file") || row.id == "initial_weights";
        return asItIs ? value.get<std::string>() : words(value.get<std::string>());
    }
    if (value == 0 && !row.ofZero.empty()) return std::string(row.ofZero);
    if (row.unit == Unit::Share) return perCent(value.get<double>());
    return value.is_number_float() ? written(value.get<double>()) : value.dump();
}

/// @param id "epochs", or "data.folder".
const Json& at(const Json& json, std::string_view id) {
    const auto dot = id.find('.');
    if (dot == std::string_view::npos) return json.at(std::string(id));
    return json.at(std::string(id.substr(0, dot))).at(std::string(id.substr(dot + 1)));
}

}  // namespace

const Catalog* catalogOf(std::string_view kind) {
    const auto found = std::ranges::find(kChoices, kind, &ChoiceRow::kind);
    return found == kChoices.end() ? nullptr : &found->catalog();
}

Settings settingsOf(const Experiment& experiment) {
    const Json json = Json::parse(toJson(experiment));
    static const Json kStandard = Json::parse(toJson(Experiment{}));
    Settings settings;
    for (const LabelRow& row : kLabels) {
        if (!row.counts(experiment)) continue;
        const Json& value = at(json, row.id);
        if (const Catalog* catalog = catalogOf(row.id))
            addChoice(settings, row, *catalog, value);
        else
            settings.push_back({std::string(row.id), std::string(row.label), writtenValue(row, value),
                                value == at(kStandard, row.id), value.is_string() || value.is_array()});
    }
    return settings;
}

std::vector<std::string> settingIds(const std::vector<Settings>& runs) {
    std::vector<std::string> ids;
    for (const Settings& settings : runs) {
        auto at = ids.begin();
        for (const SettingValue& each : settings) {
            const auto known = std::ranges::find(ids, each.id);
            at = (known == ids.end() ? ids.insert(at, each.id) : known) + 1;
        }
    }
    return ids;
}

const SettingValue* settingIn(const Settings& settings, std::string_view id) {
    const auto found = std::ranges::find(settings, id, &SettingValue::id);
    return found == settings.end() ? nullptr : &*found;
}

}  // namespace embedscope
