#include "engine/map_task.h"
#include "engine/projections/moving_map.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace embedscope;

namespace {

constexpr int kDimension = 6;

std::vector<float> blobs(std::size_t count, std::uint64_t seed) {
    RandomPoints random(seed);
    const std::vector<float> centres = random.rows(5, kDimension);
    std::vector<float> rows = random.rows(count, kDimension);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = 0.3F * rows[i] + 3 * centres[i / kDimension % 5 * kDimension + i % kDimension];
    return rows;
}

std::vector<std::int32_t> labelsOf(std::size_t count) {
    std::vector<std::int32_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::int32_t>(i % 5);
    return labels;
}

/// Turned by a rotation in the planes (0, 1), (2, 3), (4, 5).
std::vector<float> turned(std::vector<float> rows) {
    for (std::size_t i = 0; i < rows.size(); i += 2) {
        const float x = rows[i], y = rows[i + 1];
        rows[i] = 0.6F * x - 0.8F * y;
        rows[i + 1] = 0.8F * x + 0.6F * y;
    }
    return rows;
}

double radius(const std::vector<float>& map) {
    double sum = 0;
    for (const float value : map) sum += static_cast<double>(value) * value;
    return std::sqrt(2 * sum / static_cast<double>(map.size()));
}

/// Mean distance between two maps, relative to their size; each axis of b mirrored where that helps.
double difference(const std::vector<float>& a, std::vector<float> b) {
    for (std::size_t d = 0; d < 2; ++d) {
        double product = 0;
        for (std::size_t i = d; i < a.size(); i += 2) product += static_cast<double>(a[i]) * b[i];
        if (product < 0)
            for (std::size_t i = d; i < a.size(); i += 2) b[i] = -b[i];
    }
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); i += 2) sum += std::hypot(a[i] - b[i], a[i + 1] - b[i + 1]);
    return sum / static_cast<double>(a.size() / 2) / radius(a);
}

}  // namespace

class MapTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EveryMethodMapsInTwoAndThreeDimensionsOnAnyNumberOfThreads() {
        const auto rows = blobs(400, 1);
        const auto labels = labelsOf(400);
        for (const CatalogEntry& entry : projectionCatalog())
            for (const int dims : {2, 3}) {
                MapTask task{rows, kDimension, labels, {entry.id, {}}, dims, 1, 1};
                const auto serial = makeMap(task);
                task.threads = 3;
                const auto parallel = makeMap(task);
                QVERIFY(serial && parallel);
                QCOMPARE(serial->coordinates.size(), 400U * static_cast<std::size_t>(dims));
                QCOMPARE(serial->axisNames.size(), static_cast<std::size_t>(dims));
                QCOMPARE(serial->coordinates, parallel->coordinates);
                QVERIFY(std::ranges::all_of(serial->coordinates, [](float value) { return std::isfinite(value); }));
            }
    }

    void DiscriminantAxesPartTheClasses() {
        const auto rows = blobs(500, 2);
        const auto labels = labelsOf(500);
        const auto map = makeMap({rows, kDimension, labels, {"lda", {}}});
        double means[5][2]{}, within = 0, between = 0;
        for (std::size_t i = 0; i < 1000; ++i) means[i / 2 % 5][i % 2] += map->coordinates[i] / 100.0;
        for (std::size_t i = 0; i < 1000; ++i)
            within += std::pow(map->coordinates[i] - means[i / 2 % 5][i % 2], 2) / 500;
        for (const auto& mean : means) between += (mean[0] * mean[0] + mean[1] * mean[1]) / 5;
        QVERIFY2(between > 20 * within, std::to_string(between / within).c_str());
    }

    void TurnedEmbeddingsGiveTheSameMap() {
        const auto rows = blobs(300, 3);
        const auto other = turned(rows);
        const auto map = makeMap({rows, kDimension, {}, {"pca", {}}});
        const auto twin = makeMap({other, kDimension, {}, {"pca", {}}});
        QVERIFY(difference(map->coordinates, twin->coordinates) < 1e-4);
        Workers workers(2);
        for (const char* method : {"tsne", "umap"}) {
            const auto straight = makeMovingMap({method, {}}, 2, 1, workers),
                       turnedMap = makeMovingMap({method, {}}, 2, 1, workers);
            QVERIFY(straight->initialize({rows, kDimension}) && turnedMap->initialize({other, kDimension}));
            // Rounding grows from step to step, as with any gravity of many bodies; at first it has not grown yet.
            double apart = 0;
            for (const int step : {1, 5, 10, 15, 25}) {
                straight->runTo(step);
                turnedMap->runTo(step);
                const double now = difference(rowsOf(straight->points()), rowsOf(turnedMap->points()));
                qInfo("%s: %.6f of the radius apart after %d steps", method, now, step);
                if (step <= 5) apart = now;
            }
            QVERIFY2(apart < 0.01, method);
        }
    }

    void FollowingUnchangedEmbeddingsLeavesTheMapStill() {
        const auto rows = blobs(800, 4);
        Workers workers(2);
        for (const char* method : {"tsne", "umap"}) {
            const auto map = makeMovingMap({method, {}}, 2, 1, workers);
            QVERIFY(map->initialize({rows, kDimension}));
            while (!map->settled() && map->step() < 5000) map->runTo(map->step() + 50);
            QVERIFY(map->settled());
            const auto before = rowsOf(map->points());
            map->follow({rows, kDimension});
            for (int piece = 0; !map->refresh(); ++piece)
                if (piece % 16 == 0) map->runTo(map->step() + 1);
            map->runTo(map->step() + 100);
            const double moved = difference(before, rowsOf(map->points()));
            qInfo("%s: moved by %.4f of the map's radius in 100 steps", method, moved);
            QVERIFY2(moved < 0.03, std::to_string(moved).c_str());
        }
    }

    void SettingsThatCannotWorkAreNamed() {
        const auto rows = blobs(20, 5);
        const auto sentence = [&](const MapTask& task) {
            try {
                makeMap(task);
            } catch (const std::invalid_argument& problem) {
                return std::string(problem.what());
            }
            return std::string();
        };
        QVERIFY(sentence({rows, kDimension, {}, {"tsme", {}}}).find("tsne") != std::string::npos);
        QVERIFY(sentence({rows, kDimension, {}, {"tsne", {{"perplexity", 1e9}}}}).find("perplexity") !=
                std::string::npos);
        QVERIFY(sentence({rows, kDimension, {}, {"lda", {}}}).find("labels") != std::string::npos);
        QVERIFY(sentence({rows, kDimension, {}, {"raw", {{"x_axis", 9}}}}).find("x_axis") != std::string::npos);
        QVERIFY(sentence({rows, kDimension, {}, {"pca", {}}, 4}).find("dims") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(MapTest)
#include "map_test.moc"
