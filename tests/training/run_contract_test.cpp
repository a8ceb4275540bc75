// What every Run keeps, checked on the real one and on the scripted one that stands in for it in the windows' tests.

#include "engine/machine.h"
#include "tests/support/fake_run.h"
#include "tests/support/run_watch.h"
#include "tests/support/same_record.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <QElapsedTimer>
#include <QTest>

#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Experiment contractExperiment() {
    Experiment experiment = smallExperiment();
    experiment.name = "contract";
    return experiment;
}

Experiment endlessExperiment() {
    Experiment experiment = contractExperiment();
    experiment.epochs = 100'000;
    return experiment;
}

RunFactory factoryOf(bool real) {
    return real ? RunFactory(startTrainingRun)
                : fakeRunFactory({.stepsPerEpoch = 8, .perStep = std::chrono::milliseconds(1)});
}

RunRecord recordOf(const RunFactory& factory, const Experiment& experiment) {
    RunWatch watch(factory, experiment, syntheticData());
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    return watch.record();
}

}  // namespace

class RunContractTest : public QObject {
    Q_OBJECT

private:
    /// Every test runs on both.
    void addBoth() {
        QTest::addColumn<bool>("real");
        QTest::newRow("real") << true;
        QTest::newRow("scripted") << false;
    }

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void LatestIsNeverNull_data() { addBoth(); }
    void LatestIsNeverNull() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        QVERIFY(watch.latest() != nullptr);
        QVERIFY(watch.latest()->history != nullptr);
        QCOMPARE(watch.latest()->runId, 7U);
    }

    void StopBeforeFirstBatchStillStops_data() { addBoth(); }
    void StopBeforeFirstBatchStillStops() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        watch.run().requestStop();
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Stopped);
        QCOMPARE(watch.latest()->step, 0);
        QVERIFY(watch.record().ended);
    }

    /// Nearly every stop comes within a step. At an epoch's end, which may be long, it does not
    /// wait: the epoch's last step is taken again.
    void AStepThatHasBegunIsNotLost() {
        int kept = 0;
        for (int i = 0; i < 8; ++i) {
            RunWatch watch(startTrainingRun, endlessExperiment(), syntheticData({.classes = 4, .perClass = 400}));
            QVERIFY(watch.release().waitFor([i](const Snapshot& now) { return now.step > 2 + i; }));
            watch.run().requestStop();
            QVERIFY(watch.waitForEnd());
            const auto checkpoints = watch.run().checkpoints();
            QVERIFY(!checkpoints.empty());
            QVERIFY(checkpoints.back()->step >= watch.latest()->step - 1);
            if (checkpoints.back()->step == watch.latest()->step) ++kept;
        }
        QVERIFY2(kept >= 6, qPrintable(QString::number(kept)));
    }

    void StopWakesAPausedRun_data() { addBoth(); }
    void StopWakesAPausedRun() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitForPhase(RunPhase::Paused));
        watch.run().requestStop();
        QVERIFY(watch.waitForPhase(RunPhase::Stopped));
    }

    void PausedRunTakesNoStep_data() { addBoth(); }
    void PausedRunTakesNoStep() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return now.step > 2; }));
        watch.run().post(SetPaused{true});
        QVERIFY(watch.waitForPhase(RunPhase::Paused));
        const std::int64_t step = watch.latest()->step;
        for (const double learningRate : {0.01, 0.02, 0.03}) {
            QVERIFY(watch.sendLearningRate(learningRate));
            QCOMPARE(watch.latest()->phase, RunPhase::Paused);
            QCOMPARE(watch.latest()->step, step);
        }
        watch.run().post(SetPaused{false});
        QVERIFY(watch.waitFor([step](const Snapshot& now) { return now.step > step; }));
        QCOMPARE(watch.latest()->phase, RunPhase::Running);
    }

    void StepOnceTakesExactlyOne_data() { addBoth(); }
    void StepOnceTakesExactlyOne() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitForPhase(RunPhase::Paused));
        QCOMPARE(watch.latest()->step, 0);
        for (std::int64_t step = 1; step <= 3; ++step) {
            watch.run().post(StepOnce{});
            QVERIFY(watch.waitFor(
                [step](const Snapshot& now) { return now.phase == RunPhase::Paused && now.step == step; }));
            QVERIFY(watch.sendLearningRate(0.01 * static_cast<double>(step)));
            QCOMPARE(watch.latest()->step, step);
            QCOMPARE(watch.latest()->bank->step, step);
        }
    }

    void ResumedAfterPauseEqualsStraight_data() { addBoth(); }
    void ResumedAfterPauseEqualsStraight() {
        QFETCH(bool, real);
        const RunRecord straight = recordOf(factoryOf(real), contractExperiment());
        RunWatch watch(factoryOf(real), contractExperiment(), syntheticData());
        watch.run().post(StepOnce{});
        watch.run().post(StepOnce{});
        QVERIFY(watch.release().waitFor(
            [](const Snapshot& now) { return now.phase == RunPhase::Paused && now.step == 2; }));
        watch.run().post(SetPaused{false});
        QVERIFY(watch.waitForEnd());
        QVERIFY(sameRecord(straight, watch.record()));
    }

    void RestartGivesTheSameBytes_data() { addBoth(); }
    void RestartGivesTheSameBytes() {
        QFETCH(bool, real);
        const RunRecord straight = recordOf(factoryOf(real), contractExperiment());
        QCOMPARE(straight.epochs.size(), 3U);
        {
            RunWatch cut(factoryOf(real), contractExperiment(), syntheticData());
            QVERIFY(cut.release().waitFor([](const Snapshot& now) { return now.step > 0; }));
        }
        QVERIFY(sameRecord(straight, recordOf(factoryOf(real), contractExperiment())));
    }

    void OtherSeedGivesOtherEmbeddings_data() { addBoth(); }
    void OtherSeedGivesOtherEmbeddings() {
        QFETCH(bool, real);
        Experiment other = contractExperiment();
        other.seed = 2;
        QVERIFY(!sameRecord(recordOf(factoryOf(real), contractExperiment()), recordOf(factoryOf(real), other)));
    }

    void EpochEndsAreExactAndRecorded_data() { addBoth(); }
    void EpochEndsAreExactAndRecorded() {
        QFETCH(bool, real);
        const RunRecord record = recordOf(factoryOf(real), contractExperiment());
        QCOMPARE(record.epochs.size(), 3U);
        for (std::size_t epoch = 0; epoch < record.epochs.size(); ++epoch) {
            const BankFrame& bank = record.epochs[epoch];
            QCOMPARE(bank.step, static_cast<std::int64_t>(epoch * 8));
            QVERIFY(bank.exact);
            QVERIFY(std::ranges::all_of(bank.computedAtStep, [&](std::int64_t at) { return at == bank.step; }));
        }
        QVERIFY(record.begun && record.ended);
        QVERIFY(std::isfinite(record.rows.front().recallAt1));
        QVERIFY(std::isfinite(record.rows.back().recallAt1));
    }

    void ChangedMarginIsLogged_data() { addBoth(); }
    void ChangedMarginIsLogged() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        watch.run().post(SetLossParameter{"margin", 0.75});
        QVERIFY(watch.release().waitFor([](const Snapshot& now) {
            return now.step > 0 && now.settings.loss.parameters.contains("margin") && now.marginMark.has_value();
        }));
        QCOMPARE(watch.latest()->settings.loss.parameters.find("margin")->second, 0.75);
        const RunRecord record = watch.record();
        QCOMPARE(record.events.size(), 1U);
        QCOMPARE(record.events[0].kind, "loss_parameter");
        QCOMPARE(record.events[0].step, 0);
        QVERIFY(record.events[0].json.find("0.75") != std::string::npos);
    }

    void ChangedAugmentationIsLogged_data() { addBoth(); }
    void ChangedAugmentationIsLogged() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        watch.run().post(SetAugmentation{{"simclr_cifar", {{"blur_sigma_min", 5}, {"blur_sigma_max", 1}}}});
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return !now.message.empty() && now.step > 0; }));
        QVERIFY(watch.latest()->message.find("blur_sigma_min") != std::string::npos);
        QCOMPARE(watch.latest()->settings.augmentation.id, "none");
        watch.run().post(SetAugmentation{{"simclr_cifar", {{"flip", 0.25}}}});
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.settings.augmentation.id == "simclr_cifar"; }));
        const std::int64_t step = watch.latest()->step;
        QVERIFY(watch.waitFor([step](const Snapshot& now) { return now.step > step; }));
        const RunRecord record = watch.record();
        QCOMPARE(record.events.size(), 1U);
        QCOMPARE(record.events[0].kind, "augmentation");
        QVERIFY(record.events[0].json.find("simclr_cifar") != std::string::npos);
    }

    void RefusedChangeLeavesTheRunAlive_data() { addBoth(); }
    void RefusedChangeLeavesTheRunAlive() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        watch.run().post(SetLearningRate{-1});
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return !now.message.empty() && now.step > 0; }));
        QVERIFY(watch.latest()->message.find("learning rate") != std::string::npos);
        QCOMPARE(watch.latest()->settings.learningRate, 1e-3);
        watch.run().post(SetMiner{{"no_such_miner", {}}});
        QVERIFY(
            watch.waitFor([](const Snapshot& now) { return now.message.find("no_such_miner") != std::string::npos; }));
        QVERIFY(!watch.latest()->ended());
        QVERIFY(watch.sendLearningRate(0.5));
        QVERIFY(watch.latest()->message.empty());
        QCOMPARE(watch.record().events.size(), 1U);
    }

    void FailureReachesTheMailboxAsASentence_data() { addBoth(); }
    void FailureReachesTheMailboxAsASentence() {
        QFETCH(bool, real);
        Experiment wrong = contractExperiment();
        wrong.learningRate = -1;
        RunWatch watch(factoryOf(real), wrong, syntheticData());
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Failed);
        QCOMPARE(QString::fromStdString(watch.latest()->message), QString::fromStdString(problems(wrong).front()));
        QVERIFY(!watch.record().ended);
    }

    void DestroyInMidEpochIsQuick_data() { addBoth(); }
    void DestroyInMidEpochIsQuick() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), endlessExperiment(), syntheticData());
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return now.step > 1; }));
        QElapsedTimer timer;
        timer.start();
        watch.destroyRun();
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed()) + " ms"));
    }

    void StepsNeverGoBack_data() { addBoth(); }
    void StepsNeverGoBack() {
        QFETCH(bool, real);
        RunWatch watch(factoryOf(real), contractExperiment(), syntheticData());
        std::int64_t last = 0;
        bool back = false;
        QVERIFY(watch.release().waitFor([&](const Snapshot& now) {
            back = back || now.step < last;
            last = now.step;
            return now.ended();
        }));
        QVERIFY(!back);
        QCOMPARE(watch.latest()->phase, RunPhase::Finished);
        QCOMPARE(last, 16);
    }
};

QTEST_GUILESS_MAIN(RunContractTest)
#include "run_contract_test.moc"
