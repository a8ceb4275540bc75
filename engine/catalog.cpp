#include "engine/catalog.h"

#include "engine/choice_table.h"

#include <algorithm>
#include <stdexcept>

namespace embedscope {
namespace {

template <typename Row>
const Row& findById(const std::vector<Row>& rows, std::string_view id, const std::string& what) {
    const auto found = std::ranges::find(rows, id, &Row::id);
    if (found != rows.end()) return *found;
    std::string known;
    for (const Row& row : rows) known += (known.empty() ? "" : ", ") + row.id;
    throw std::invalid_argument("\"" + std::string(id) + "\" is no " + what +
                                "; choose one of: " + (known.empty() ? "(none)" : known) + ".");
}

}  // namespace

const CatalogEntry& entryOf(const Catalog& catalog, std::string_view id, std::string_view kind) {
    return findById(catalog, id, std::string(kind));
}

const Parameter& parameterOf(const CatalogEntry& entry, std::string_view id) {
    return findById(entry.parameters, id, "parameter of \"" + entry.id + "\"");
}

double valueOf(const CatalogEntry& entry, const ParameterValues& values, std::string_view id) {
    const Parameter& parameter = parameterOf(entry, id);
    const auto found = values.find(id);
    return found == values.end() ? parameter.standard : found->second;
}

ParameterValues completed(const CatalogEntry& entry, const ParameterValues& values) {
    ParameterValues all;
    for (const Parameter& parameter : entry.parameters) all[parameter.id] = valueOf(entry, values, parameter.id);
    return all;
}

Parameter numberParameter(std::string id, std::string label, std::string unit, const NumberRange& range,
                          std::string help) {
    Parameter parameter;
    parameter.id = std::move(id);
    parameter.label = std::move(label);
    parameter.unit = std::move(unit);
    parameter.help = std::move(help);
    parameter.minimum = range.minimum;
    parameter.maximum = range.maximum;
    parameter.step = range.step;
    parameter.standard = range.standard;
    return parameter;
}

}  // namespace embedscope
