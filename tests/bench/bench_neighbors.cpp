// The neighbour index of data-set-wide mining: building, queries, recall. Of one thread's processor time.
#include "engine/neighbor_index.h"
#include "tests/bench/benchmark.h"
#include "tests/support/random_points.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace embedscope::bench {
namespace {

struct Points {
    std::vector<float> rows;
    int dimension = 0;
    std::size_t count() const { return rows.size() / static_cast<std::size_t>(dimension); }
};

void normalize(Points& points) {
    for (std::size_t i = 0; i < points.count(); ++i) {
        float* row = points.rows.data() + i * static_cast<std::size_t>(points.dimension);
        double square = 0;
        for (int k = 0; k < points.dimension; ++k) square += double(row[k]) * row[k];
        for (int k = 0; k < points.dimension; ++k) row[k] /= static_cast<float>(std::sqrt(square));
    }
}

/// Clusters on the unit sphere that overlap, as classes do in training.
Points clustered(std::size_t count, int dimension, std::size_t clusters) {
    RandomPoints random(1);
    const std::vector<float> centres = random.rows(clusters, dimension);
    Points points{random.rows(count, dimension), dimension};
    for (std::size_t i = 0; i < points.rows.size(); ++i) {
        const std::size_t row = i / static_cast<std::size_t>(dimension), k = i % static_cast<std::size_t>(dimension);
        points.rows[i] = 0.7F * points.rows[i] + centres[row % clusters * static_cast<std::size_t>(dimension) + k];
    }
    normalize(points);
    return points;
}

/// Just enough of the format for what storage writes: version 1, float32, C order.
Points fromNpy(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    const auto low = static_cast<unsigned char>(bytes.at(8)), high = static_cast<unsigned char>(bytes.at(9));
    const std::size_t header = 10U + low + 256U * high;
    const std::string text = bytes.substr(10, header - 10);
    const std::size_t comma = text.find(',', text.find("'shape'"));
    Points points{std::vector<float>((bytes.size() - header) / sizeof(float)), std::atoi(text.c_str() + comma + 1)};
    std::memcpy(points.rows.data(), bytes.data() + header, points.rows.size() * sizeof(float));
    normalize(points);
    return points;
}

/// Of this thread's processor time, so that a busy machine does not count.
template <typename Work>
double secondsOf(Work work) {
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    const double start = now();
    work();
    return now() - start;
}

void measure(const Points& points, const IndexSettings& settings, std::size_t clusters) {
    constexpr std::size_t kQueries = 500;
    std::shared_ptr<const NeighborIndex> index;
    const double build = secondsOf([&] { index = NeighborIndex::build(points.rows, points.dimension, settings, {}); });
    const auto query = [&](std::size_t q) { return index->row(q * points.count() / kQueries); };
    const double approximate = secondsOf([&] {
        for (std::size_t q = 0; q < kQueries; ++q) index->nearest(query(q), 11);
    });
    const double exact = secondsOf([&] {
        for (std::size_t q = 0; q < kQueries; ++q) index->nearestExact(query(q), 11);
    });
    const double strangers = secondsOf([&] {
        for (std::size_t q = 0; q < kQueries; ++q) {
            const std::size_t own = q * points.count() / kQueries % clusters;
            index->nearest(query(q), 20, [&](std::int32_t row) { return std::size_t(row) % clusters == own; });
        }
    });
    print({{"bench", "neighbors"},
           {"rows", points.count()},
           {"dimension", points.dimension},
           {"search", settings.search},
           {"build_seconds", rounded(build)},
           {"query_ms", 1000 * approximate / kQueries},
           {"query_other_class_ms", 1000 * strangers / kQueries},
           {"brute_force_ms", 1000 * exact / kQueries},
           {"recall_at_10", index->recallAt(10, kQueries, {})}});
}

struct Options {
    std::size_t rows = 50'000, clusters = 10;
    int dimension = 64;
    std::string file;
    std::vector<int> searches = {32, 64, 128};
};

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    command.add_option("--rows", options->rows);
    command.add_option("--dimension", options->dimension);
    command.add_option("--clusters", options->clusters)->check(CLI::PositiveNumber);
    command.add_option("--file", options->file, "A .npy of float32 rows instead, as a run folder has them");
    command.add_option("--search", options->searches, "Candidates that a query keeps");
    return [options] {
        const Points points = options->file.empty() ? clustered(options->rows, options->dimension, options->clusters)
                                                    : fromNpy(options->file);
        for (const int search : options->searches) measure(points, {.search = search}, options->clusters);
    };
}

}  // namespace

Benchmark neighborsBenchmark() {
    return {"neighbors", "The neighbour index: building, queries, recall", prepare};
}

}  // namespace embedscope::bench
