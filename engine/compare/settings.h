#pragma once

#include "engine/experiment.h"

#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// One setting of an experiment, as the form shows it.
struct SettingValue {
    std::string id;         ///< Path in experiment.json; of a choice its name, "loss", of its parameter "loss.margin".
    std::string label;      ///< "Margin"
    std::string value;      ///< "0.2", "10 %", "Semi-hard". Numbers in full: two that differ are written differently.
    bool standard = false;  ///< Has its standard value; of a choice: none was made.
    bool speaks = false;    ///< The value tells what it is of: the name of a loss, but no number.
};

/// All that count: those of a loss on labels do not where no label is used. In the order of experiment.json.
std::vector<SettingValue> settingsOf(const Experiment& experiment);

/// Ids of all runs, in the order of experiment.json.
std::vector<std::string> settingIds(const std::vector<std::vector<SettingValue>>& runs);

/// Null if there is no such setting.
const SettingValue* settingIn(const std::vector<SettingValue>& settings, std::string_view id);

/// The table that the choice `kind` ("loss") is made from; null if there is no such choice.
const Catalog* catalogOf(std::string_view kind);

}  // namespace embedscope
