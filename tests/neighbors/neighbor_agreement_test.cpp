#include "engine/neighbor_agreement.h"

#include "engine/neighbors.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace embedscope;

namespace {

constexpr int kDimension = 5, kNeighbors = 12;

BankFrame randomBank(std::size_t count) {
    BankFrame bank;
    bank.dimension = kDimension;
    bank.computedAtStep.resize(count);
    bank.embeddings = RandomPoints(8).rows(static_cast<int>(count), kDimension);
    return bank;
}

std::vector<std::int32_t> labelsOf(std::size_t count) {
    std::vector<std::int32_t> labels;
    for (std::size_t i = 0; i < count; ++i) labels.push_back(i % 7 == 0 ? -1 : static_cast<std::int32_t>(i % 3));
    return labels;
}

}  // namespace

class NeighborAgreementTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MatchesCountingAmongTheTrueNeighbours() {
        const BankFrame bank = randomBank(500);
        const std::vector<std::int32_t> labels = labelsOf(500);
        const std::vector<float> agreement = neighborAgreement(bank, labels, kNeighbors, {})->share;
        for (std::size_t row = 0; row < 500; ++row) {
            int same = 0, known = 0;
            for (const Neighbor& neighbor : nearestNeighbors(bank, row, kNeighbors)) {
                known += labels[static_cast<std::size_t>(neighbor.row)] >= 0;
                same += labels[static_cast<std::size_t>(neighbor.row)] == labels[row];
            }
            if (labels[row] < 0)
                QVERIFY(std::isnan(agreement[row]));
            else
                QCOMPARE(agreement[row], static_cast<float>(same) / static_cast<float>(known));
        }
    }

    void HardnessHoldsTheNearestOwnAgainstTheNearestOther() {
        const BankFrame bank = randomBank(500);
        const std::vector<std::int32_t> labels = labelsOf(500);
        const std::vector<float> hardness = neighborAgreement(bank, labels, kNeighbors, {})->hardness;
        for (std::size_t row = 0; row < 500; ++row) {
            if (labels[row] < 0) {
                QVERIFY(std::isnan(hardness[row]));
                continue;
            }
            float same = -1, other = -1;
            for (const Neighbor& neighbor : nearestNeighbors(bank, row, 499)) {
                const std::int32_t label = labels[static_cast<std::size_t>(neighbor.row)];
                float& nearest = label == labels[row] ? same : other;
                if (label >= 0 && nearest < 0) nearest = neighbor.distance;
            }
            QVERIFY(std::abs(hardness[row] - same / (same + other)) < 1e-5F);
        }
    }

    void AStoppedOneIsNothing() {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!neighborAgreement(randomBank(300), labelsOf(300), kNeighbors, stop.get_token()));
    }

    void RowsThatAreNoNumbersAreNotKnown() {
        BankFrame bank = randomBank(60);
        bank.embeddings[kDimension] = std::numeric_limits<float>::quiet_NaN();
        std::vector<std::int32_t> labels(60, 0);
        const std::vector<float> agreement = neighborAgreement(bank, labels, kNeighbors, {})->share;
        QVERIFY(std::isnan(agreement[1]));
        QCOMPARE(agreement[2], 1.0F);
    }
};

QTEST_GUILESS_MAIN(NeighborAgreementTest)
#include "neighbor_agreement_test.moc"
