#pragma once

#include "engine/data_set.h"
#include "engine/health.h"
#include "engine/snapshot.h"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace embedscope {

/// What a finished or stopped run comes to.
struct TrainSummary {
    std::size_t images = 0, held = 0, classes = 0, skipped = 0;
    double epochs = 0;  ///< Gone through; fractional after a stop.
    std::int64_t steps = 0;
    double seconds = 0;                      ///< Of training.
    double imagesPerSecond = 0;              ///< Mean over that time.
    double recallAt1 = 0;                    ///< The newest; NaN without a hold-out.
    double recallAt1Before = 0;              ///< Of the untrained encoder.
    double loss = 0;                         ///< Mean over the last epoch.
    std::map<std::string, double> measures;  ///< The newest on the hold-out, by id; empty without one.
    std::optional<MiningReport> mining;
    std::vector<Alarm> alarms;  ///< All that were raised, in order.
    bool fromCache = false;     ///< The images were decoded before.
    int failedWrites = 0;       ///< To the folder of the run.
    bool stopped = false;       ///< By Ctrl+C, before the last epoch.
};

/// The last finite value of a column; NaN without any.
double newest(std::span<const MetricsRow> history, double MetricsRow::*column);
/// Over the reports of the last epoch of `history`; NaN without any.
double meanLossOfLastEpoch(std::span<const MetricsRow> history);

/// @param health Null: no alarm.
TrainSummary summaryOf(const DataSet& data, const Snapshot& last, const HealthState* health);

/// One line; numbers that were not measured are null. @param out Empty: nothing was stored.
std::string summaryJson(const TrainSummary& summary, const std::filesystem::path& out);

/// One or two sentences for people.
std::string summaryText(const TrainSummary& summary, const std::filesystem::path& out);

}  // namespace embedscope
