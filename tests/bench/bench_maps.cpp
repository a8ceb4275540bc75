// t-SNE and UMAP to the end: seconds, objective and trustworthiness.
#include "engine/embedding_file.h"
#include "engine/faithfulness.h"
#include "engine/map_task.h"
#include "tests/bench/benchmark.h"
#include "tests/support/random_points.h"

#include <memory>
#include <string>

namespace embedscope::bench {
namespace {

struct Options {
    std::string file;
    std::size_t rows = 10'000;
    int dimension = 64, clusters = 10, threads = 0;
};

/// Clusters that touch, as classes do in training.
std::vector<float> clusteredRows(const Options& options) {
    RandomPoints random(1);
    const auto dimension = static_cast<std::size_t>(options.dimension);
    const std::vector<float> centres = random.rows(static_cast<std::size_t>(options.clusters), options.dimension);
    std::vector<float> rows = random.rows(options.rows, options.dimension);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = 0.7F * rows[i] +
                  centres[i / dimension % static_cast<std::size_t>(options.clusters) * dimension + i % dimension];
    return rows;
}

void measure(const char* method, const Options& options) {
    std::vector<float> rows;
    int dimension = options.dimension;
    if (options.file.empty()) {
        rows = clusteredRows(options);
    } else {
        EmbeddingTable table = readEmbeddings(options.file);
        rows = std::move(table.rows);
        dimension = static_cast<int>(table.dimension);
    }
    constexpr std::size_t kJudged = 3'000;
    const auto map = makeMap({rows, dimension, {}, {method, {}}, 2, 1, options.threads});
    const auto trust = faithfulness(rows, dimension, map->coordinates, 2, 12, kJudged);
    print({{"bench", method},
           {"points", rows.size() / static_cast<std::size_t>(dimension)},
           {"dimension", dimension},
           {"threads", options.threads},
           {"seconds_neighbors", rounded(map->neighborSeconds)},
           {"seconds_optimization", rounded(map->optimizationSeconds)},
           {"objective", rounded(map->objective)},
           {"trustworthiness", rounded(trust->trustworthiness)}});
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("--file", options->file, "A .npy of embeddings; generated rows if none");
    command.add_option("--rows", options->rows);
    command.add_option("--dimension", options->dimension);
    command.add_option("--clusters", options->clusters)->check(CLI::PositiveNumber);
    command.add_option("--threads", options->threads, "0: all cores");
    return [options, method = command.get_name()] { measure(method.c_str(), *options); };
}

}  // namespace

Benchmark tsneBenchmark() {
    return {"tsne", "A map by t-SNE", prepare};
}

Benchmark umapBenchmark() {
    return {"umap", "A map by UMAP", prepare};
}

}  // namespace embedscope::bench
