#include "engine/training/pair_distances.h"

#include "tests/support/synthetic_data.h"

#include <QTest>

#include <numeric>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Indices = std::vector<std::int32_t>;

/// Every sample tracked; two numbers a sample: its label, and 100 times the step it was computed at.
struct Drifting {
    std::shared_ptr<const DataSet> data = syntheticData();
    std::shared_ptr<const Indices> samples = [this] {
        auto all = std::make_shared<Indices>(data->size());
        std::iota(all->begin(), all->end(), 0);
        return all;
    }();
    EmbeddingBank bank{samples, data->size(), 2};

    void compute(std::int32_t sample, std::int64_t step) {
        bank.put(Indices{sample},
                 std::vector<float>{static_cast<float>(data->samples[sample].label), static_cast<float>(100 * step)},
                 step);
    }
    DistanceStatistics measure() const { return PairDistances(*data, *samples, false, 1).measure(bank); }
};

}  // namespace

class PairDistancesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void OnlyRowsOfTheSameStepAreCompared() {
        Drifting points;
        for (const std::int32_t sample : *points.samples) points.compute(sample, sample % 3);
        const DistanceStatistics found = points.measure();
        QVERIFY(found.similar.count > 0 && found.dissimilar.count > 0);
        QCOMPARE(found.similar.mean, 0.0);  // across steps it would be 100 and more
        QVERIFY(found.dissimilar.mean >= 1 && found.dissimilar.mean < 100);
    }

    void AllPairsOfAnExactBankCount() {
        Drifting points;
        for (const std::int32_t sample : *points.samples) points.compute(sample, 5);
        std::size_t similar = 0;
        for (std::size_t a = 0; a < points.data->size(); ++a)
            for (std::size_t b = 0; b < a; ++b)
                similar += points.data->samples[a].label == points.data->samples[b].label;
        QCOMPARE(points.measure().similar.count, std::min<std::size_t>(similar, 5000));
    }

    void TheNewestStepsComeFirst() {
        Drifting points;
        for (const std::int32_t sample : *points.samples) points.compute(sample, 0);
        const DistanceStatistics before = points.measure();
        // One sample alone at a newer step has no partner and changes nothing but its own pairs.
        points.compute(0, 9);
        QVERIFY(points.measure().similar.count < before.similar.count ||
                points.measure().similar.count == std::size_t{5000});
    }

    void WithoutLabelsThereIsNothingToMeasure() {
        Drifting points;
        auto unlabelled = std::make_shared<DataSet>(*points.data);
        for (Sample& sample : unlabelled->samples) sample.label = kUnlabelled;
        points.data = unlabelled;
        for (const std::int32_t sample : *points.samples) points.bank.put(Indices{sample}, std::vector<float>{1, 2}, 1);
        QCOMPARE(points.measure().similar.count, std::size_t{0});
        QCOMPARE(points.measure().dissimilar.count, std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(PairDistancesTest)
#include "pair_distances_test.moc"
