// What marks add to a step, and what a step tells of its miner.

#include "engine/losses/loss_table.h"
#include "engine/training/mark_term.h"
#include "engine/training/trainer.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <torch/types.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace embedscope;
using namespace embedscope::test;

namespace {

std::shared_ptr<const DataSet> data() {
    static const auto kData = syntheticData({.classes = 4, .perClass = 20, .heldOutEvery = 5});
    return kData;
}

Experiment with(const Choice& loss, const Choice& miner) {
    Experiment experiment = smallExperiment();
    experiment.loss = loss;
    experiment.miner = miner;
    return experiment;
}

MinedTuples minedBy(Trainer& trainer, MinedCounts& counts) {
    counts.mined.resize(data()->size());
    counts.drawn.resize(data()->size());
    trainer.keepTuples();
    trainer.step({});
    return trainer.takeMined(counts);
}

MinedTuples minedBy(const Experiment& experiment) {
    Trainer trainer(experiment, data(), torch::kCPU);
    MinedCounts counts;
    return minedBy(trainer, counts);
}

std::int32_t labelOf(std::int32_t sample) {
    return data()->samples[static_cast<std::size_t>(sample)].label;
}

double sumOfShares(const MinedTuples& mined) {
    double sum = 0;
    for (const MinedTuple& tuple : mined.tuples) sum += tuple.gradientShare;
    return sum;
}

}  // namespace

class MarksStepTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void TheLossIsTheArticlesWithWeights() {
        const MarkTerm term({{{MarkKind::Similar, {1, 2}, {}, kUnlabelled, 3}, {MarkKind::Dissimilar, {3}, {4}}}},
                            *data(), true, 1);
        const MarkedPairs marked = term.draw(0, 128);
        QCOMPARE(marked.pairs.size(), std::size_t(2));
        const torch::Tensor rows =
            torch::tensor({{0.0F, 0.6F}, {0.0F, 0.2F}, {0.5F, 0.0F}, {0.2F, 0.0F}}, torch::kFloat);
        // The rows in the order of the images.
        std::vector<std::int64_t> order;
        for (const std::int32_t sample : marked.samples) order.push_back(sample - 1);
        const double loss = term.evaluate(marked, rows.index_select(0, torch::tensor(order)), rows).item<double>();
        QVERIFY(std::abs(loss - (3 * 0.16 + (1 - 0.09)) / 2) < 1e-6);
    }

    void AMarkWeighsTheSameAtAnyScale() {
        const MarkTerm term({{{MarkKind::Similar, {1, 2}, {}}}}, *data(), false, 1);
        const torch::Tensor batch = torch::randn({50, 8}, at::make_generator<at::CPUGeneratorImpl>(5));
        const auto loss = [&](double scale) {
            return term.evaluate(term.draw(0, 128), scale * batch.slice(0, 0, 2), scale * batch).item<double>();
        };
        QVERIFY(std::abs(loss(1) - loss(1000)) < 1e-4 * loss(1));
    }

    void PairsAreDrawnFairlyAndOnlyFromTraining() {
        Mark large{MarkKind::Similar, {}, {}};
        for (std::int32_t sample = 0; sample < 20; ++sample) large.first.push_back(sample);
        const MarkTerm term({{large, {MarkKind::Dissimilar, {21}, {42}}, {MarkKind::Dissimilar, {20}, {42}}}}, *data(),
                            true, 1);  // 20 is held out
        int small = 0;
        std::set<std::pair<std::int32_t, std::int32_t>> seen;
        for (std::uint64_t step = 0; step < 50; ++step) {
            const MarkedPairs marked = term.draw(step, 4 * MarkTerm::kImagesPerPair);
            QCOMPARE(marked.pairs.size(), std::size_t(4));
            std::set<std::pair<std::int32_t, std::int32_t>> once;
            for (const GivenPair& pair : marked.pairs) {
                const std::int32_t a = marked.samples[pair.first], b = marked.samples[pair.second];
                QVERIFY(data()->samples[a].split == Split::Train && data()->samples[b].split == Split::Train);
                QVERIFY(a != b && once.insert(std::minmax(a, b)).second);
                small += !pair.similar;
            }
            seen.insert(once.begin(), once.end());
            const MarkedPairs again = term.draw(step, 4 * MarkTerm::kImagesPerPair);
            QVERIFY(again.samples == marked.samples);
        }
        QCOMPARE(small, 50);  // one of two marks: in every step
        QVERIFY(seen.size() > 16 * 15 / 2 / 2);
    }

    void IgnoredImagesAreInNoBatch_data() {
        QTest::addColumn<bool>("views");
        QTest::newRow("labels") << false;
        QTest::newRow("views") << true;
    }
    void IgnoredImagesAreInNoBatch() {
        QFETCH(bool, views);
        Experiment experiment = smallExperiment();
        if (views) experiment.learning = Learning::SelfSupervised;
        Trainer trainer(experiment, data(), torch::kCPU);
        const std::int64_t steps = trainer.stepsPerEpoch();
        trainer.step({});
        Mark ignored{MarkKind::Ignored};
        for (std::int32_t sample = 20; sample < 36; ++sample) ignored.first.push_back(sample);
        trainer.setMarks({{ignored}});
        QCOMPARE(trainer.stepsPerEpoch(), steps);
        if (views) return;  // their batches are not told
        for (int i = 0; i < 20; ++i)
            for (const std::int32_t sample : trainer.step({}).samples) QVERIFY(sample < 20 || sample >= 36);
    }

    void MarksThatLeaveNothingAreRefused() {
        Trainer trainer(smallExperiment(), data(), torch::kCPU);
        Mark all{MarkKind::Ignored};
        for (std::size_t i = 0; i < data()->size(); ++i) all.first.push_back(static_cast<std::int32_t>(i));
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, trainer.setMarks({{all}}));
        QVERIFY(trainer.marks().list.empty());
        trainer.step({});
    }

    void MinedTripletsAreThoseOfTheMiner_data() {
        QTest::addColumn<QString>("miner");
        for (const char* miner : {"batch_hard", "semi_hard", "all", "angular", "triplet_margin"})
            QTest::newRow(miner) << miner;
    }
    void MinedTripletsAreThoseOfTheMiner() {
        QFETCH(QString, miner);
        const MinedTuples mined = minedBy(with({"triplet_margin", {{"margin", 0.3}}}, {miner.toStdString(), {}}));
        QVERIFY(!mined.tuples.empty() && mined.tuples.size() <= MinedTuples::kMost);
        QVERIFY(mined.chosen >= mined.tuples.size());
        for (const MinedTuple& tuple : mined.tuples) {
            QVERIFY(tuple.anchor != tuple.positive && labelOf(tuple.anchor) == labelOf(tuple.positive));
            QVERIFY(labelOf(tuple.anchor) != labelOf(tuple.negative));
            const float expected = std::max(0.0F, tuple.toPositive - tuple.toNegative + 0.3F);
            QVERIFY2(std::abs(tuple.loss - expected) < 1e-4F, qPrintable(QString::number(tuple.loss)));
            if (miner == "semi_hard") QVERIFY(tuple.toNegative > tuple.toPositive);
        }
        QVERIFY(std::abs(sumOfShares(mined) - 1) < 1e-4);
    }

    void MinedPairsHaveTheLossOfBoth() {
        const MinedTuples mined = minedBy(with({"contrastive_squared", {{"margin", 1}}}, {"all", {}}));
        QCOMPARE(mined.chosen, std::size_t(16 * 15));
        for (const MinedTuple& tuple : mined.tuples) {
            const float near = tuple.toPositive * tuple.toPositive;
            const float far = std::max(0.0F, 1 - tuple.toNegative * tuple.toNegative);
            QVERIFY(std::abs(tuple.loss - (near + far) / 2) < 1e-4F);
        }
    }

    void EveryLossAndMinerTellsWhatWasChosen_data() {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<QString>("miner");
        for (const CatalogEntry& loss : lossCatalog())
            QTest::newRow(loss.id.c_str()) << QString::fromStdString(loss.id) << "all";
        for (const CatalogEntry& miner : minerCatalog())
            QTest::newRow(("miner " + miner.id).c_str()) << "margin_loss" << QString::fromStdString(miner.id);
    }
    void EveryLossAndMinerTellsWhatWasChosen() {
        QFETCH(QString, loss);
        QFETCH(QString, miner);
        const MinedTuples mined = minedBy(with({loss.toStdString(), {}}, {miner.toStdString(), {}}));
        const bool batch = !overlaps(entryOf(lossCatalog(), loss.toStdString(), "loss").grouping,
                                     Grouping::Pairs | Grouping::Triplets);
        QCOMPARE(mined.remark.empty(), !batch && mined.chosen > 0);
        for (const MinedTuple& tuple : mined.tuples) QVERIFY(std::isnan(tuple.loss) == batch);
    }

    void LookingChangesNothing() {
        for (const char* loss : {"margin_loss", "proxy_anchor", "triplet_margin"}) {
            Trainer watched(with({loss, {}}, {"all", {}}), data(), torch::kCPU);
            Trainer alone(with({loss, {}}, {"all", {}}), data(), torch::kCPU);
            MinedCounts counts;
            for (int i = 0; i < 3; ++i) {
                minedBy(watched, counts);
                alone.step({});
            }
            const StepResult a = watched.step({}), b = alone.step({});
            QVERIFY(a.loss == b.loss && std::ranges::equal(a.rows, b.rows));
        }
    }

    void ChosenBatchesAreCounted() {
        Trainer trainer(with({"triplet_margin", {}}, {"all", {}}), data(), torch::kCPU);
        MinedCounts counts;
        for (int i = 0; i < 4; ++i) minedBy(trainer, counts);
        std::uint32_t drawn = 0, mined = 0;
        for (std::size_t i = 0; i < data()->size(); ++i) {
            drawn += counts.drawn[i];
            mined += counts.mined[i];
        }
        QCOMPARE(drawn, 4U * 16);
        QCOMPARE(mined, drawn);  // with all triplets every sample of a batch stands in one
    }
};

QTEST_GUILESS_MAIN(MarksStepTest)
#include "marks_step_test.moc"
