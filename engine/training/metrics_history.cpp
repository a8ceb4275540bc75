#include "engine/training/metrics_history.h"

#include "engine/measures.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kRowsAfterMerge = 450;
constexpr std::size_t kRecentRows = 150;
constexpr std::size_t kMostSavedRows = 4000;  ///< Of earlier versions.

double meanOf(double a, double b) {
    if (std::isnan(a)) return b;
    if (std::isnan(b)) return a;
    return (a + b) / 2;
}

constexpr double MetricsRow::*kMeasured[] = {
    &MetricsRow::imagesPerSecond, &MetricsRow::loss,          &MetricsRow::activeFraction, &MetricsRow::learningRate,
    &MetricsRow::gradientNorm,    &MetricsRow::similarMean,   &MetricsRow::similarP10,     &MetricsRow::similarP90,
    &MetricsRow::dissimilarMean,  &MetricsRow::dissimilarP10, &MetricsRow::dissimilarP90,  &MetricsRow::recallAt1,
};

/// Stands at the later row's step.
MetricsRow merged(MetricsRow earlier, MetricsRow later) {
    for (const auto member : kMeasured) later.*member = meanOf(earlier.*member, later.*member);
    if (!later.measures) later.measures = std::move(earlier.measures);
    return later;
}

/// The ids of all measures that any row has.
std::vector<std::string> measureIds(const std::vector<MetricsRow>& rows) {
    std::set<std::string> ids;
    for (const MetricsRow& row : rows)
        if (row.measures)
            for (const auto& [id, value] : *row.measures) ids.insert(id);
    return {ids.begin(), ids.end()};
}

std::vector<double> measuresOf(const std::vector<MetricsRow>& rows, const std::string& id) {
    std::vector<double> values;
    for (const MetricsRow& row : rows) {
        if (!row.measures) continue;
        const auto found = row.measures->find(id);
        values.push_back(found == row.measures->end() ? MetricsRow::kNone : found->second);
    }
    return values;
}

using Measures = std::map<std::string, double>;

/// @param count Rows that have some.
std::vector<std::shared_ptr<const Measures>> loadedMeasures(const StateReader& state, std::ptrdiff_t count) {
    std::vector<std::shared_ptr<Measures>> loaded;
    for (std::ptrdiff_t i = 0; i < count; ++i) loaded.push_back(std::make_shared<Measures>());
    for (const MeasureEntry& measure : measureCatalog()) {
        const std::string name = "measure." + measure.id;
        if (!state.has(name)) continue;
        const auto values = state.numbers<double>(name, loaded.size());
        for (std::size_t i = 0; i < values.size(); ++i) loaded[i]->emplace(measure.id, values[i]);
    }
    return {loaded.begin(), loaded.end()};
}

}  // namespace

void MetricsHistory::add(const MetricsRow& row) {
    while (!rows_.empty() && rows_.back().step > row.step) {
        rows_.pop_back();
        mergedFrom_.pop_back();
    }
    rows_.push_back(row);
    mergedFrom_.push_back(1);
    mergeSurplus();
}

void MetricsHistory::mergeSurplus() {
    published_.reset();
    if (rows_.size() <= kMaximumRows) return;
    while (rows_.size() > kRowsAfterMerge) mergeFinest();
}

/// Halves the rows that stand for the fewest reports. The first row, the untrained encoder, and the recent ones stay.
void MetricsHistory::mergeFinest() {
    const std::size_t recent = rows_.size() - kRecentRows;
    const auto finest = *std::min_element(mergedFrom_.begin() + 1, mergedFrom_.begin() + recent);
    std::size_t kept = 1;
    for (std::size_t next = 1; next < rows_.size(); ++next, ++kept) {
        rows_[kept] = rows_[next];
        mergedFrom_[kept] = mergedFrom_[next];
        // A row without a partner of its own size joins the next one, or it would stay the finest for ever.
        if (next >= recent || mergedFrom_[next] != finest) continue;
        ++next;
        rows_[kept] = merged(rows_[kept], rows_[next]);
        mergedFrom_[kept] += mergedFrom_[next];
    }
    rows_.resize(kept);
    mergedFrom_.resize(kept);
}

std::shared_ptr<const std::vector<MetricsRow>> MetricsHistory::rows() const {
    if (!published_) published_ = std::make_shared<const std::vector<MetricsRow>>(rows_);
    return published_;
}

/// Column by column; measures only of the rows that have some.
void MetricsHistory::save(const StateWriter& state) const {
    std::vector<std::int64_t> steps;
    std::vector<double> columns;
    std::vector<std::uint8_t> measured;
    for (const MetricsRow& row : rows_) {
        steps.push_back(row.step);
        columns.insert(columns.end(), {row.epoch, row.seconds});
        for (const auto member : kMeasured) columns.push_back(row.*member);
        measured.push_back(row.measures ? 1 : 0);
    }
    state.numbers("steps", steps);
    state.numbers("merged_from", mergedFrom_);
    state.numbers("columns", columns);
    state.numbers("measured", measured);
    for (const std::string& id : measureIds(rows_)) state.numbers("measure." + id, measuresOf(rows_, id));
}

void MetricsHistory::load(const StateReader& state) {
    constexpr std::size_t kColumns = 2 + std::size(kMeasured);
    const auto steps = state.numbers<std::int64_t>("steps");
    if (steps.size() > kMostSavedRows) state.fail("steps", "are too many");
    mergedFrom_ = state.numbers<std::int64_t>("merged_from", steps.size());
    const auto columns = state.numbers<double>("columns", steps.size() * kColumns);
    const auto measured = state.numbers<std::uint8_t>("measured", steps.size());
    const auto measures = loadedMeasures(state, std::ranges::count_if(measured, [](auto has) { return has != 0; }));
    rows_.assign(steps.size(), {});
    auto next = measures.begin();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const double* column = columns.data() + i * kColumns;
        rows_[i].step = steps[i];
        rows_[i].epoch = *column++;
        rows_[i].seconds = *column++;
        for (const auto member : kMeasured) rows_[i].*member = *column++;
        if (measured[i]) rows_[i].measures = *next++;
    }
    mergeSurplus();
}

}  // namespace embedscope
