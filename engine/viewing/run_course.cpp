#include "engine/run_course.h"

#include "engine/run_description.h"
#include "engine/run_points.h"
#include "engine/storage/growing_lines.h"
#include "engine/storage/kept_epochs.h"
#include "engine/storage/metrics_columns.h"
#include "engine/training/metrics_history.h"
#include "engine/viewing/point_distances.h"

#include <cmath>
#include <optional>
#include <utility>

namespace embedscope {

Snapshot courseOf(const std::filesystem::path& runFolder) {
    Snapshot course;
    course.settings = describeRun(runFolder).settings;
    course.epochs = course.settings.epochs;
    MetricsHistory history;
    std::optional<MetricsColumns> columns;
    for (const std::string& line : wholeLinesOf(runFolder / "metrics.csv")) {
        if (!columns) {
            columns.emplace(line);
        } else if (const std::optional<MetricsRow> row = columns->rowOf(line)) {
            history.add(*row);
            course.step = row->step;
            if (std::isfinite(row->epoch)) course.epoch = row->epoch;
            if (std::isfinite(row->seconds)) course.seconds = row->seconds;
        }
    }
    course.history = history.rows();
    if (newestEpoch(runFolder) < 0) return course;
    RunPoints points = newestPoints(runFolder);
    course.distances = std::make_shared<const DistanceStatistics>(
        pointDistances(*points.data, *points.bank, course.settings.seed, course.settings.normalizeEmbeddings));
    course.bank = std::move(points.bank);
    return course;
}

}  // namespace embedscope
