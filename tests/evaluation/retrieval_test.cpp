#include "engine/retrieval.h"

#include "tests/support/random_points.h"
#include "tests/support/reference.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <vector>

using namespace embedscope;

namespace {

/// The definition, written down: direct distances in double, ties to the lowest row.
double bruteForce(const std::vector<float>& rows, int dimension, const std::vector<std::int32_t>& labels) {
    int queries = 0, hits = 0;
    for (std::size_t a = 0; a < labels.size(); ++a) {
        if (labels[a] < 0 || std::ranges::count(labels, labels[a]) < 2) continue;
        double nearest = std::numeric_limits<double>::infinity();
        std::int32_t label = -1;
        for (std::size_t b = 0; b < labels.size(); ++b) {
            if (a == b || labels[b] < 0) continue;
            double distance = 0;
            for (int k = 0; k < dimension; ++k)
                distance += std::pow(double(rows[a * dimension + k]) - rows[b * dimension + k], 2);
            if (distance < nearest) nearest = distance, label = labels[b];
        }
        ++queries;
        hits += label == labels[a];
    }
    return double(hits) / queries;
}

std::vector<std::int32_t> randomLabels(RandomPoints& random, std::size_t count, std::size_t classes) {
    std::vector<std::int32_t> labels(count);
    for (auto& label : labels) label = std::int32_t(random.below(classes));
    return labels;
}

}  // namespace

class RetrievalTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MatchesItsReference() {
        int compared = 0;
        const nlohmann::json file = referenceFile("metrics.json");
        for (const auto& item : file["cases"]) {
            if (!item["expected"].contains("accuracy_calculator") || item["inputs"].contains("reference")) continue;
            std::vector<float> rows;
            for (const auto& row : item["inputs"]["embeddings"])
                for (const double value : row) rows.push_back(float(value));
            const std::vector<std::int32_t> labels = item["inputs"]["labels"];
            const double recall = recallAt1(rows, int(rows.size() / labels.size()), labels);
            const auto& expected = item["expected"]["accuracy_calculator"]["precision_at_1"];
            if (expected.is_null())
                QVERIFY(std::isnan(recall));
            else
                QVERIFY2(std::abs(recall - expected.get<double>()) < 1e-9, item["id"].get<std::string>().c_str());
            ++compared;
        }
        QVERIFY(compared >= 4);
    }

    void MatchesBruteForceOverBlockEdges() {
        RandomPoints random(3);
        for (const std::size_t count : {2U, 127U, 128U, 129U, 1025U, 2100U}) {
            auto labels = randomLabels(random, count, 5);
            if (count > 200) labels[17] = labels[40] = kUnknown, labels[99] = 77;  // unlabelled, unlabelled, alone
            const auto rows = random.rows(count, 3);
            const double expected = bruteForce(rows, 3, labels);
            const double recall = recallAt1(rows, 3, labels);
            QVERIFY(recall == expected || (std::isnan(recall) && std::isnan(expected)));
        }
    }

    void TiesGoToTheLowestRow() {
        // On a small integer grid most nearest distances are tied, many of them at 0.
        RandomPoints random(9);
        std::vector<float> rows(1500 * 3);
        for (float& value : rows) value = float(random.below(6));
        const auto labels = randomLabels(random, 1500, 4);
        QCOMPARE(recallAt1(rows, 3, labels), bruteForce(rows, 3, labels));
    }

    void CollapsedFarFromTheOriginIsStillExact() {
        RandomPoints random(4);
        auto rows = random.rows(600, 8);
        for (float& value : rows) value = 100 + 1e-3F * value;  // |x|² + |y|² - 2xy has no correct digit left here
        const auto labels = randomLabels(random, 600, 3);
        QCOMPARE(recallAt1(rows, 8, labels), bruteForce(rows, 8, labels));
    }

    void TightClustersInsideARoundingErrorAreStillExact() {
        RandomPoints random(5);
        const auto labels = randomLabels(random, 900, 30);
        std::vector<float> rows = random.rows(900, 8);
        for (std::size_t i = 0; i < rows.size(); ++i)  // three heaps, ten classes in each
            rows[i] = float(labels[i / 8] % 3) + 1e-4F * rows[i];
        QCOMPARE(recallAt1(rows, 8, labels), bruteForce(rows, 8, labels));
    }

    void AllEqualTakesTheLowestRow() {
        const std::vector<float> rows(2000 * 4, 0.25F);
        std::vector<std::int32_t> labels(2000, 1);
        labels[0] = labels[1] = 0;
        QCOMPARE(recallAt1(rows, 4, labels), 2.0 / 2000);
    }

    void BrokenRowsAreMissesAndNobodysNeighbour() {
        const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
        const std::vector<float> rows = {0, 1, nan, 10, 11, inf};
        const std::vector<std::int32_t> labels = {0, 0, 0, 1, 1, 1};
        QCOMPARE(recallAt1(rows, 1, labels), 4.0 / 6);
    }

    void HugeAndTinyNumbersDoNotOverflow() {
        for (const float scale : {1e-30F, 1e30F}) {
            const std::vector<float> rows = {0, 1 * scale, 3 * scale, 4.5F * scale};
            QCOMPARE(recallAt1(rows, 1, std::vector<std::int32_t>{0, 0, 1, 1}), 1.0);
        }
    }

    void NoQueryIsNaN() {
        QVERIFY(std::isnan(recallAt1({}, 4, {})));
        QVERIFY(std::isnan(recallAt1(std::vector<float>{1, 2}, 1, std::vector<std::int32_t>{0, 1})));
        QVERIFY(std::isnan(recallAt1(std::vector<float>{1, 2}, 1, std::vector<std::int32_t>{-1, -1})));
    }

    void StoppedIsNaN() {
        RandomPoints random(6);
        const auto rows = random.rows(300, 4);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(std::isnan(recallAt1(rows, 4, randomLabels(random, 300, 2), stop.get_token())));
    }

    void TenThousandRowsAreQuick() {
        RandomPoints random(8);
        const auto rows = random.rows(kMany, 64);
        const auto labels = randomLabels(random, kMany, 10);
        QBENCHMARK_ONCE {
            QVERIFY(recallAt1(rows, 64, labels) > 0);
        }
    }

private:
    static constexpr std::int32_t kUnknown = -1;
#ifdef NDEBUG
    static constexpr std::size_t kMany = 10'000;
#else
    static constexpr std::size_t kMany = 1'000;  // speed says nothing here, and sanitizers make it a minute
#endif
};

QTEST_APPLESS_MAIN(RetrievalTest)
#include "retrieval_test.moc"
