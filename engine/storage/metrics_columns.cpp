#include "engine/storage/metrics_columns.h"

#include "engine/measures.h"
#include "engine/storage/csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>

namespace embedscope {
namespace {

struct Column {
    std::string_view name;
    double MetricsRow::*value;
};

/// metrics.csv after its first column, the step.
constexpr std::array kColumns{
    Column{"epoch", &MetricsRow::epoch},
    Column{"seconds", &MetricsRow::seconds},
    Column{"images_per_second", &MetricsRow::imagesPerSecond},
    Column{"loss", &MetricsRow::loss},
    Column{"active_fraction", &MetricsRow::activeFraction},
    Column{"learning_rate", &MetricsRow::learningRate},
    Column{"gradient_norm", &MetricsRow::gradientNorm},
    Column{"similar_mean", &MetricsRow::similarMean},
    Column{"similar_p10", &MetricsRow::similarP10},
    Column{"similar_p90", &MetricsRow::similarP90},
    Column{"dissimilar_mean", &MetricsRow::dissimilarMean},
    Column{"dissimilar_p10", &MetricsRow::dissimilarP10},
    Column{"dissimilar_p90", &MetricsRow::dissimilarP90},
    Column{"recall_at_1", &MetricsRow::recallAt1},
};

/// Those of measureCatalog() that have no column yet: Recall@1 has, of the whole hold-out.
std::vector<const MeasureEntry*> furtherMeasures() {
    std::vector<const MeasureEntry*> further;
    for (const MeasureEntry& measure : measureCatalog())
        if (measure.id != "recall_at_1") further.push_back(&measure);
    return further;
}

double measured(const MetricsRow& row, const std::string& id) {
    if (!row.measures) return MetricsRow::kNone;
    const auto found = row.measures->find(id);
    return found == row.measures->end() ? MetricsRow::kNone : found->second;
}

double numberOf(std::string_view field) {
    double value{};
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    return error == std::errc{} && end == field.data() + field.size() ? value : MetricsRow::kNone;
}

}  // namespace

std::string metricsHeader() {
    std::vector<std::string> names{"step"};
    for (const Column& column : kColumns) names.emplace_back(column.name);
    for (const MeasureEntry* measure : furtherMeasures()) names.push_back(measure->id);
    return csvLine(names);
}

std::string metricsLine(const MetricsRow& row) {
    std::vector<std::string> fields{std::to_string(row.step)};
    for (const Column& column : kColumns) fields.push_back(csvNumber(row.*column.value));
    for (const MeasureEntry* measure : furtherMeasures()) fields.push_back(csvNumber(measured(row, measure->id)));
    return csvLine(fields);
}

MetricsColumns::MetricsColumns(std::string_view header) {
    for (const std::string_view name : csvNumberFields(header)) names_.emplace_back(name);
}

std::optional<std::vector<double>> MetricsColumns::valuesOf(std::string_view line) const {
    const std::vector<std::string_view> fields = csvNumberFields(line);
    if (fields.size() != names_.size()) return std::nullopt;
    std::vector<double> values;
    for (const std::string_view field : fields) values.push_back(numberOf(field));
    return values;
}

std::optional<MetricsRow> MetricsColumns::rowOf(std::string_view line) const {
    constexpr double kLastStep = 1e15;
    const std::optional<std::vector<double>> values = valuesOf(line);
    if (!values) return std::nullopt;
    MetricsRow row;
    auto measures = std::make_shared<std::map<std::string, double>>();
    bool hasStep = false;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        const double value = (*values)[i];
        const auto column = std::ranges::find(kColumns, names_[i], &Column::name);
        if (names_[i] == "step") {
            hasStep = value >= 0 && value <= kLastStep;
            if (hasStep) row.step = static_cast<std::int64_t>(value);
        } else if (column != kColumns.end()) {
            row.*column->value = value;
        } else if (!std::isnan(value)) {
            measures->emplace(names_[i], value);
        }
    }
    if (!hasStep) return std::nullopt;
    if (!std::isnan(row.recallAt1)) measures->emplace("recall_at_1", row.recallAt1);
    if (measures->size() > 1) row.measures = std::move(measures);
    return row;
}

}  // namespace embedscope
