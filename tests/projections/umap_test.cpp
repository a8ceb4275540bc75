#include "engine/projections/umap.h"

#include "engine/projections/spectral_start.h"
#include "tests/support/random_points.h"
#include "tests/support/reference_rows.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

using namespace embedscope;

namespace {

const nlohmann::json& reference() {
    static const nlohmann::json cases = referenceFile("projections.json")["cases"];
    return cases;
}

const nlohmann::json& caseOf(const std::string& id) {
    return *std::ranges::find_if(reference(), [&](const auto& item) { return item["id"] == id; });
}

/// The case's table of neighbours without the points themselves.
NeighborGraph graphOf(const nlohmann::json& item) {
    NeighborGraph graph;
    graph.neighbors = item["params"]["n_neighbors"].get<int>() - 1;
    const auto& indices = item["inputs"]["knn_indices"];
    const auto& distances = item["inputs"]["knn_distances"];
    for (std::size_t i = 0; i < indices.size(); ++i)
        for (std::size_t j = 0; j < indices[i].size(); ++j)
            if (indices[i][j].get<std::size_t>() != i) {
                graph.rows.push_back(indices[i][j]);
                graph.distances.push_back(distances[i][j]);
            }
    return graph;
}

double meanOf(const nlohmann::json& distances) {
    const auto all = rowsOf<double>(distances);
    return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
}

std::vector<float> blobs(std::size_t count, std::size_t blobCount, std::uint64_t seed) {
    RandomPoints random(seed);
    const std::vector<float> centres = random.rows(blobCount, 8);
    std::vector<float> rows = random.rows(count, 8);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = 0.3F * rows[i] + 3 * centres[i / 8 % blobCount * 8 + i % 8];
    return rows;
}

MapPoints<float> start(std::size_t count, int dims) {
    std::vector<float> rows = RandomPoints(5).rows(count, dims);
    for (float& value : rows) value *= 4;
    return pointsOf<float>(rows, dims);
}

Umap prepared(const std::vector<float>& rows, int dimension, int dims, Workers& workers) {
    Umap umap({.dims = dims}, workers);
    umap.setGraph(fuzzyUnion(*exactNeighborGraph({rows, dimension}, 14, workers), workers));
    umap.setPoints(start(rows.size() / static_cast<std::size_t>(dimension), dims));
    return umap;
}

}  // namespace

class UmapTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void LocalScalesMatchTheirReference() {
        for (const char* id : {"umap/fuzzy_plain", "umap/fuzzy_dup"}) {
            const auto& item = caseOf(id);
            const auto& table = item["inputs"]["knn_distances"];
            for (std::size_t i = 0; i < table.size(); ++i) {
                auto distances = table[i].get<std::vector<double>>();
                distances.erase(distances.begin());  // itself, or a duplicate as far away
                const LocalScale scale = localScale(distances, meanOf(table));
                QVERIFY(agrees(scale.rho, item["expected"]["rho_float64"][i], 1e-8));
                QVERIFY(agrees(scale.sigma, item["expected"]["sigma_float64"][i], 1e-8));
                QVERIFY(agrees(scale.rho, item["expected"]["rho"][i], 1e-4));
                const double sigma = item["expected"]["sigma"][i];
                QVERIFY(std::abs(scale.sigma - sigma) <= 1e-4 * sigma);
            }
        }
    }

    void FuzzyUnionMatchesItsReference() {
        Workers workers(2);
        for (const char* id : {"umap/fuzzy_plain", "umap/fuzzy_dup"}) {
            const auto& item = caseOf(id);
            const SparseRows<float> found = fuzzyUnion(graphOf(item), workers);
            std::map<std::pair<int, int>, double> entries;
            for (std::size_t i = 0; i < found.count(); ++i)
                for (std::uint32_t at = found.begins[i]; at < found.begins[i + 1]; ++at)
                    entries[{static_cast<int>(i), found.columns[at]}] = found.values[at];
            const auto& library = item["expected"]["fuzzy_union"];
            QCOMPARE(entries.size(), library["row"].size());
            for (std::size_t at = 0; at < library["row"].size(); ++at)
                QVERIFY(agrees(entries.at({library["row"][at], library["col"][at]}), library["value"][at], 1e-4));
            const auto& exact = item["expected"]["fuzzy_union_float64"];
            const auto& index = item["expected"]["fuzzy_union_float64_index"];
            for (std::size_t at = 0; at < exact.size(); ++at)  // our memberships are kept in single precision
                QVERIFY(agrees(entries.at({index[at][0], index[at][1]}), exact[at], 2e-6));
        }
    }

    void CurveMatchesItsReference() {
        for (const auto& item : caseOf("umap/ab")["expected"]["ab"]) {
            const MapCurve curve = fitMapCurve(item["min_dist"], item["spread"]);
            QVERIFY2(agrees(curve.a, item["a"], 1e-4), std::to_string(curve.a).c_str());
            QVERIFY2(agrees(curve.b, item["b"], 1e-4), std::to_string(curve.b).c_str());
        }
    }

    void ResumedRunEqualsStraightRunAndParallelEqualsSerial() {
        const auto rows = blobs(900, 5, 1);
        for (const int dims : {2, 3}) {
            Workers one(1), three(3);
            Umap straight = prepared(rows, 8, dims, one), resumed = prepared(rows, 8, dims, three);
            QVERIFY(straight.runTo(120));
            for (const int epoch : {1, 17, 18, 120}) QVERIFY(resumed.runTo(epoch));
            QCOMPARE(rowsOf(straight.points()), rowsOf(resumed.points()));
        }
    }

    void BlobsPart() {
        const auto rows = blobs(600, 4, 2);
        Workers workers(2);
        Umap umap = prepared(rows, 8, 2, workers);
        umap.runTo(umap.plannedEpochs());
        QVERIFY(umap.crossEntropy() > 0);
        const auto graph = exactNeighborGraph({rowsOf(umap.points()), 2}, 5, workers);
        int strangers = 0;
        for (std::size_t i = 0; i < graph->count(); ++i)
            for (const std::int32_t other : graph->rowsOf(i)) strangers += other % 4 != static_cast<int>(i % 4);
        QVERIFY2(strangers < 30, std::to_string(strangers).c_str());
    }

    void SpectralStartIsTheWavesOfARing() {
        // The eigenvectors of a ring are sine and cosine: the start draws it as a circle.
        constexpr std::size_t kCount = 60;
        SparseRows<float> ring;
        for (std::size_t i = 0; i < kCount; ++i) {
            const auto before = static_cast<std::int32_t>((i + kCount - 1) % kCount);
            const auto after = static_cast<std::int32_t>((i + 1) % kCount);
            ring.columns.insert(ring.columns.end(), {std::min(before, after), std::max(before, after)});
            ring.values.insert(ring.values.end(), {0.5F, 0.5F});
            ring.begins.push_back(static_cast<std::uint32_t>(ring.columns.size()));
        }
        Workers workers(2);
        const auto start = spectralStart(ring, 2, 4, workers);
        QVERIFY(start);
        for (std::size_t i = 0; i < kCount; ++i) {
            const double radius = std::hypot(start->at(0)[i], start->at(1)[i]);
            QVERIFY2(std::abs(radius - 4 * std::sqrt(2.0)) < 0.05, std::to_string(radius).c_str());
        }
        for (std::size_t i = 0; i < ring.columns.size(); ++i)  // cut twice
            if ((ring.columns[i] < 30) != (i / 2 < 30)) ring.values[i] = 0;
        QVERIFY(!spectralStart(ring, 2, 4, workers));
    }

    void SettledMapStandsStill() {
        const auto rows = blobs(300, 3, 4);
        Workers workers(1);
        Umap umap = prepared(rows, 8, 2, workers);
        umap.runTo(umap.plannedEpochs());
        const auto before = rowsOf(umap.points());
        umap.runTo(umap.plannedEpochs() + 50);
        QCOMPARE(rowsOf(umap.points()), before);
    }

    void AwkwardDataGiveNoNaN() {
        Workers workers(2);
        std::vector<float> duplicates(80, 0.5F), islands(400, 0);
        std::fill(islands.begin() + 200, islands.end(), 1e6F);
        for (const std::vector<float>& rows :
             {std::vector<float>{1, 2}, std::vector<float>{0, 0, 1, 1}, duplicates, islands})
            for (const int dims : {2, 3}) {
                Umap umap = prepared(rows, 2, dims, workers);
                umap.runTo(60);
                for (const float value : rowsOf(umap.points())) QVERIFY(std::isfinite(value));
                QVERIFY(std::isfinite(umap.crossEntropy()));
            }
    }
};

QTEST_APPLESS_MAIN(UmapTest)
#include "umap_test.moc"
