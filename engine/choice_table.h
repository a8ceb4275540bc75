#pragma once

#include "engine/experiment.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What forms, saved files and the command line see of a table. Each of its rows has an `entry`.
template <typename Row>
Catalog catalogOf(const std::vector<Row>& table) {
    Catalog catalog;
    for (const Row& row : table) catalog.push_back(row.entry);
    return catalog;
}

/// The row that was chosen. @param kind Of the rows, e.g. "loss".
/// @throws std::invalid_argument naming the known ids, or the known parameters where one of the choice's is unknown.
template <typename Row>
const Row& rowOf(const std::vector<Row>& table, const Choice& choice, std::string_view kind) {
    const auto found = std::ranges::find(table, choice.id, [](const Row& row) { return row.entry.id; });
    if (found == table.end()) entryOf(catalogOf(table), choice.id, kind);  // throws, naming those that there are
    for (const auto& [id, value] : choice.parameters) parameterOf(found->entry, id);
    return *found;
}

struct NumberRange {
    double minimum, maximum, step, standard;
};

/// A parameter that is fixed when the run starts and is no choice between options.
Parameter numberParameter(std::string id, std::string label, std::string unit, const NumberRange& range,
                          std::string help);

}  // namespace embedscope
