#include "tests/support/fake_run.h"
#include "tests/ui/shell_synthetic.h"
#include "ui/queued_wake_up.h"
#include "ui/run_controller.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <thread>

using namespace embedscope;

namespace {

/// A run that publishes what the test hands it and remembers what it was asked.
class ScriptedRun : public Run {
public:
    explicit ScriptedRun(RunStart start) : start_(std::move(start)) { publish(RunPhase::Preparing, 0); }

    void post(Request request) override { requests.push_back(std::move(request)); }
    void requestStop() override { stopRequested = true; }
    std::shared_ptr<const Snapshot> latest() const override { return latest_.get(); }
    std::vector<std::shared_ptr<const Checkpoint>> checkpoints() const override { return {}; }

    void publish(RunPhase phase, std::int64_t step) {
        Snapshot snapshot;
        snapshot.runId = start_.runId;
        snapshot.phase = phase;
        snapshot.step = step;
        snapshot.settings = start_.experiment;
        latest_.publish(std::make_shared<const Snapshot>(snapshot));
        start_.wakeUp();
    }

    std::vector<Request> requests;
    bool stopRequested = false;

private:
    RunStart start_;
    Latest<Snapshot> latest_;
};

/// Hands out scripted runs and keeps a look at each.
struct Scripts {
    std::vector<ScriptedRun*> runs;
    RunFactory factory() {
        return [this](RunStart start) {
            auto run = std::make_unique<ScriptedRun>(std::move(start));
            runs.push_back(run.get());
            return run;
        };
    }
};

Experiment shortExperiment(int epochs) {
    Experiment experiment;
    experiment.epochs = epochs;
    return experiment;
}

}  // namespace

class ShellRunsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { qRegisterMetaType<std::shared_ptr<const Snapshot>>(); }

    void ManyWakeUpsAreOnePendingCall() {
        QObject receiver;
        int received = 0;
        const WakeUp wakeUp = queuedWakeUp(&receiver, [&received] { ++received; });
        std::jthread([&wakeUp] {
            for (int i = 0; i < 10'000; ++i) wakeUp();
        }).join();
        QCoreApplication::sendPostedEvents(&receiver);
        QCOMPARE(received, 1);
        wakeUp();
        QCoreApplication::sendPostedEvents(&receiver);
        QCOMPARE(received, 2);
    }

    void AWakeUpFromWithinTheCallIsNotLost() {
        QObject receiver;
        int received = 0;
        WakeUp wakeUp;
        wakeUp = queuedWakeUp(&receiver, [&] {
            if (++received == 1) wakeUp();
        });
        wakeUp();
        QTRY_COMPARE(received, 2);
    }

    void APendingWakeUpDiesWithItsReceiver() {
        auto receiver = std::make_unique<QObject>();
        int received = 0;
        queuedWakeUp(receiver.get(), [&received] { ++received; })();
        receiver.reset();
        QCoreApplication::sendPostedEvents();
        QCOMPARE(received, 0);
    }

    void SnapshotsOfAnOlderRunAreDropped() {
        Scripts scripts;
        RunController controller(scripts.factory());
        controller.start(shortExperiment(1), test::greyData(2, 20), {});
        controller.start(shortExperiment(2), test::greyData(2, 20), {});
        QCOMPARE(scripts.runs.size(), std::size_t(2));
        QVERIFY(scripts.runs[0]->stopRequested);
        const std::uint64_t current = controller.snapshot()->runId;

        QSignalSpy arrived(&controller, &RunController::snapshotArrived);
        scripts.runs[0]->publish(RunPhase::Running, 17);
        QCoreApplication::sendPostedEvents();
        QCOMPARE(arrived.size(), 0);
        scripts.runs[1]->publish(RunPhase::Running, 3);
        QTRY_COMPARE(arrived.size(), 1);
        QCOMPARE(controller.snapshot()->runId, current);
        QCOMPARE(controller.snapshot()->step, std::int64_t(3));
    }

    void OnlyTheNewestOfManySnapshotsArrives() {
        Scripts scripts;
        RunController controller(scripts.factory());
        controller.start(shortExperiment(1), test::greyData(2, 20), {});
        QCoreApplication::sendPostedEvents();
        QSignalSpy arrived(&controller, &RunController::snapshotArrived);
        for (int step = 1; step <= 100; ++step) scripts.runs[0]->publish(RunPhase::Running, step);
        QTRY_COMPARE(controller.snapshot()->step, std::int64_t(100));
        QCOMPARE(arrived.size(), 1);
    }

    void WhatIsAskedReachesTheRunInOrder() {
        Scripts scripts;
        RunController controller(scripts.factory());
        controller.start(shortExperiment(1), test::greyData(2, 20), {});
        controller.setPaused(true);
        controller.stepOnce();
        controller.setLearningRate(0.25);
        controller.setLossParameter("margin", 0.75);
        controller.setMiner({"batch_hard", {}});
        controller.setAugmentation({"supervised", {{"flip", 0}}});
        const auto& asked = scripts.runs[0]->requests;
        QCOMPARE(asked.size(), std::size_t(6));
        QVERIFY(std::get<SetPaused>(asked[0]).paused);
        QVERIFY(std::holds_alternative<StepOnce>(asked[1]));
        QCOMPARE(std::get<SetLearningRate>(asked[2]).learningRate, 0.25);
        QCOMPARE(std::get<SetLossParameter>(asked[3]).value, 0.75);
        QCOMPARE(std::get<SetMiner>(asked[4]).miner.id, std::string("batch_hard"));
        QCOMPARE(std::get<SetAugmentation>(asked[5]).augmentation.parameters.at("flip"), 0.0);
        controller.stop();
        QVERIFY(scripts.runs[0]->stopRequested);
    }

    void NothingIsAskedOfARunThatHasEnded() {
        Scripts scripts;
        RunController controller(scripts.factory());
        controller.start(shortExperiment(1), test::greyData(2, 20), {});
        scripts.runs[0]->publish(RunPhase::Finished, 9);
        QTRY_VERIFY(!controller.isActive());
        controller.setLearningRate(0.5);
        QVERIFY(scripts.runs[0]->requests.empty());
    }

    void RestartUndoesTheLiveChanges() {
        RunController controller(test::fakeRunFactory());
        Experiment experiment = shortExperiment(1000);
        experiment.learningRate = 0.01;
        controller.start(experiment, test::greyData(3, 30), {});
        controller.setLearningRate(0.5);
        QTRY_COMPARE(controller.snapshot()->settings.learningRate, 0.5);
        controller.restart();
        QTRY_VERIFY(controller.phase() == RunPhase::Running);
        QCOMPARE(controller.snapshot()->settings.learningRate, 0.01);
    }

    void FailureReachesTheWindowAsASentence() {
        test::FakeScript script;
        script.failAtStep = 3;
        RunController controller(test::fakeRunFactory(script));
        QSignalSpy failed(&controller, &RunController::failed);
        controller.start(shortExperiment(5), test::greyData(2, 30), {});
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].toString(), QString::fromStdString(script.failure));
        QVERIFY(!controller.isActive());
        QVERIFY(controller.snapshot()->bank);  // what was computed is not lost
    }

    void AFolderThatCannotBeWrittenIsASentence() {
        Scripts scripts;
        RunController controller(scripts.factory());
        QSignalSpy failed(&controller, &RunController::failed);
        controller.start(shortExperiment(1), test::greyData(2, 20), "/dev/null/run");
        QCOMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains("/dev/null"));
        QVERIFY(scripts.runs.empty());
    }

    void StopBeforeFirstBatchStillStops() {
        RunController controller(test::fakeRunFactory());
        controller.start(shortExperiment(1000), test::greyData(2, 30), {});
        controller.stop();
        QTRY_VERIFY(controller.phase() == RunPhase::Stopped);
    }

    void LayoutsShowTheBankOfTheRun() {
        RunController controller(test::fakeRunFactory());
        std::shared_ptr<const Layout> newest;
        connect(&controller, &RunController::layoutArrived, this, [&newest](const auto& layout) { newest = layout; });
        controller.start(shortExperiment(1000), test::greyData(3, 30), {});
        QTRY_VERIFY(newest && newest->step > 5);
        QCOMPARE(newest->runId, controller.snapshot()->runId);
        QCOMPARE(newest->samples->size(), std::size_t(90));
        QCOMPARE(newest->coordinates.size(), std::size_t(180));
    }

    void PausedRunsStandStillUntilTheyStep() {
        RunController controller(test::fakeRunFactory());
        controller.start(shortExperiment(1000), test::greyData(2, 30), {});
        controller.setPaused(true);
        QTRY_VERIFY(controller.phase() == RunPhase::Paused);
        const std::int64_t before = controller.snapshot()->step;
        controller.stepOnce();
        QTRY_COMPARE(controller.snapshot()->step, before + 1);
        QTRY_VERIFY(controller.phase() == RunPhase::Paused);
        QCOMPARE(controller.snapshot()->step, before + 1);
    }

    void DestroyingItInMidEpochIsQuick() {
        auto controller = std::make_unique<RunController>(test::fakeRunFactory());
        controller->start(shortExperiment(1000), test::greyData(2, 30), {});
        QTRY_VERIFY(controller->phase() == RunPhase::Running);
        QElapsedTimer clock;
        clock.start();
        controller.reset();
        QVERIFY(clock.elapsed() < 1000);
    }
};

QTEST_MAIN(ShellRunsTest)
#include "shell_runs_test.moc"
