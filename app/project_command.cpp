#include "app/project_command.h"

#include "app/setting_text.h"
#include "engine/embedding_file.h"
#include "engine/faithfulness.h"
#include "engine/map_task.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <iostream>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr int kNeighbors = 12;
constexpr std::size_t kAskedPoints = 3'000;

QJsonValue number(double value) {
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
}

QJsonObject jsonOf(const ProjectOptions& options, const EmbeddingTable& table, const MapResult& map,
                   const Faithfulness& trust) {
    return {{"method", QString::fromStdString(options.method)},
            {"points", static_cast<qint64>(table.count)},
            {"dimension", table.dimension},
            {"dims", options.dims},
            {"seconds_neighbors", map.neighborSeconds},
            {"seconds_optimization", map.optimizationSeconds},
            {"iterations", map.iterations},
            {"objective", map.objectiveName.empty() ? QJsonValue() : QString::fromStdString(map.objectiveName)},
            {"objective_value", number(map.objective)},
            {"trustworthiness", number(trust.trustworthiness)},
            {"continuity", number(trust.continuity)},
            {"neighbor_preservation", number(trust.neighbourPreservation)},
            {"faithfulness_k", trust.k},
            {"faithfulness_points", static_cast<qint64>(trust.points.size())},
            {"faithfulness_sampled", trust.sampled},
            {"out", options.out.empty() ? QJsonValue() : QString::fromStdString(options.out.string())}};
}

void printText(const ProjectOptions& options, const EmbeddingTable& table, const MapResult& map,
               const Faithfulness& trust) {
    std::cout << options.method << " of " << table.count << " x " << table.dimension << ": neighbours "
              << map.neighborSeconds << " s, map " << map.optimizationSeconds << " s";
    if (map.iterations > 0)
        std::cout << ", " << map.iterations << " steps, " << map.objectiveName << ' ' << map.objective;
    std::cout << ".\nTrustworthiness " << trust.trustworthiness << ", continuity " << trust.continuity << ", "
              << std::lround(100 * trust.neighbourPreservation) << " % of " << trust.k << " neighbours kept"
              << (trust.sampled ? " (estimated on " + std::to_string(trust.points.size()) + " points)" : "") << ".\n";
    if (!options.out.empty()) std::cout << "Written to \"" << options.out.string() << "\".\n";
}

Choice methodOf(const ProjectOptions& options) {
    Choice method{options.method, {}};
    const CatalogEntry& entry = entryOf(projectionCatalog(), method.id, "projection");
    for (const std::string& setting : options.settings) applySetting(entry, method.parameters, setting);
    return method;
}

}  // namespace

void addProjectOptions(CLI::App& command, ProjectOptions& options) {
    command.add_option("embeddings", options.embeddings, "A NumPy file of shape (rows, dimension)")
        ->required()
        ->type_name("FILE.npy");
    command.add_option("--labels", options.labels, "A NumPy file of whole numbers, one a row; -1 is unlabelled")
        ->type_name("FILE.npy");
    command.add_option("--method", options.method, "See: embedscope list projections")->type_name("ID");
    command.add_option("--dims", options.dims, "2 or 3");
    command.add_option("--set", options.settings, "A parameter of the method, e.g. perplexity=30")
        ->type_name("NAME=VALUE");
    command.add_option("--seed", options.seed, "Same seed, same map, on any number of threads");
    command.add_option("--threads", options.threads, "0 takes all cores")->check(CLI::Range(0, 1024));
    command.add_option("--out", options.out, "Where the coordinates are written")->type_name("FILE.npy");
    command.add_flag("--json", options.json, "The result as one line of JSON");
}

int runProject(const ProjectOptions& options) {
    const Choice method = methodOf(options);
    const EmbeddingTable table = readEmbeddings(options.embeddings);
    const std::vector<std::int32_t> labels =
        options.labels.empty() ? std::vector<std::int32_t>() : readLabels(options.labels);
    const std::optional<MapResult> map =
        makeMap({table.rows, table.dimension, labels, method, options.dims, options.seed, options.threads});
    if (!options.out.empty()) writeEmbeddings(options.out, map->coordinates, options.dims);
    const std::optional<Faithfulness> trust =
        faithfulness(table.rows, table.dimension, map->coordinates, options.dims, kNeighbors, kAskedPoints);
    if (options.json)
        std::cout << QJsonDocument(jsonOf(options, table, *map, *trust)).toJson(QJsonDocument::Compact).toStdString()
                  << '\n';
    else
        printText(options, table, *map, *trust);
    return 0;
}

}  // namespace embedscope
