// What the real run keeps beyond the contract.

#include "engine/machine.h"
#include "tests/support/run_watch.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>
#include <set>

using namespace embedscope;
using namespace embedscope::test;

namespace {

std::vector<std::vector<float>> epochsOf(const RunRecord& record) {
    std::vector<std::vector<float>> epochs;
    for (const BankFrame& bank : record.epochs) epochs.push_back(bank.embeddings);
    return epochs;
}

RunRecord recordOf(const Experiment& experiment, std::shared_ptr<const DataSet> data = syntheticData()) {
    RunWatch watch(startTrainingRun, experiment, std::move(data));
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    return watch.record();
}

std::string failureOf(const Experiment& experiment, std::shared_ptr<const DataSet> data = syntheticData()) {
    RunWatch watch(startTrainingRun, experiment, std::move(data));
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    return watch.latest()->phase == RunPhase::Failed ? watch.latest()->message : "";
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TrainingRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void TrainingPullsTheClassesApart() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 8;
        const RunRecord record = recordOf(experiment);
        const MetricsRow& first = record.rows.front();
        const MetricsRow& last = record.rows.back();
        QVERIFY(last.recallAt1 > first.recallAt1 + 0.1);
        QVERIFY(last.dissimilarMean - last.similarMean > first.dissimilarMean - first.similarMean + 0.2);
    }

    void RunsBesideEachOtherGiveTheSameBytesAsAlone() {
        const auto alone = epochsOf(recordOf(smallExperiment()));
        RunWatch one(startTrainingRun, smallExperiment(), syntheticData());
        Experiment other = smallExperiment();
        other.learningRate = 0.1;
        RunWatch two(startTrainingRun, other, syntheticData());
        one.release();
        QVERIFY(two.waitForEnd());
        QVERIFY(one.waitForEnd());
        QCOMPARE(epochsOf(one.record()), alone);
        QCOMPARE(two.record().epochs[0].embeddings, alone[0]);  // twins start alike
        QVERIFY(two.record().epochs[1].embeddings != alone[1]);
    }

    void RefreshingAndTrackingDoNotChangeTheTraining() {
        Experiment busy = smallExperiment();
        busy.refreshShare = 0.5;
        Experiment idle = smallExperiment();
        idle.refreshShare = 0;
        QCOMPARE(epochsOf(recordOf(busy)), epochsOf(recordOf(idle)));
    }

    void RefreshBudgetReachesEverySample() {
        Experiment experiment = smallExperiment();
        experiment.refreshShare = 0.5;
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitForPhase(RunPhase::Paused));
        const std::int64_t stepsPerEpoch = watch.latest()->stepsPerEpoch;
        std::set<std::int32_t> refreshed;
        // Step by step, so that every snapshot is seen. Held-out samples are in no batch: between two epoch ends only
        // the refresh can have placed them.
        for (std::int64_t step = 1; step < 2 * stepsPerEpoch; ++step) {
            watch.run().post(StepOnce{});
            QVERIFY(watch.waitFor([step](const Snapshot& now) {
                return now.step == step && now.phase == RunPhase::Paused && now.bank && now.bank->step == step;
            }));
            if (step % stepsPerEpoch == 0) continue;
            const std::shared_ptr<const Snapshot> now = watch.latest();
            const std::int64_t epochEnd = step - step % stepsPerEpoch;
            for (std::size_t row = 0; row < now->bank->count(); ++row)
                if (const std::int32_t sample = (*now->bank->samples)[row];
                    sample % 40 % 5 == 0 && now->bank->computedAtStep[row] > epochEnd)
                    refreshed.insert(sample);
        }
        QVERIFY(!refreshed.empty());
    }

    void WithoutHoldOutRecallIsNotMeasured() {
        const RunRecord record = recordOf(smallExperiment(), syntheticData({.heldOutEvery = 0}));
        for (const MetricsRow& row : record.rows) QVERIFY(std::isnan(row.recallAt1));
        QCOMPARE(record.epochs.size(), 3U);
    }

    void DivergenceNamesTheLearningRate() {
        Experiment wild = smallExperiment();
        wild.learningRate = 1000;
        wild.optimizer = {"sgd", {}};
        wild.loss = {"triplet_squared", {}};  // grows with the square of the embeddings
        wild.normalizeEmbeddings = false;
        wild.epochs = 50;
        RunWatch watch(startTrainingRun, wild, syntheticData());
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Failed);
        QVERIFY2(contains(watch.latest()->message, "learning rate 1000"), watch.latest()->message.c_str());
        QVERIFY(!watch.record().epochs.empty());  // what was exact stays written
        QVERIFY(watch.record().ended);
        for (const float value : watch.latest()->bank->embeddings) QVERIFY(std::isfinite(value));
    }

    void MissingDataAndMissingCudaAreSentences() {
        QVERIFY(contains(failureOf(smallExperiment(), nullptr), "no data"));
        if (hasCuda()) QSKIP("This machine has CUDA.");
        Experiment cuda = smallExperiment();
        cuda.device = Device::Cuda;
        QVERIFY(contains(failureOf(cuda), "CUDA"));
    }

    void FailureToWriteIsToldAndTheRunGoesOn() {
        RunWatch watch(startTrainingRun, smallExperiment(), syntheticData(), "The disk is full.");
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Finished);
        QVERIFY(contains(watch.latest()->message, "The disk is full."));
        const RunRecord record = watch.record();
        QVERIFY(record.ended && record.epochs.empty());
        QVERIFY(std::ranges::any_of(record.events, [](const auto& event) { return event.kind == "not_written"; }));
    }

    void ParameterThatIsFixedWhileRunningIsRefused() {
        RunWatch watch(startTrainingRun, smallExperiment(), syntheticData());
        watch.run().post(SetPaused{true});
        watch.run().post(SetLossParameter{"no_such_parameter", 1});
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return !now.message.empty() && now.bank; }));
        QVERIFY(contains(watch.latest()->message, "no_such_parameter"));
        QCOMPARE(watch.record().events.size(), 1U);  // the pause alone
    }

    void MinerCanBeReplacedWhileRunning() {
        RunWatch watch(startTrainingRun, smallExperiment(), syntheticData());
        watch.run().post(SetMiner{{"batch_hard", {}}});
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Finished);
        QCOMPARE(watch.latest()->settings.miner.id, "batch_hard");
        QVERIFY(epochsOf(watch.record()) != epochsOf(recordOf(smallExperiment())));
    }

    void HeavyStepStopsWithinASecond() {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
        constexpr qint64 kLongest = 10'000;  // one layer takes seconds when every access is watched
#else
        constexpr qint64 kLongest = 1'000;
#endif
        Experiment heavy = smallExperiment();
        heavy.encoder = {"resnet18_cifar", {}};
        heavy.sampler = {"p_by_k", {{"batch_size", 128}}};
        heavy.threads = 0;
        heavy.trackedSamples = 10;
        RunWatch watch(startTrainingRun, heavy, syntheticData({.side = 32, .channels = 3, .heldOutEvery = 0}));
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return now.bank != nullptr; }));
        QElapsedTimer timer;
        timer.start();
        watch.destroyRun();
        QVERIFY2(timer.elapsed() < kLongest, qPrintable(QString::number(timer.elapsed()) + " ms"));
    }
};

QTEST_GUILESS_MAIN(TrainingRunTest)
#include "training_run_test.moc"
