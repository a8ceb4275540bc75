#include "engine/clustering.h"

#include "engine/evaluation/normalized_rows.h"
#include "engine/evaluation/silhouette.h"
#include "tests/support/random_points.h"
#include "tests/support/reference_rows.h"

#include <QTest>

#include <limits>
#include <numeric>
#include <set>

using namespace embedscope;
using nlohmann::json;

namespace {

constexpr double kTolerance = 1e-9;

double meanSilhouette(const std::vector<double>& rows, int width, const std::vector<std::int32_t>& labels) {
    const auto each = *silhouettes<double>(rows, width, labels, {});
    return std::accumulate(each.begin(), each.end(), 0.0) / double(each.size());
}

/// Sum of squared distances to the means of the clusters: what k-means makes small.
double inertia(const std::vector<float>& rows, int width, const std::vector<std::int32_t>& clusters, int count) {
    double total = 0;
    for (int c = 0; c < count; ++c)
        for (int k = 0; k < width; ++k) {
            double sum = 0, squares = 0, n = 0;
            for (std::size_t i = 0; i < clusters.size(); ++i) {
                if (clusters[i] != c) continue;
                const double value = rows[i * width + k];
                sum += value, squares += value * value, n += 1;
            }
            if (n > 0) total += squares - sum * sum / n;
        }
    return total;
}

/// `count` heaps far apart, ten rows each.
std::vector<float> heaps(int count, std::vector<std::int32_t>& truth) {
    RandomPoints random(3);
    std::vector<float> rows;
    for (int i = 0; i < 10 * count; ++i) {
        truth.push_back(i % count);
        rows.push_back(float(20 * (i % count) + 0.1 * random.normal()));
        rows.push_back(float(7 * ((i % count) % 3) + 0.1 * random.normal()));
    }
    return rows;
}

}  // namespace

class ClusteringTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MutualInformationMatchesItsReference() {
        int compared = 0;
        for (const json& item : file_["cases"]) {
            if (!item["expected"].contains("clustering")) continue;
            const std::vector<std::int32_t> labels = item["inputs"]["labels"];
            for (const json& expected : item["expected"]["clustering"]) {
                const std::vector<std::int32_t> assignments = expected["assignments"];
                const Agreement found = agreement(labels, assignments);
                QVERIFY(agrees(found.normalizedMutualInformation, expected["NMI"], kTolerance));
                QVERIFY(agrees(found.adjustedMutualInformation, expected["AMI"], kTolerance));
                ++compared;
            }
        }
        QVERIFY(compared >= 4);
    }

    void SilhouetteMatchesItsReference() {
        int compared = 0;
        for (const json& item : file_["cases"]) {
            if (!item["expected"].contains("silhouette")) continue;
            const json& expected = item["expected"]["silhouette"];
            const int width = widthOf(item["inputs"]["embeddings"]);
            auto rows = rowsOf<double>(item["inputs"]["embeddings"]);
            const std::vector<std::int32_t> labels = item["inputs"]["labels"];
            QVERIFY(agrees(meanSilhouette(rows, width, labels), expected["labels_euclidean"], kTolerance));
            const auto each = *silhouettes<double>(rows, width, labels, {});
            for (std::size_t i = 0; i < each.size(); ++i)
                QVERIFY(agrees(each[i], expected["labels_euclidean_samples"][i], kTolerance));
            const std::vector<std::int32_t> clusters = item["expected"]["clustering"][0]["assignments"];
            QVERIFY(agrees(meanSilhouette(rows, width, clusters), expected["kmeans_euclidean"], kTolerance));
            QVERIFY(agrees(*silhouette(rowsOf<float>(item["inputs"]["embeddings"]), width, labels),
                           expected["labels_euclidean"], 1e-6));
            ++compared;
        }
        QVERIFY(compared >= 3);
    }

    void AgreementOfTrivialGroupings() {
        const std::vector<std::int32_t> one(6, 3), two = {0, 0, 0, 1, 1, 1}, renamed = {9, 9, 9, 4, 4, 4};
        QCOMPARE(agreement(two, renamed).normalizedMutualInformation, 1.0);
        QVERIFY(std::abs(agreement(two, renamed).adjustedMutualInformation - 1) < 1e-12);
        QCOMPARE(agreement(two, one).normalizedMutualInformation, 0.0);
        QVERIFY(std::abs(agreement(two, one).adjustedMutualInformation) < 1e-12);
        QCOMPARE(agreement(one, one).adjustedMutualInformation, 1.0);
        QCOMPARE(agreement({}, {}).adjustedMutualInformation, 1.0);
        const std::vector<std::int32_t> unlabelled = {0, -1, 0, 1, 1, -1};
        QCOMPARE(agreement(two, unlabelled).normalizedMutualInformation, 1.0);
    }

    void KMeansFindsHeapsThatLieApart() {
        std::vector<std::int32_t> truth;
        const auto rows = heaps(6, truth);
        for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
            const auto clusters = *kMeans(rows, 2, {6, 50, seed});
            QVERIFY(agreement(truth, clusters).normalizedMutualInformation > 0.9);
            QVERIFY(clusters == *kMeans(rows, 2, {6, 50, seed}));
        }
    }

    void MoreIterationsNeverMakeKMeansWorse() {
        const auto rows = RandomPoints(5).rows(400, 3);
        double before = std::numeric_limits<double>::infinity();
        for (int iterations = 1; iterations < 12; ++iterations) {
            const double now = inertia(rows, 3, *kMeans(rows, 3, {8, iterations, 2}), 8);
            QVERIFY(now <= before + 1e-3);
            before = now;
        }
    }

    void KMeansOfFewOrEqualOrBrokenRows() {
        const std::vector<float> three = {0, 5, 9};
        const auto clusters = *kMeans(three, 1, {10, 20, 1});
        QCOMPARE(std::set<std::int32_t>(clusters.begin(), clusters.end()).size(), 3U);
        const auto equal = *kMeans(std::vector<float>(50, 2.5F), 1, {4, 20, 1});
        for (const std::int32_t cluster : equal) QVERIFY(cluster >= 0 && cluster < 4);
        const std::vector<float> broken = {0, std::numeric_limits<float>::quiet_NaN(), 9};
        QCOMPARE((*kMeans(broken, 1, {2, 20, 1}))[1], -1);
        QVERIFY(kMeans({}, 4, {3, 20, 1})->empty());
    }

    void SilhouetteOfNothingIsNaN() {
        QVERIFY(std::isnan(*silhouette({}, 2, {})));
        const std::vector<float> rows = {1, 2, 3};
        QVERIFY(std::isnan(*silhouette(rows, 1, std::vector<std::int32_t>{4, 4, 4})));
        QVERIFY(std::isnan(*silhouette(rows, 1, std::vector<std::int32_t>{4, -1, 4})));
        const std::vector<float> equal(6, 1);
        QCOMPARE(*silhouette(equal, 1, std::vector<std::int32_t>{0, 0, 0, 1, 1, 1}), 0.0);
    }

    void StopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        const auto rows = RandomPoints(1).rows(100, 3);
        std::vector<std::int32_t> labels(100);
        for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::int32_t(i % 2);
        QVERIFY(!silhouette(rows, 3, labels, stop.get_token()));
        QVERIFY(!kMeans(rows, 3, {5, 20, 1}, stop.get_token()));
    }

private:
    const json file_ = referenceFile("metrics.json");
};

QTEST_APPLESS_MAIN(ClusteringTest)
#include "clustering_test.moc"
