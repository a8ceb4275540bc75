// Memories, mined batches and given pairs in a whole run.

#include "engine/machine.h"
#include "tests/support/run_watch.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Experiment minedExperiment() {
    Experiment experiment = smallExperiment();
    experiment.trackedSamples = 160;
    return experiment;
}

Experiment withMemory(const std::string& id) {
    Experiment experiment = minedExperiment();
    experiment.memory = {id, {{"size", 40}, {"start", 2}}};
    return experiment;
}

Experiment withMining() {
    Experiment experiment = minedExperiment();
    experiment.sampler = {"hard_negatives", {{"batch_size", 16}, {"refresh_every", 3}}};
    return experiment;
}

RunRecord recordOf(const Experiment& experiment, std::shared_ptr<const DataSet> data = syntheticData()) {
    RunWatch watch(startTrainingRun, experiment, std::move(data));
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    if (watch.latest()->phase == RunPhase::Failed) qFatal("%s", watch.latest()->message.c_str());
    return watch.record();
}

std::vector<float> lastEmbeddings(const RunRecord& record) {
    return record.epochs.back().embeddings;
}

}  // namespace

class MiningRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void SameSeedGivesTheSameBytes() {
        const auto plain = lastEmbeddings(recordOf(minedExperiment()));
        for (const Experiment& experiment : {withMemory("queue"), withMemory("momentum_queue"), withMining()}) {
            const auto once = lastEmbeddings(recordOf(experiment));
            QCOMPARE(lastEmbeddings(recordOf(experiment)), once);
            QVERIFY(once != plain);
        }
    }

    void PausingChangesNothing() {
        for (const Experiment& experiment : {withMemory("momentum_queue"), withMining()}) {
            const auto straight = lastEmbeddings(recordOf(experiment));
            RunWatch watch(startTrainingRun, experiment, syntheticData());
            watch.run().post(SetPaused{true});
            QVERIFY(watch.release().waitForPhase(RunPhase::Paused));
            for (std::int64_t step = 1; step < 8; ++step) {
                watch.run().post(StepOnce{});
                QVERIFY(watch.waitFor([step](const Snapshot& now) { return now.step == step; }));
            }
            watch.run().post(SetPaused{false});
            QVERIFY(watch.waitForEnd());
            QCOMPARE(lastEmbeddings(watch.record()), straight);
        }
    }

    void MiningIsReportedAndLogged() {
        RunWatch watch(startTrainingRun, withMining(), syntheticData());
        QVERIFY(watch.waitForEnd());
        const auto mining = watch.latest()->mining;
        QVERIFY(mining.has_value());
        QCOMPARE(mining->indexed, 128U);
        const std::int64_t steps = watch.latest()->step;
        QCOMPARE(mining->indexedAtStep, (steps - 1) / 3 * 3 - 3);
        std::vector<std::int64_t> at;
        for (const RunRecord::Event& event : watch.record().events)
            if (event.kind == "mining") at.push_back(event.step);
        QCOMPARE(at[0], 0);
        QCOMPARE(at[1], 6);  // begun at 3
        QCOMPARE(at[2], 9);
    }

    void StopEndsARunThatWaitsForItsIndex() {
        Experiment experiment = withMining();
        experiment.epochs = 100'000;
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.release();
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.step > 3; }));
        watch.run().requestStop();
        QVERIFY(watch.waitForPhase(RunPhase::Stopped));
    }

    void PairsTrainWithoutLabels() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 2, .perClass = 30, .heldOutEvery = 0}));
        data->classNames.clear();
        for (Sample& sample : data->samples) sample.label = kUnlabelled;
        const QTemporaryDir folder;
        Experiment experiment = minedExperiment();
        experiment.pairsFile = std::filesystem::path(folder.path().toStdString()) / "pairs.csv";
        std::ofstream pairs(experiment.pairsFile);
        const auto name = [](int label, int i) {
            return std::to_string(label) + "/" + std::to_string(i % 30) + ".png";
        };
        for (int i = 0; i < 30; ++i)
            for (int label = 0; label < 2; ++label)
                pairs << name(label, i) << ',' << name(label, i + 7) << ",0\n"
                      << name(label, i) << ',' << name(1 - label, i + 3 + 11 * label) << ",1\n";
        pairs.close();
        experiment.sampler = {"pairs", {{"batch_size", 16}}};
        experiment.miner = {"all", {}};
        experiment.loss = {"contrastive_squared", {}};
        experiment.epochs = 6;
        QVERIFY(problems(experiment).empty());
        QVERIFY(problems(*data, experiment).empty());
        const RunRecord record = recordOf(experiment, data);
        QVERIFY(record.rows.back().loss < 0.7 * record.rows[1].loss);
        QCOMPARE(lastEmbeddings(recordOf(experiment, data)), lastEmbeddings(record));
    }

    void WhatDoesNotFitIsRefusedWithASentence() {
        const auto refused = [](const Experiment& experiment, const std::string& part) {
            const auto found = problems(experiment);
            return std::ranges::any_of(found, [&](const auto& each) { return each.find(part) != std::string::npos; });
        };
        Experiment experiment = withMemory("queue");
        QVERIFY(problems(experiment).empty());
        experiment.loss = {"proxy_nca", {}};
        QVERIFY(refused(experiment, "takes the whole batch"));
        experiment = withMemory("queue");
        experiment.miner = {"hard_distance_cascade", {}};
        QVERIFY(refused(experiment, "cascade"));
        experiment = withMemory("queue");
        experiment.learning = Learning::SelfSupervised;
        QVERIFY(refused(experiment, "labels"));
        experiment = minedExperiment();
        experiment.sampler = {"pairs", {}};
        QVERIFY(refused(experiment, "needs a file of pairs"));
        QVERIFY(refused(experiment, "brings the pairs itself"));
        experiment.loss = {"proxy_nca", {}};
        QVERIFY(refused(experiment, "gives pairs"));
        experiment.sampler = {"shuffle", {}};
        experiment.pairsFile = "pairs.csv";
        QVERIFY(refused(experiment, "reads no file of pairs"));
    }
};

QTEST_GUILESS_MAIN(MiningRunTest)
#include "mining_run_test.moc"
