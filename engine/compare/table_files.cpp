#include "engine/comparison_report.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/csv.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;

Json numberJson(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Json runJson(const ComparisonReport& report, const std::vector<SettingDifference>& differing, std::size_t run) {
    Json json{{"name", report.comparison.runs[run].name}};
    json["remark"] = report.remarks.empty() ? "" : report.remarks[run];
    json["settings"] = Json::object();
    for (const SettingDifference& each : differing) json["settings"][each.id] = each.values[run];
    json["step"] = report.rows[run].step;
    for (const ComparisonColumn& column : comparisonColumns())
        json[column.id] = numberJson(report.rows[run].*column.number);
    return json;
}

Json groupJson(const ComparisonReport& report, const SeedGroup& group) {
    Json json{{"name", group.name}, {"runs", Json::array()}};
    for (const std::size_t run : group.runs) json["runs"].push_back(report.comparison.runs[run].name);
    for (const ComparisonColumn& column : comparisonColumns()) {
        const Spread spread = spreadOf(group, column, report.rows);
        json[column.id] = {
            {"mean", numberJson(spread.mean)}, {"deviation", numberJson(spread.deviation)}, {"count", spread.count}};
    }
    return json;
}

}  // namespace

std::string tableCsv(const Comparison& comparison, const std::vector<ComparisonRow>& rows) {
    const std::vector<SettingDifference> differing = differences(comparison);
    std::vector<std::string> head{"run"};
    for (const SettingDifference& each : differing) head.push_back(csvText(each.id));
    head.emplace_back("step");
    for (const ComparisonColumn& column : comparisonColumns()) head.push_back(column.id);
    std::string text = csvLine(head) + '\n';
    for (std::size_t run = 0; run < rows.size(); ++run) {
        std::vector<std::string> line{csvText(comparison.runs.at(run).name)};
        for (const SettingDifference& each : differing) line.push_back(csvText(each.values[run]));
        line.push_back(std::to_string(rows[run].step));
        for (const ComparisonColumn& column : comparisonColumns()) line.push_back(csvNumber(rows[run].*column.number));
        text += csvLine(line) + '\n';
    }
    return text;
}

std::string resultJson(const ComparisonReport& report) {
    const std::vector<SettingDifference> differing = differences(report.comparison);
    Json json{{"name", report.comparison.name}, {"runs", Json::array()}, {"groups", Json::array()}};
    for (std::size_t run = 0; run < report.rows.size(); ++run) json["runs"].push_back(runJson(report, differing, run));
    for (const SeedGroup& group : seedGroups(report.comparison)) json["groups"].push_back(groupJson(report, group));
    json["verdicts"] = verdicts(report.comparison, report.rows);
    json["warnings"] = twinWarnings(report.comparison);
    json["out"] = report.folder.empty() ? Json() : Json(report.folder.string());
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void writeText(const std::filesystem::path& file, const std::string& text) {
    AtomicFile whole(file);
    whole.write(text);
    whole.commit();
}

}  // namespace embedscope
