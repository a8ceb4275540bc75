#include "engine/projections/tsne.h"

#include "engine/projections/affinities.h"
#include "tests/support/random_points.h"
#include "tests/support/reference_rows.h"

#include <QTest>

#include <algorithm>

using namespace embedscope;

namespace {

const nlohmann::json& reference() {
    static const nlohmann::json cases = referenceFile("projections.json")["cases"];
    return cases;
}

const nlohmann::json& caseOf(const std::string& id) {
    return *std::ranges::find_if(reference(), [&](const auto& item) { return item["id"] == id; });
}

SpaceView viewOf(const std::vector<float>& rows, int dimension) {
    return {rows, dimension};
}

/// Gaussian blobs, so that a map has something to separate.
std::vector<float> blobs(std::size_t count, int dimension, std::size_t blobCount, std::uint64_t seed) {
    RandomPoints random(seed);
    const std::vector<float> centres = random.rows(blobCount, dimension);
    std::vector<float> rows = random.rows(count, dimension);
    const auto width = static_cast<std::size_t>(dimension);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = 0.3F * rows[i] + 3 * centres[i / width % blobCount * width + i % width];
    return rows;
}

template <typename Scalar>
SparseRows<Scalar> dense(const nlohmann::json& condensed, std::size_t count) {
    std::vector<Scalar> square(count * count);
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j)
            square[i * count + j] = square[j * count + i] = static_cast<Scalar>(condensed[at++].get<double>());
    SparseRows<Scalar> p;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < count; ++j)
            if (j != i) {
                p.columns.push_back(static_cast<std::int32_t>(j));
                p.values.push_back(square[i * count + j]);
            }
        p.begins.push_back(static_cast<std::uint32_t>(p.columns.size()));
    }
    return p;
}

MapPoints<float> spread(std::size_t count, int dims, double deviation, std::uint64_t seed) {
    std::vector<float> rows = RandomPoints(seed).rows(count, dims);
    for (float& value : rows) value *= static_cast<float>(deviation);
    return pointsOf<float>(rows, dims);
}

/// Norm of the difference, relative to the norm of what is expected.
double relativeError(const MapPoints<float>& found, const MapPoints<float>& expected) {
    double difference = 0, size = 0;
    for (int d = 0; d < found.dims; ++d)
        for (std::size_t i = 0; i < found.count(); ++i) {
            difference += std::pow(found.at(d)[i] - expected.at(d)[i], 2);
            size += std::pow(expected.at(d)[i], 2);
        }
    return std::sqrt(difference / size);
}

bool allFinite(const MapPoints<float>& points) {
    for (int d = 0; d < points.dims; ++d)
        for (const float value : points.at(d))
            if (!std::isfinite(value)) return false;
    return true;
}

Tsne prepared(const std::vector<float>& rows, int dimension, int dims, Workers& workers, double perplexity = 10) {
    Tsne tsne({.dims = dims, .earlySteps = 60}, workers);
    const auto graph = exactNeighborGraph(viewOf(rows, dimension), neighborsForPerplexity(perplexity), workers);
    tsne.setAffinities(jointProbabilities(*graph, perplexity, workers));
    tsne.setPoints(spread(rows.size() / static_cast<std::size_t>(dimension), dims, 1e-4, 3));
    return tsne;
}

}  // namespace

class TsneTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ProbabilitiesMatchTheirReference() {
        const auto& item = caseOf("tsne/p");
        const auto rows = rowsOf<double>(item["inputs"]["embeddings"]);
        const int width = widthOf(item["inputs"]["embeddings"]);
        const std::size_t count = rows.size() / static_cast<std::size_t>(width);
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<double> squared, found(count - 1);
            for (std::size_t j = 0; j < count; ++j) {
                double sum = 0;
                for (std::size_t k = 0; k < static_cast<std::size_t>(width); ++k)
                    sum += std::pow(
                        rows[i * static_cast<std::size_t>(width) + k] - rows[j * static_cast<std::size_t>(width) + k],
                        2);
                if (j != i) squared.push_back(sum);
            }
            const double beta = conditionalProbabilities(squared, item["params"]["perplexity"], found);
            const double expected = item["expected"]["beta"][i];
            QVERIFY(std::abs(beta - expected) <= 1e-8 * expected);
            QVERIFY(agrees(std::sqrt(1 / (2 * beta)), item["expected"]["sigma"][i], 1e-8));
            for (std::size_t j = 0; j < count; ++j)
                if (j != i) QVERIFY(agrees(found[j > i ? j - 1 : j], item["expected"]["conditional_p"][i][j], 1e-8));
        }
    }

    void JointProbabilitiesMatchTheirReference() {
        const auto& item = caseOf("tsne/p");
        const auto rows = rowsOf<float>(item["inputs"]["embeddings"]);
        Workers workers(2);
        const auto graph = exactNeighborGraph({rows, widthOf(item["inputs"]["embeddings"])}, 1000, workers);
        const SparseRows<float> found = jointProbabilities(*graph, item["params"]["perplexity"], workers);
        const SparseRows<double> expected = dense<double>(item["expected"]["joint_p_condensed"], found.count());
        QCOMPARE(found.columns, expected.columns);
        for (std::size_t at = 0; at < found.values.size(); ++at)
            QVERIFY(std::abs(found.values[at] - expected.values[at]) < 1e-8);
    }

    void KlAndGradientMatchTheirReference() {
        const auto& joint = caseOf("tsne/p")["expected"];
        Workers workers(1);
        int compared = 0;
        for (const auto& item : reference()) {
            if (!item["id"].get<std::string>().starts_with("tsne/kl_")) continue;
            const auto points = pointsOf<double>(rowsOf<double>(item["inputs"]["map"]), 2);
            for (const auto& [source, suffix] :
                 {std::pair("joint_p_condensed", ""), std::pair("sklearn_joint_p_condensed", "_with_sklearn_p")}) {
                const auto p = dense<double>(joint[source], points.count());
                MapPoints<double> gradient(2, points.count());
                const double kl = klGradient(p, points, gradient, workers);
                const double expectedKl = item["expected"][std::string("kl_divergence") + suffix];
                const auto expected = rowsOf<double>(item["expected"][std::string("gradient") + suffix]);
                QVERIFY2(std::abs(kl - expectedKl) <= 1e-9 * expectedKl, std::to_string(kl - expectedKl).c_str());
                const auto found = rowsOf(gradient);
                const double largest =
                    std::abs(*std::ranges::max_element(expected, {}, [](double v) { return std::abs(v); }));
                for (std::size_t i = 0; i < found.size(); ++i)
                    QVERIFY(std::abs(found[i] - expected[i]) <= 1e-9 * largest);
            }
            ++compared;
        }
        QVERIFY(compared >= 3);
    }

    void FloatGradientMatchesItsReference() {
        const auto p = dense<float>(caseOf("tsne/p")["expected"]["joint_p_condensed"], 60);
        for (const char* id : {"tsne/kl_unit", "tsne/kl_init", "tsne/kl_wide"}) {
            const auto& item = caseOf(id);
            const auto points = pointsOf<float>(rowsOf<float>(item["inputs"]["map"]), 2);
            MapPoints<float> gradient(2, points.count());
            Workers workers(2);
            klGradient(p, points, gradient, workers);
            QVERIFY(relativeError(gradient, pointsOf<float>(rowsOf<float>(item["expected"]["gradient"]), 2)) < 1e-5);
        }
    }

    void GridForcesAreTheExactOnes_data() {
        QTest::addColumn<double>("deviation");
        for (const double deviation : {1e-4, 5e-3, 1e-2, 0.05, 0.3, 2.0, 12.0, 40.0})
            QTest::newRow(std::to_string(deviation).c_str()) << deviation;
    }
    void GridForcesAreTheExactOnes() {
        QFETCH(double, deviation);
        Workers workers(2);
        const MapPoints<float> points = spread(3000, 2, deviation, 7);
        MapPoints<float> exact(2, 3000), grid(2, 3000);
        const double z = exactRepulsion(points, exact, workers);
        const double gridZ = makeGridRepulsion()->add(points, grid, workers);
        const double error = relativeError(grid, exact);
        qInfo("relative error of the forces %.2g, of Z %.2g", error, std::abs(gridZ / z - 1));
        // Far apart, a few neighbours make the force, and their errors do not average out.
        QVERIFY(error < (deviation < 5 ? 0.005 : 0.05));
        QVERIFY(std::abs(gridZ / z - 1) < 0.005);
    }

    void TreeForcesAreTheExactOnes() {
        Workers workers(2);
        for (const int dims : {2, 3})
            for (const double deviation : {1e-4, 0.3, 12.0}) {
                const MapPoints<float> points = spread(2000, dims, deviation, 8);
                MapPoints<float> exact(dims, 2000), tree(dims, 2000);
                const double z = exactRepulsion(points, exact, workers);
                const double treeZ = makeTreeRepulsion(0.5)->add(points, tree, workers);
                QVERIFY2(relativeError(tree, exact) < 0.03, std::to_string(relativeError(tree, exact)).c_str());
                QVERIFY(std::abs(treeZ / z - 1) < 0.01);
                const double narrowZ = makeTreeRepulsion(0)->add(points, tree, workers);
                QVERIFY(relativeError(tree, exact) < 1e-5 && std::abs(narrowZ / z - 1) < 1e-5);
            }
    }

    void RoughForcesAreRightToSomePerCent() {
        Workers workers(2);
        for (const double deviation : {0.3, 2.0, 12.0, 40.0}) {
            const MapPoints<float> flat = spread(3000, 2, deviation, 7), deep = spread(2000, 3, deviation, 8);
            MapPoints<float> exact = flat, grid = flat, exactDeep = deep, tree = deep;
            const double z = exactRepulsion(flat, exact, workers), deepZ = exactRepulsion(deep, exactDeep, workers);
            const double gridZ = makeGridRepulsion(0.5)->add(flat, grid, workers);
            const double treeZ = makeTreeRepulsion(1)->add(deep, tree, workers);
            qInfo("grid %.2g, tree %.2g", relativeError(grid, exact), relativeError(tree, exactDeep));
            QVERIFY(relativeError(grid, exact) < 0.1 && std::abs(gridZ / z - 1) < 0.02);
            QVERIFY(relativeError(tree, exactDeep) < 0.1 && std::abs(treeZ / deepZ - 1) < 0.05);
        }
    }

    void AffinitiesFoundSliceBySliceAreTheSame() {
        Workers workers(2);
        const auto rows = blobs(700, 8, 4, 6);
        const auto graph = exactNeighborGraph({rows, 8}, neighborsForPerplexity(12), workers);
        const SparseRows<float> whole = jointProbabilities(*graph, 12, workers);
        std::vector<float> conditional = graph->distances;  // to be overwritten
        for (std::size_t begin = 0; begin < 700; begin += 130)
            conditionalRows(*graph, 12, begin, std::min<std::size_t>(begin + 130, 700), conditional, workers);
        const SparseRows<float> sliced = jointFromConditional(*graph, conditional, workers);
        QCOMPARE(sliced.columns, whole.columns);
        QCOMPARE(sliced.values, whole.values);
        for (std::size_t row = 0; row < whole.count(); ++row)
            QVERIFY(std::ranges::is_sorted(
                std::span(whole.columns).subspan(whole.begins[row], whole.begins[row + 1] - whole.begins[row])));
    }

    void ResumedRunEqualsStraightRunAndParallelEqualsSerial() {
        const auto rows = blobs(1800, 8, 6, 1);
        for (const int dims : {2, 3}) {
            Workers one(1), three(3);
            Tsne straight = prepared(rows, 8, dims, one), resumed = prepared(rows, 8, dims, three);
            QVERIFY(straight.runTo(100));
            for (const int step : {1, 7, 59, 60, 61, 100}) QVERIFY(resumed.runTo(step));
            QCOMPARE(rowsOf(straight.points()), rowsOf(resumed.points()));
        }
    }

    void KlFallsAndBlobsPart() {
        const auto rows = blobs(600, 8, 4, 2);
        Workers workers(2);
        Tsne tsne = prepared(rows, 8, 2, workers);
        const double before = tsne.exactKl();
        tsne.runTo(300);
        const double after = tsne.exactKl();
        QVERIFY2(after < 0.4 * before, std::to_string(after).c_str());
        const auto graph = exactNeighborGraph({rowsOf(tsne.points()), 2}, 5, workers);
        int strangers = 0;
        for (std::size_t i = 0; i < graph->count(); ++i)
            for (const std::int32_t other : graph->rowsOf(i)) strangers += other % 4 != static_cast<int>(i % 4);
        QVERIFY2(strangers < 30, std::to_string(strangers).c_str());
    }

    void AwkwardDataGiveNoNaN() {
        Workers workers(2);
        const std::vector<float> two{0, 0, 1, 1};
        std::vector<float> duplicates(80, 0.5F), halves(400, 0);
        std::fill(halves.begin() + 200, halves.end(), 1e6F);
        for (const std::vector<float>& rows : {std::vector<float>{1, 2}, two, duplicates, halves, blobs(9, 2, 3, 1)})
            for (const int dims : {2, 3}) {
                Tsne tsne = prepared(rows, 2, dims, workers, 30);
                QVERIFY(tsne.runTo(80));
                QVERIFY(allFinite(tsne.points()));
                QVERIFY(std::isfinite(tsne.exactKl()));
            }
        Tsne together = prepared(duplicates, 2, 2, workers, 30);
        together.setPoints(MapPoints<float>(2, 40));
        QVERIFY(together.runTo(50));
        QVERIFY(allFinite(together.points()));
    }

    void StopEndsItBetweenSteps() {
        std::stop_source stop;
        stop.request_stop();
        Workers workers(1);
        const auto rows = blobs(300, 4, 3, 1);
        Tsne tsne = prepared(rows, 4, 2, workers);
        QVERIFY(!tsne.runTo(10, stop.get_token()));
        QCOMPARE(tsne.step(), 0);
        QVERIFY(!exactNeighborGraph({rows, 4}, 5, workers, stop.get_token()));
        QVERIFY(tsne.runTo(10));
    }
};

QTEST_APPLESS_MAIN(TsneTest)
#include "tsne_test.moc"
