// t-SNE and UMAP to the end: seconds, objective and trustworthiness.
#include "engine/data_load.h"
#include "engine/embedding_file.h"
#include "engine/faithfulness.h"
#include "engine/map_task.h"
#include "engine/neighbors/neighbor_graph.h"
#include "engine/projections/pca.h"
#include "tests/bench/benchmark.h"
#include "tests/support/random_points.h"

#include <memory>
#include <string>

namespace embedscope::bench {
namespace {

struct Options {
    std::string file, images, out;
    std::size_t rows = 10'000;
    int dimension = 64, clusters = 10, threads = 0;
};

struct Rows {
    std::vector<float> numbers;
    int dimension = 0;
    std::size_t count() const { return numbers.size() / static_cast<std::size_t>(dimension); }
};

/// Clusters that touch, as classes do in training.
Rows clusteredRows(const Options& options) {
    RandomPoints random(1);
    const auto dimension = static_cast<std::size_t>(options.dimension);
    const std::vector<float> centres = random.rows(static_cast<std::size_t>(options.clusters), options.dimension);
    std::vector<float> rows = random.rows(options.rows, options.dimension);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = 0.7F * rows[i] +
                  centres[i / dimension % static_cast<std::size_t>(options.clusters) * dimension + i % dimension];
    return {std::move(rows), options.dimension};
}

/// The principal components of the images' numbers, of evenly spread ones of them.
Rows imageRows(const Options& options) {
    DataSettings settings;
    settings.folder = options.images;
    const auto data = loadDataSet(settings);
    const std::size_t count = std::min(options.rows, data->size());
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> pixels(
        static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(data->shape.bytes()));
    for (std::size_t i = 0; i < count; ++i) {
        const auto image = data->image(i * data->size() / count);
        for (std::size_t k = 0; k < image.size(); ++k)
            pixels(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) = static_cast<float>(image[k]) / 255;
    }
    const auto basis = exactPca(RowsView<float>(pixels.data(), pixels.rows(), pixels.cols()), options.dimension);
    Rows rows{std::vector<float>(count * static_cast<std::size_t>(options.dimension)), options.dimension};
    const Eigen::MatrixXf axes = basis->axes.cast<float>();
    const Eigen::RowVectorXf mean = basis->mean.cast<float>();
    for (Eigen::Index i = 0; i < pixels.rows(); ++i)
        Eigen::Map<Eigen::RowVectorXf>(rows.numbers.data() + i * options.dimension, options.dimension) =
            (pixels.row(i) - mean) * axes;
    return rows;
}

Rows rowsOf(const Options& options) {
    if (!options.images.empty()) return imageRows(options);
    if (options.file.empty()) return clusteredRows(options);
    EmbeddingTable table = readEmbeddings(options.file);
    return {std::move(table.rows), table.dimension};
}

/// Share of the true neighbours of some rows that the search of the maps finds.
double recallOf(const Rows& rows, int neighbors, int threads) {
    constexpr std::size_t kAsked = 300;
    Workers workers(threads);
    const SpaceView space{rows.numbers, rows.dimension};
    const auto graph = neighborGraph(space, neighbors, workers);
    std::size_t found = 0, asked = 0;
    for (std::size_t i = 0; i < space.count(); i += std::max<std::size_t>(1, space.count() / kAsked)) {
        std::vector<std::pair<float, std::int32_t>> truth;
        for (std::size_t j = 0; j < space.count(); ++j) {
            float squared = 0;
            for (int k = 0; k < rows.dimension; ++k) {
                const float difference = space.row(i)[k] - space.row(j)[k];
                squared += difference * difference;
            }
            if (i != j) truth.emplace_back(squared, static_cast<std::int32_t>(j));
        }
        std::ranges::nth_element(truth, truth.begin() + neighbors);
        for (int k = 0; k < neighbors; ++k)
            found += std::ranges::count(graph->rowsOf(i), truth[static_cast<std::size_t>(k)].second) > 0 ? 1U : 0U;
        asked += graph->width();
    }
    return static_cast<double>(found) / static_cast<double>(asked);
}

void measure(const std::string& method, const Options& options) {
    const Rows rows = rowsOf(options);
    if (!options.out.empty()) writeEmbeddings(options.out, rows.numbers, rows.dimension);
    constexpr std::size_t kJudged = 3'000;
    const auto map = makeMap({rows.numbers, rows.dimension, {}, {method, {}}, 2, 1, options.threads});
    const auto trust = faithfulness(rows.numbers, rows.dimension, map->coordinates, 2, 12, kJudged);
    constexpr int kTsneNeighbors = 90, kUmapNeighbors = 14;  // of the standard settings
    print({{"bench", method},
           {"points", rows.count()},
           {"dimension", rows.dimension},
           {"threads", options.threads},
           {"seconds", rounded(map->neighborSeconds + map->optimizationSeconds)},
           {"seconds_neighbors", rounded(map->neighborSeconds)},
           {"neighbor_recall",
            rounded(recallOf(rows, method == "tsne" ? kTsneNeighbors : kUmapNeighbors, options.threads))},
           {"seconds_optimization", rounded(map->optimizationSeconds)},
           {"objective", rounded(map->objective)},
           {"trustworthiness", rounded(trust->trustworthiness)}});
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    CLI::Option* file = command.add_option("--file", options->file, "A .npy of embeddings; generated rows if none");
    command
        .add_option("--images", options->images,
                    "A folder of images, e.g. /usr/share/datasets/fashion-mnist: the principal components of their "
                    "pixels")
        ->excludes(file);
    command.add_option("--out", options->out, "The rows as a .npy, for other programs");
    command.add_option("--rows", options->rows);
    command.add_option("--dimension", options->dimension);
    command.add_option("--clusters", options->clusters)->check(CLI::PositiveNumber);
    command.add_option("--threads", options->threads, "0: all cores");
    return [options, method = command.get_name()] { measure(method, *options); };
}

}  // namespace

Benchmark tsneBenchmark() {
    return {"tsne", "A map by t-SNE", prepare};
}

Benchmark umapBenchmark() {
    return {"umap", "A map by UMAP", prepare};
}

}  // namespace embedscope::bench
