#include "engine/label_doubts.h"
#include "engine/near_duplicates.h"
#include "tests/support/random_points.h"
#include "tests/support/synthetic_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

using namespace embedscope;
using namespace embedscope::test;

namespace {

/// By the definition, one row after the other.
std::set<std::int32_t> doubtedByHand(const std::vector<float>& rows, int width,
                                     const std::vector<std::int32_t>& labels) {
    std::set<std::int32_t> doubted;
    for (std::size_t a = 0; a < labels.size(); ++a) {
        if (labels[a] < 0) continue;
        std::vector<std::pair<double, std::size_t>> others;
        for (std::size_t b = 0; b < labels.size(); ++b) {
            if (a == b || labels[b] < 0) continue;
            double square = 0;
            for (int k = 0; k < width; ++k) square += std::pow(double(rows[a * width + k]) - rows[b * width + k], 2);
            others.emplace_back(square, b);
        }
        std::ranges::sort(others);
        std::map<std::int32_t, int> votes;
        for (int i = 0; i < 10; ++i) ++votes[labels[others[i].second]];
        const int own = votes[labels[a]];
        const bool agreed =
            std::ranges::any_of(votes, [&](const auto& vote) { return vote.first != labels[a] && vote.second >= 5; });
        if (own <= 1 && agreed) doubted.insert(static_cast<std::int32_t>(a));
    }
    return doubted;
}

/// Four groups of points; `wrong` of each hundred labels are another group's.
struct Groups {
    std::vector<float> rows;
    std::vector<std::int32_t> labels;
    std::set<std::int32_t> wrong;

    Groups(int count, int wrongOfHundred) {
        std::mt19937 generator(5);
        std::normal_distribution<float> noise(0, 0.3F);
        for (int i = 0; i < count; ++i) {
            for (int k = 0; k < 4; ++k) rows.push_back((k == i % 4 ? 2.0F : 0.0F) + noise(generator));
            const bool mislabelled = static_cast<int>(generator() % 100) < wrongOfHundred;
            labels.push_back((i + (mislabelled ? 1 + static_cast<int>(generator() % 3) : 0)) % 4);
            if (mislabelled) wrong.insert(i);
        }
    }
};

std::set<std::int32_t> rowsOf(const LabelDoubts& doubts) {
    std::set<std::int32_t> rows;
    for (const LabelDoubt& doubt : doubts.doubts) rows.insert(doubt.row);
    return rows;
}

/// The stripes, of which each held-out image is `altered` into a copy of a training image.
std::shared_ptr<const DataSet> withCopies(int copies, int altered) {
    auto data = std::make_shared<DataSet>(*syntheticData());
    const auto kept = data->pixels.view();
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(kept.begin(), kept.end());
    const std::size_t bytes = data->shape.bytes();
    for (std::size_t i = 0; i + 1 < data->size() && copies > 0; ++i) {
        if (data->samples[i].split != Split::HoldOut) continue;
        for (std::size_t k = 0; k < bytes; ++k) {
            const int value = (*pixels)[(i + 1) * bytes + k] + (k % 2 == 0 ? altered : -altered);
            (*pixels)[i * bytes + k] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
        }
        --copies;
    }
    data->pixels = std::move(pixels);
    return data;
}

}  // namespace

class DataDoubtsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void DoubtsAreThoseOfTheDefinitionOn2000Points() {
        const Groups groups(2000, 30);
        std::vector<std::int32_t> labels = groups.labels;
        labels[17] = -1;
        const LabelDoubts found = *doubtedLabels(groups.rows, 4, labels);
        QCOMPARE(found.checked, std::size_t{1999});
        QVERIFY(rowsOf(found) == doubtedByHand(groups.rows, 4, labels));
        QVERIFY(std::ranges::is_sorted(found.doubts, std::ranges::greater{}, &LabelDoubt::share));
    }

    void MostWrongLabelsAreFoundWithTheRightSuggestion() {
        const Groups groups(1000, 20);
        const LabelDoubts found = *doubtedLabels(groups.rows, 4, groups.labels);
        int right = 0;
        for (const LabelDoubt& doubt : found.doubts)
            right += groups.wrong.contains(doubt.row) && doubt.suggested == doubt.row % 4;
        QVERIFY(right > 0.6 * static_cast<double>(groups.wrong.size()));
        QVERIFY(static_cast<double>(right) > 0.95 * static_cast<double>(found.doubts.size()));
    }

    void RightLabelsAreNotDoubted() {
        QVERIFY(doubtedLabels(Groups(500, 0).rows, 4, Groups(500, 0).labels)->doubts.empty());
    }

    void NeighborsAreWitnessesOnlyWhereClassesAreToldApart() {
        const Groups wrong(1000, 30);
        QVERIFY(doubtedLabels(wrong.rows, 4, wrong.labels)->areNeighborsWitnesses());
        std::vector<std::int32_t> unrelated(1000);
        for (std::size_t i = 0; i < unrelated.size(); ++i) unrelated[i] = static_cast<std::int32_t>(i / 4 % 4);
        const LabelDoubts none = *doubtedLabels(wrong.rows, 4, unrelated);
        QVERIFY(!none.areNeighborsWitnesses() && none.backed > 0);
    }

    void FewRowsAreNoJudges() { QVERIFY(doubtedLabels(Groups(9, 50).rows, 4, Groups(9, 50).labels)->doubts.empty()); }

    void AStopEndsTheSearch() {
        std::stop_source stop;
        stop.request_stop();
        const Groups groups(500, 10);
        QVERIFY(!doubtedLabels(groups.rows, 4, groups.labels, stop.get_token()));
        QVERIFY(!nearDuplicatesAcrossSplits(*syntheticData(), stop.get_token()));
    }

    void DistinctImagesAreNoDuplicates() {
        const NearDuplicates found = *nearDuplicatesAcrossSplits(*syntheticData());
        QVERIFY(found.pairs.empty());
        QCOMPARE(found.checkedHeldOut, std::size_t{32});
        QCOMPARE(found.checkedTraining, std::size_t{128});
    }

    void CopiesAreFoundThoughTheirPixelsDifferALittle() {
        for (const int altered : {0, 1}) {
            const auto data = withCopies(7, altered);
            const NearDuplicates found = *nearDuplicatesAcrossSplits(*data);
            QCOMPARE(found.pairs.size(), std::size_t{7});
            for (const NearDuplicate& pair : found.pairs) {
                QCOMPARE(pair.training, pair.heldOut + 1);
                QCOMPARE(data->samples[pair.heldOut].split, Split::HoldOut);
            }
        }
        QVERIFY(nearDuplicatesAcrossSplits(*withCopies(7, 20))->pairs.empty());
    }

    void BlankImagesAndDataWithoutHoldOutGiveNone() {
        auto blank = std::make_shared<DataSet>(*syntheticData());
        blank->pixels = std::make_shared<std::vector<std::uint8_t>>(blank->pixels.size(), 200);
        QVERIFY(nearDuplicatesAcrossSplits(*blank)->pairs.empty());
        QVERIFY(nearDuplicatesAcrossSplits(*syntheticData({.heldOutEvery = 0}))->pairs.empty());
    }
};

QTEST_GUILESS_MAIN(DataDoubtsTest)
#include "data_doubts_test.moc"
