#include "app/list_command.h"

#include "app/ready_made_comparisons.h"
#include "engine/catalog.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <ostream>
#include <stdexcept>
#include <string_view>

namespace embedscope {
namespace {

struct Table {
    std::string_view name;
    const Catalog& (*catalog)();
};

constexpr std::array kTables{Table{"losses", lossCatalog},
                             Table{"miners", minerCatalog},
                             Table{"encoders", encoderCatalog},
                             Table{"samplers", samplerCatalog},
                             Table{"memories", memoryCatalog},
                             Table{"optimizers", optimizerCatalog},
                             Table{"schedules", scheduleCatalog},
                             Table{"augmentations", augmentationCatalog},
                             Table{"projections", projectionCatalog},
                             Table{"view-losses", viewLossCatalog},
                             Table{"heads", headCatalog},
                             Table{"pseudo-labels", pseudoLabelCatalog}};

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

QJsonObject jsonOf(const Parameter& parameter) {
    QJsonArray options;
    for (const std::string& option : parameter.options) options.append(text(option));
    return {{"id", text(parameter.id)},
            {"label", text(parameter.label)},
            {"unit", text(parameter.unit)},
            {"help", text(parameter.help)},
            {"minimum", parameter.minimum},
            {"maximum", parameter.maximum},
            {"step", parameter.step},
            {"standard", parameter.standard},
            {"changes_live", parameter.changesLive},
            {"options", options}};
}

QJsonArray groupingOf(Grouping grouping) {
    QJsonArray names;
    if (overlaps(grouping, Grouping::Pairs)) names.append("pairs");
    if (overlaps(grouping, Grouping::Triplets)) names.append("triplets");
    if (overlaps(grouping, Grouping::Batch)) names.append("batch");
    return names;
}

QJsonObject jsonOf(const CatalogEntry& entry) {
    QJsonArray parameters;
    for (const Parameter& parameter : entry.parameters) parameters.append(jsonOf(parameter));
    return {{"id", text(entry.id)},
            {"label", text(entry.label)},
            {"group", text(entry.group)},
            {"help", text(entry.help)},
            {"formula", text(entry.formula)},
            {"source", text(entry.source)},
            {"takes", groupingOf(entry.grouping)},
            {"parameters", parameters}};
}

void printText(const CatalogEntry& entry, std::ostream& out) {
    out << entry.id << "  (" << entry.label << ")\n";
    if (!entry.formula.empty()) out << "    " << entry.formula << '\n';
    out << "    " << entry.help << '\n';
    for (const Parameter& parameter : entry.parameters) {
        out << "    --set " << parameter.id << '=';
        if (parameter.options.empty()) {
            out << parameter.standard << "  " << parameter.minimum << " to " << parameter.maximum;
        } else {
            out << '"' << parameter.options.at(static_cast<std::size_t>(parameter.standard)) << "\"  of";
            for (const std::string& option : parameter.options) out << " \"" << option << '"';
        }
        out << (parameter.unit.empty() ? "" : ' ' + parameter.unit) << ". " << parameter.help << '\n';
    }
}

}  // namespace

std::string listableNames() {
    std::string names;
    for (const Table& table : kTables) names += (names.empty() ? "" : ", ") + std::string(table.name);
    return names + ", comparisons";
}

void printList(const std::string& name, bool json, std::ostream& out) {
    if (name == "comparisons") return printReadyMadeComparisons(json, out);
    const auto table = std::ranges::find(kTables, name, &Table::name);
    if (table == kTables.end())
        throw std::invalid_argument("\"" + name + "\" cannot be listed; choose one of: " + listableNames() + ".");
    QJsonArray rows;
    for (const CatalogEntry& entry : table->catalog()) {
        if (json)
            rows.append(jsonOf(entry));
        else
            printText(entry, out);
    }
    if (json) out << QJsonDocument(rows).toJson(QJsonDocument::Compact).toStdString() << '\n';
}

}  // namespace embedscope
