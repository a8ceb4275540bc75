#include "engine/compare/html.h"
#include "engine/compare/settings.h"
#include "engine/comparison_report.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace embedscope {
namespace {

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;color:#1d2733;background:#fff;max-width:1500px;margin:2em auto;padding:0 "
    "1.5em}h1{margin-bottom:0}h2{margin-top:2em;border-bottom:1px solid #d5dce4}.table{overflow-x:auto}"
    "table{border-collapse:collapse;font-size:14px}tr.differs "
    "td{font-weight:600}td:first-child{white-space:nowrap}th,td{padding:.35em .8em;text-align:left;border-bottom:1px "
    "solid #e4e9ee}"
    "td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "td.best{font-weight:700;background:#e3f4e6}.about,figcaption{color:#52606d}"
    ".maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:1.2em}"
    "figure{margin:0;border:1px solid #d5dce4;border-radius:6px;overflow:hidden}figure img{display:block;width:100%}"
    "figcaption{padding:.6em .9em}figcaption b{color:#1d2733}.remark{color:#a3261b}";

std::string cell(std::string_view kind, const std::string& text, std::string_view tag = "td") {
    const std::string name(tag);
    std::string open = '<' + name;
    if (!kind.empty()) open += " class=\"" + std::string(kind) + '"';
    return open + '>' + escaped(text) + "</" + name + '>';
}

std::string headCell(const ComparisonColumn& column) {
    return "<th class=\"number\" title=\"" + escaped(column.help) + "\">" + escaped(column.label) + "</th>";
}

/// "Margin 0.5 · Seed 2": what this run has and others do not.
std::string settingsLine(const std::vector<SettingDifference>& differing, std::size_t run) {
    std::string line;
    for (const SettingDifference& each : differing)
        if (each.id != "name" && !each.values[run].empty())
            line += (line.empty() ? "" : " · ") + each.label + ' ' + each.values[run];
    return line;
}

std::string remarkOf(const ComparisonReport& report, std::size_t run) {
    return run < report.remarks.size() ? report.remarks[run] : "";
}

std::string runTable(const ComparisonReport& report, const std::vector<SettingDifference>& differing) {
    std::string html = "<div class=\"table\"><table>\n<tr><th>Run</th>";
    for (const ComparisonColumn& column : comparisonColumns()) html += headCell(column);
    for (const SettingDifference& each : differing) html += cell("", each.label, "th");
    html += "</tr>\n";
    for (std::size_t run = 0; run < report.rows.size(); ++run) {
        html += "<tr>" + cell("", report.comparison.runs[run].name);
        for (const ComparisonColumn& column : comparisonColumns()) {
            const auto best = bestRows(column, report.rows);
            const bool isBest = std::ranges::find(best, run) != best.end();
            html += cell(isBest ? "number best" : "number", writtenNumber(column, report.rows[run].*column.number));
        }
        for (const SettingDifference& each : differing) html += cell("", each.values[run]);
        html += "</tr>\n";
    }
    return html + "</table></div>\n";
}

std::string spreadText(const ComparisonColumn& column, const Spread& spread) {
    if (!std::isfinite(spread.deviation)) return writtenNumber(column, spread.mean);
    ComparisonColumn plain = column;
    plain.unit = column.unit == "s" ? "" : column.unit;
    std::string mean = writtenNumber(plain, spread.mean);
    if (column.unit == "%") mean.erase(mean.size() - 2);  // "86.7 ± 1.2 %"
    return mean + " ± " + writtenNumber(column, spread.deviation);
}

/// Means over the seeds, if there are groups of several.
std::string groupTable(const ComparisonReport& report) {
    const std::vector<SeedGroup> groups = seedGroups(report.comparison);
    if (std::ranges::none_of(groups, [](const SeedGroup& group) { return group.runs.size() > 1; })) return "";
    std::string html = element("h2", "Over the seeds") + "<p class=\"about\">Mean ± standard deviation.</p>\n" +
                       "<div class=\"table\"><table>\n<tr><th>Settings</th><th class=\"number\">Runs</th>";
    for (const ComparisonColumn& column : comparisonColumns()) html += headCell(column);
    html += "</tr>\n";
    for (const SeedGroup& group : groups) {
        html += "<tr>" + cell("", group.name) + cell("number", std::to_string(group.runs.size()));
        for (const ComparisonColumn& column : comparisonColumns())
            html += cell("number", spreadText(column, spreadOf(group, column, report.rows)));
        html += "</tr>\n";
    }
    return html + "</table></div>\n";
}

std::string pictures(const ComparisonReport& report, const std::vector<SettingDifference>& differing) {
    std::string html;
    for (std::size_t run = 0; run < report.pictures.size(); ++run) {
        if (report.pictures[run].empty()) continue;
        const std::string& name = report.comparison.runs[run].name;
        html += "<figure><img alt=\"" + escaped("Map of " + name) + "\" src=\"data:image/png;base64," +
                base64(report.pictures[run]) + "\"><figcaption><b>" + escaped(name) + "</b> " +
                escaped(settingsLine(differing, run)) + "</figcaption></figure>\n";
    }
    return html.empty() ? "" : element("h2", "Maps") + "<div class=\"maps\">\n" + html + "</div>\n";
}

std::string failures(const ComparisonReport& report) {
    std::string html;
    for (std::size_t run = 0; run < report.comparison.runs.size(); ++run)
        if (const std::string remark = remarkOf(report, run); !remark.empty())
            html += "<p class=\"remark\"><b>" + escaped(report.comparison.runs[run].name) + "</b>: " + escaped(remark) +
                    "</p>\n";
    return html;
}

/// A column a run; rows in which runs differ stand out.
std::string allSettings(const Comparison& comparison) {
    std::vector<std::vector<SettingValue>> runs;
    for (const ComparedRun& run : comparison.runs) runs.push_back(settingsOf(run.experiment));
    std::string html =
        "<h2>All settings</h2>\n<div class=\"table\"><table>\n<tr><th>Setting</th><th>In experiment.json</th>";
    for (const ComparedRun& run : comparison.runs) html += cell("", run.name, "th");
    html += "</tr>\n";
    for (const std::string& id : settingIds(runs)) {
        std::string label, cells;
        std::set<std::string> values;
        for (const auto& settings : runs) {
            const SettingValue* setting = settingIn(settings, id);
            if (setting) label = setting->label;
            values.insert(setting ? setting->value : "");
            cells += cell("", setting ? setting->value : "");
        }
        if (values == std::set<std::string>{""}) continue;
        html += (values.size() > 1 ? "<tr class=\"differs\">" : "<tr>") + cell("", label) + cell("", id) + cells +
                "</tr>\n";
    }
    return html + "</table></div>\n";
}

std::string forkTree(const Comparison& comparison) {
    std::vector<std::string> sentences;
    for (const ComparedRun& run : comparison.runs)
        if (run.fork)
            sentences.push_back("“" + run.name + "” left “" + comparison.runs.at(run.fork->parent).name +
                                "” after step " + std::to_string(run.fork->step) + '.');
    return listOf("Forks", sentences);
}

}  // namespace

std::string htmlReport(const ComparisonReport& report) {
    const Comparison& comparison = report.comparison;
    const std::vector<SettingDifference> differing = differences(comparison);
    const std::string title = comparison.name.empty() ? "Comparison" : comparison.name;
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" +
                       element("title", title + " – Embedscope") + "<style>" + std::string(kStyle) +
                       "</style>\n</head>\n<body>\n";
    html += element("h1", title);
    if (!comparison.about.empty()) html += "<p class=\"about\">" + escaped(comparison.about) + "</p>\n";
    if (!report.images.empty()) html += element("p", report.images);
    html += failures(report);
    html += listOf("Verdict", verdicts(comparison, report.rows));
    html += element("h2", "Runs") + runTable(report, differing);
    ComparisonColumn goal{"", "", "", nullptr, "%", 0, 0};
    html += "<p class=\"about\">Best numbers are marked. Time to goal: until Recall@1 reached " +
            escaped(writtenNumber(goal, comparison.recallGoal)) + ".</p>\n";
    html += groupTable(report);
    html += pictures(report, differing);
    html += listOf("Not quite twins", twinWarnings(comparison));
    html += forkTree(comparison);
    html += allSettings(comparison);
    return html + "<p class=\"about\">Embedscope " + escaped(programVersion()) + "</p>\n</body>\n</html>\n";
}

}  // namespace embedscope
