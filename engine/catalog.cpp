#include "engine/catalog.h"

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

}  // namespace embedscope
