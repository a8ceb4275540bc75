#include "app/project_command.h"

#include "app/setting_text.h"
#include "engine/embedding_file.h"
#include "engine/faithfulness.h"
#include "engine/layout_places.h"
#include "engine/map_task.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr int kNeighbors = 12;
constexpr std::size_t kAskedPoints = 3'000;

QJsonValue number(double value) {
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
}

/// Points that came after the map was finished.
struct Newcomers {
    std::size_t count = 0;
    double seconds = 0;
};

QJsonObject jsonOf(const ProjectOptions& options, const EmbeddingTable& table, const MapResult& map,
                   const Faithfulness& trust, const Newcomers& newcomers) {
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
            {"placed", static_cast<qint64>(newcomers.count)},
            {"seconds_placing", newcomers.seconds},
            {"out", options.out.empty() ? QJsonValue() : QString::fromStdString(options.out.string())}};
}

void printText(const ProjectOptions& options, const EmbeddingTable& table, const MapResult& map,
               const Faithfulness& trust, const Newcomers& newcomers) {
    std::cout << options.method << " of " << table.count << " x " << table.dimension << ": neighbours "
              << map.neighborSeconds << " s, map " << map.optimizationSeconds << " s";
    if (map.iterations > 0)
        std::cout << ", " << map.iterations << " steps, " << map.objectiveName << ' ' << map.objective;
    std::cout << ".\nTrustworthiness " << trust.trustworthiness << ", continuity " << trust.continuity << ", "
              << std::lround(100 * trust.neighbourPreservation) << " % of " << trust.k << " neighbours kept"
              << (trust.sampled ? " (estimated on " + std::to_string(trust.points.size()) + " points)" : "") << ".\n";
    if (newcomers.count > 0)
        std::cout << newcomers.count << " new points placed in it in " << newcomers.seconds << " s.\n";
    if (!options.out.empty()) std::cout << "Written to \"" << options.out.string() << "\".\n";
}

/// The finished map as a layout, so that new points find their places as they do in the window.
Layout layoutOf(const EmbeddingTable& table, const MapResult& map, int dims) {
    auto bank = std::make_shared<BankFrame>();
    bank->dimension = table.dimension;
    bank->embeddings = table.rows;
    bank->computedAtStep.resize(table.count);
    Layout layout;
    layout.bank = std::move(bank);
    for (std::size_t i = 0; i < map.coordinates.size(); ++i) {
        const bool deep = i % static_cast<std::size_t>(dims) == 2;
        (deep ? layout.depths : layout.coordinates).push_back(map.coordinates[i]);
    }
    return layout;
}

/// Read before the map is made: what is wrong with it should not show after minutes.
EmbeddingTable readNewcomers(const ProjectOptions& options, const EmbeddingTable& table) {
    if (options.place.empty()) return {};
    EmbeddingTable added = readEmbeddings(options.place);
    if (added.dimension != table.dimension)
        throw std::invalid_argument("\"" + options.place.string() + "\" has " + std::to_string(added.dimension) +
                                    " numbers a row and the map " + std::to_string(table.dimension) +
                                    "; give embeddings of the same encoder.");
    if (!std::ranges::all_of(added.rows, [](float value) { return std::isfinite(value); }))
        throw std::invalid_argument("A row of \"" + options.place.string() + "\" is not finite; leave such rows out.");
    return added;
}

Newcomers placeNewcomers(const ProjectOptions& options, const EmbeddingTable& added, const EmbeddingTable& table,
                         const MapResult& map) {
    if (options.place.empty()) return {};
    const auto begun = std::chrono::steady_clock::now();
    const Places places = placesIn(layoutOf(table, map, options.dims), added.rows, options.threads);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::vector<float> rows;
    for (std::size_t i = 0; i < added.count; ++i) {
        rows.insert(rows.end(), {places.coordinates[2 * i], places.coordinates[2 * i + 1]});
        if (!places.depths.empty()) rows.push_back(places.depths[i]);
    }
    writeEmbeddings(options.placeOut, rows, options.dims);
    return {added.count, seconds};
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
    CLI::Option* place =
        command
            .add_option("--place", options.place,
                        "New embeddings, e.g. a hold-out, to be placed in the finished map, which stays as it is")
            ->type_name("FILE.npy");
    CLI::Option* placeOut =
        command.add_option("--place-out", options.placeOut, "Where the coordinates of the new ones are written")
            ->type_name("FILE.npy");
    place->needs(placeOut);
    placeOut->needs(place);
    command.add_flag("--json", options.json, "The result as one line of JSON");
}

int runProject(const ProjectOptions& options) {
    const Choice method = methodOf(options);
    const EmbeddingTable table = readEmbeddings(options.embeddings);
    const std::vector<std::int32_t> labels =
        options.labels.empty() ? std::vector<std::int32_t>() : readLabels(options.labels);
    const EmbeddingTable added = readNewcomers(options, table);
    const std::optional<MapResult> map =
        makeMap({table.rows, table.dimension, labels, method, options.dims, options.seed, options.threads});
    if (!options.out.empty()) writeEmbeddings(options.out, map->coordinates, options.dims);
    const Newcomers newcomers = placeNewcomers(options, added, table, *map);
    const std::optional<Faithfulness> trust =
        faithfulness(table.rows, table.dimension, map->coordinates, options.dims, kNeighbors, kAskedPoints);
    if (options.json)
        std::cout << QJsonDocument(jsonOf(options, table, *map, *trust, newcomers))
                         .toJson(QJsonDocument::Compact)
                         .toStdString()
                  << '\n';
    else
        printText(options, table, *map, *trust, newcomers);
    return 0;
}

}  // namespace embedscope
