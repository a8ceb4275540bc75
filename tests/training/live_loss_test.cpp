// Another loss in a live run, its proxies, and the measures of the hold-out.
#include "engine/machine.h"
#include "engine/margin_place.h"
#include "engine/measures.h"
#include "tests/support/run_watch.h"
#include "tests/support/synthetic_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Experiment smallExperiment(int epochs) {
    Experiment experiment;
    experiment.encoder = {"small_cnn", {{"width", 8}}};
    experiment.embeddingDimension = 8;
    experiment.sampler = {"p_by_k", {{"batch_size", 16}}};
    experiment.epochs = epochs;
    experiment.threads = 1;
    experiment.trackedSamples = 60;
    return experiment;
}

constexpr int kEndless = 100'000;

bool hasEvent(const RunRecord& record, std::string_view kind) {
    return std::ranges::any_of(record.events, [kind](const RunRecord::Event& event) { return event.kind == kind; });
}

}  // namespace

class LiveLossTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AMarginIsFoundForEveryPlaceOfItsMark_data() {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<double>("distance");
        QTest::addColumn<double>("margin");
        QTest::newRow("squared") << "contrastive_squared" << 0.5 << 0.25;
        QTest::newRow("Hadsell") << "contrastive_hadsell" << 0.5 << 0.5;
        QTest::newRow("triplet squared") << "triplet_squared" << 1.0 << 0.75;  // of similar pairs at 0.5
        QTest::newRow("triplet") << "triplet_margin" << 0.8 << 0.3;
        QTest::newRow("beyond the range") << "contrastive_hadsell" << 50.0 << 2.0;
    }
    void AMarginIsFoundForEveryPlaceOfItsMark() {
        QFETCH(QString, loss);
        QFETCH(double, distance);
        QFETCH(double, margin);
        const auto found = marginAt({loss.toStdString(), {}}, distance, 0.25);
        QVERIFY(found && std::abs(*found - margin) < 2e-3);
    }
    void LossesWithoutAMarginHaveNone() {
        QVERIFY(!marginAt({"nt_xent", {}}, 0.5, 0.25));
        QVERIFY(!marginAt({"n_pairs", {}}, 0.5, 0.25));
        QVERIFY(!marginAt({"no such loss", {}}, 0.5, 0.25));
    }

    void initTestCase() { prepareProcess(); }

    void AnotherLossIsTakenAndLogged() {
        RunWatch watch(startTrainingRun, smallExperiment(kEndless), syntheticData());
        watch.run().post(SetLoss{{"supcon", {{"temperature", 0.2}}}});
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return now.settings.loss.id == "supcon"; }));
        QCOMPARE(watch.latest()->settings.loss.parameters.at("temperature"), 0.2);
        const std::int64_t before = watch.latest()->step;
        QVERIFY(watch.waitFor([=](const Snapshot& now) { return now.step > before + 2; }));
        QVERIFY(hasEvent(watch.record(), "loss"));
    }

    void ALossThatDoesNotFitTheMinerIsRefused() {
        RunWatch watch(startTrainingRun, smallExperiment(kEndless), syntheticData());
        watch.run().post(SetLoss{{"arcface", {}}});
        QVERIFY(watch.release().waitFor(
            [](const Snapshot& now) { return now.message.find("does not fit") != std::string::npos; }));
        QCOMPARE(watch.latest()->settings.loss.id, Experiment{}.loss.id);
        QVERIFY(!hasEvent(watch.record(), "loss"));
    }

    void ALossWithProxiesComesWithThemAndGoesWithThem() {
        Experiment experiment = smallExperiment(kEndless);
        experiment.miner = {"all", {}};
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetLoss{{"proxy_nca", {}}});
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return now.proxies != nullptr; }));
        const ProxyFrame proxies = *watch.latest()->proxies;
        QCOMPARE(proxies.labels.size(), syntheticData()->classNames.size());
        QCOMPARE(proxies.rows.size(), proxies.labels.size() * 8);
        for (std::size_t i = 0; i < proxies.labels.size(); ++i)
            QCOMPARE(proxies.labels[i], static_cast<std::int32_t>(i));
        QVERIFY(watch.waitFor([&](const Snapshot& now) { return now.proxies && now.proxies->rows != proxies.rows; }));
        watch.run().post(SetLoss{{"triplet_squared", {}}});
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.proxies == nullptr; }));
    }

    void EveryEpochEndMeasuresEverything() {
        RunWatch watch(startTrainingRun, smallExperiment(2), syntheticData());
        QVERIFY(watch.waitForEnd());
        int measured = 0;
        for (const MetricsRow& row : watch.record().rows) {
            QCOMPARE(row.measures != nullptr, std::isfinite(row.recallAt1));
            if (!row.measures) continue;
            ++measured;
            for (const MeasureEntry& entry : measureCatalog())
                QVERIFY2(row.measures->contains(entry.id), entry.id.c_str());
            QCOMPARE(row.measures->at("recall_at_1"), row.recallAt1);
            QVERIFY(std::isfinite(row.measures->at("linear_probe")));
        }
        QCOMPARE(measured, 3);  // before training and after each epoch
    }

    void MeasuringOnDemandWorksWhilePaused() {
        RunWatch watch(startTrainingRun, smallExperiment(kEndless), syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitForPhase(RunPhase::Paused));
        const auto rowsWithMeasures = [](const Snapshot& now) {
            return std::ranges::count_if(*now.history, [](const MetricsRow& row) { return row.measures != nullptr; });
        };
        const auto before = rowsWithMeasures(*watch.latest());
        watch.run().post(MeasureNow{});
        QVERIFY(watch.waitFor([&](const Snapshot& now) { return rowsWithMeasures(now) == before + 1; }));
        QCOMPARE(watch.latest()->phase, RunPhase::Paused);
        QVERIFY(hasEvent(watch.record(), "measure_now"));
    }

    void AddedLossesTrainAlong() {
        Experiment experiment = smallExperiment(1);
        experiment.addedLosses = {{{"supcon", {}}, 0.5}, {{"contrastive_squared", {}}, 1}};
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Finished);
    }

    void MarginsOnTheWrongSideOfASimilarityAreRefused() {
        Experiment experiment;
        experiment.loss = {"contrastive_linear", {{"distance", 4}}};  // cosine similarity
        QCOMPARE(problems(experiment).size(), 1U);
        QVERIFY(problems(experiment).front().find("cosine similarity") != std::string::npos);
        experiment.loss.parameters = {{"distance", 4}, {"positive_margin", 1}, {"margin", 0.1}};
        QVERIFY(problems(experiment).empty());
        experiment.loss.parameters = {{"distance", 0}, {"positive_margin", 1}, {"margin", 0.5}};
        QCOMPARE(problems(experiment).size(), 1U);
        experiment.loss.parameters = {{"distance", 8}};  // Manhattan
        QVERIFY(problems(experiment).empty());
    }

    void AddedLossesThatCannotWorkAreNamed() {
        Experiment experiment;
        experiment.addedLosses = {{{"arcface", {}}, 1}};
        QVERIFY(!problems(experiment).empty());
        QVERIFY(problems(experiment).front().find("does not fit the miner") != std::string::npos);
        experiment.addedLosses = {{{"supcon", {}}, -1}};
        QCOMPARE(problems(experiment).size(), 1U);
        experiment.addedLosses.assign(5, {{"supcon", {}}, 1});
        QCOMPARE(problems(experiment).size(), 1U);
        experiment.addedLosses.resize(4);
        QVERIFY(problems(experiment).empty());
    }
};

QTEST_GUILESS_MAIN(LiveLossTest)
#include "live_loss_test.moc"
