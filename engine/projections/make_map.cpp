#include "engine/map_task.h"
#include "engine/projections/linear_map.h"
#include "engine/projections/moving_map.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace embedscope {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point before) {
    return std::chrono::duration<double>(Clock::now() - before).count();
}

void check(const MapTask& task) {
    const CatalogEntry& entry = entryOf(projectionCatalog(), task.method.id, "projection");
    for (const auto& [id, value] : task.method.parameters) {
        const Parameter& parameter = parameterOf(entry, id);
        if (value >= parameter.minimum && value <= parameter.maximum) continue;
        std::ostringstream sentence;
        sentence << '"' << id << "\" of projection \"" << entry.id << "\" is " << value << "; choose a value from "
                 << parameter.minimum << " to " << parameter.maximum << '.';
        throw std::invalid_argument(sentence.str());
    }
    if (task.dims != 2 && task.dims != 3)
        throw std::invalid_argument("A map has 2 or 3 dimensions; set dims to one of them.");
    if (task.dimension < 1 || task.embeddings.size() % static_cast<std::size_t>(std::max(task.dimension, 1)) != 0)
        throw std::invalid_argument("The embeddings are no table of rows of equal length.");
    if (!task.labels.empty() && task.labels.size() != task.embeddings.size() / static_cast<std::size_t>(task.dimension))
        throw std::invalid_argument("There are not as many labels as embeddings; give one label a row.");
    if (!std::ranges::all_of(task.embeddings, [](float value) { return std::isfinite(value); }))
        throw std::invalid_argument("An embedding is not finite; leave such rows out.");
}

std::vector<std::string> plainNames(const std::string& label, int dims) {
    std::vector<std::string> names;
    for (int d = 0; d < dims; ++d) names.push_back(label + " " + std::to_string(d + 1));
    return names;
}

}  // namespace

std::optional<MapResult> makeMap(const MapTask& task, std::stop_token stop) {
    check(task);
    const SpaceView space{task.embeddings, task.dimension};
    Workers workers(task.threads);
    MapResult result;
    const Clock::time_point begun = Clock::now();
    const std::unique_ptr<MovingMap> map = makeMovingMap(task.method, task.dims, task.seed, workers);
    if (!map) {
        std::optional<LinearMap> linear = linearMap(space, task.labels, task.method, task.dims, stop);
        if (!linear) return std::nullopt;
        result.coordinates = std::move(linear->coordinates);
        result.axisNames = std::move(linear->axisNames);
        result.optimizationSeconds = secondsSince(begun);
        return result;
    }
    if (!map->initialize(space, {}, stop) || !map->runTo(map->plannedSteps(), stop)) return std::nullopt;
    result.neighborSeconds = map->neighborSeconds();
    result.optimizationSeconds = secondsSince(begun) - result.neighborSeconds;
    result.iterations = map->step();
    result.coordinates = rowsOf(map->points());
    result.axisNames = plainNames(entryOf(projectionCatalog(), task.method.id, "projection").label, task.dims);
    result.objectiveName = map->objectiveName();
    result.objective = map->objective();
    return result;
}

}  // namespace embedscope
