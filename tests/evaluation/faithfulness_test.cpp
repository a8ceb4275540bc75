#include "engine/faithfulness.h"

#include "engine/evaluation/rank_loss.h"
#include "tests/support/random_points.h"
#include "tests/support/reference_rows.h"

#include <QTest>

#include <cmath>
#include <numeric>

using namespace embedscope;
using nlohmann::json;

class FaithfulnessTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MatchesItsReference() {
        const json file = referenceFile("metrics.json");
        int compared = 0;
        for (const json& item : file["cases"]) {
            if (!item["expected"].contains("trustworthiness")) continue;
            const json &inputs = item["inputs"], &expected = item["expected"];
            const auto rows = rowsOf<double>(inputs["embeddings"]), map = rowsOf<double>(inputs["map"]);
            const int width = widthOf(inputs["embeddings"]), mapWidth = widthOf(inputs["map"]);
            std::vector<std::int32_t> everyone(inputs["embeddings"].size());
            std::iota(everyone.begin(), everyone.end(), 0);
            for (const auto& [text, value] : expected["trustworthiness"].items()) {
                const int k = std::stoi(text);
                const double n = double(everyone.size()), worst = n * k * (2 * n - 3 * k - 1) / 2;
                double intruders = 0, torn = 0;
                const auto losses = *rankLosses<double>(rows, width, map, mapWidth, everyone, k, {});
                for (const RankLoss& loss : losses) intruders += loss.intruders, torn += loss.torn;
                QVERIFY(agrees(1 - intruders / worst, value, 1e-9));
                QVERIFY(agrees(1 - torn / worst, expected["continuity"][text], 1e-9));
                const Faithfulness found = *faithfulness(rowsOf<float>(inputs["embeddings"]), width,
                                                         rowsOf<float>(inputs["map"]), mapWidth, k);
                QVERIFY(agrees(found.trustworthiness, value, 1e-3));
                QVERIFY(agrees(found.continuity, expected["continuity"][text], 1e-3));
                ++compared;
            }
        }
        QVERIFY(compared >= 6);
    }

    void APerfectMapKeepsEverything() {
        const auto rows = RandomPoints(1).rows(200, 3);
        const Faithfulness found = *faithfulness(rows, 3, rows, 3);
        QCOMPARE(found.trustworthiness, 1.0);
        QCOMPARE(found.continuity, 1.0);
        QCOMPARE(found.neighbourPreservation, 1.0);
        QVERIFY(!found.sampled && found.points.size() == 200);
        QCOMPARE(*std::ranges::min_element(found.pointTrust), 1.0F);
    }

    void AMisplacedPointLosesTrustAlone() {
        auto rows = RandomPoints(2).rows(300, 2);
        const auto truth = rows;
        rows[0] = 0, rows[1] = 0;  // drawn in the middle, though ...
        auto moved = truth;
        moved[0] = 50, moved[1] = 50;  // ... it lies far outside
        const Faithfulness found = *faithfulness(moved, 2, rows, 2);
        QCOMPARE(std::ranges::min_element(found.pointTrust) - found.pointTrust.begin(), 0);
        QVERIFY(found.pointTrust[0] < 0.999F && found.trustworthiness > 0.9);
    }

    void ASampleIsNearTheWhole() {
        RandomPoints random(3);
        const auto rows = random.rows(3000, 5), map = random.rows(3000, 2);
        const Faithfulness whole = *faithfulness(rows, 5, map, 2, 12, 3000);
        const Faithfulness sampled = *faithfulness(rows, 5, map, 2, 12, 500);
        QVERIFY(sampled.sampled && !whole.sampled && sampled.points.size() == 500);
        QVERIFY(std::abs(sampled.trustworthiness - whole.trustworthiness) < 0.02);
        QVERIFY(std::abs(whole.trustworthiness - 0.5) < 0.05);  // a map that knows nothing
    }

    void FewPointsAndDuplicatesGiveNoNaN() {
        const std::vector<float> same(12, 1.5F);
        for (const std::size_t count : {3U, 4U, 6U}) {
            const auto rows = std::span(same).first(2 * count);
            const Faithfulness found = *faithfulness(rows, 2, rows, 2);
            QVERIFY(found.k >= 1 && std::isfinite(found.trustworthiness) && std::isfinite(found.continuity));
        }
        QVERIFY(std::isnan(faithfulness(std::span(same).first(4), 2, std::span(same).first(4), 2)->trustworthiness));
    }

    void StopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        const auto rows = RandomPoints(1).rows(100, 2);
        QVERIFY(!faithfulness(rows, 2, rows, 2, 5, 100, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(FaithfulnessTest)
#include "faithfulness_test.moc"
