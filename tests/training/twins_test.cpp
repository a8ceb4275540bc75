// Runs side by side: in turns, on shared batches, with the bytes that each has alone.

#include "engine/twins.h"

#include "engine/learning.h"
#include "engine/machine.h"
#include "tests/support/run_watch.h"
#include "tests/support/same_record.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <array>
#include <deque>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Experiment twinExperiment() {
    Experiment experiment = smallExperiment();
    experiment.loss = {"triplet_margin", {{"margin", 0.2}}};
    return experiment;
}

Experiment endlessExperiment() {
    Experiment experiment = twinExperiment();
    experiment.epochs = 100'000;
    return experiment;
}

Experiment augmentedExperiment() {
    Experiment experiment = twinExperiment();
    experiment.augmentation = {"supervised", {}};
    return experiment;
}

Experiment semiSupervisedExperiment() {
    Experiment experiment = suitedTo(Learning::SemiSupervised, twinExperiment());
    experiment.labelledShare = 0.5;
    experiment.sampler.parameters["batch_size"] = 16;
    return experiment;
}

Experiment withMargin(Experiment experiment, double margin) {
    experiment.loss.parameters["margin"] = margin;
    return experiment;
}

/// Twins under test, none of which begins before release().
class Group {
public:
    Group(const std::vector<Experiment>& experiments, Pace pace = Pace::LockStep)
        : twins_(makeTwins(experiments.size(), pace)), data_(syntheticData()) {
        for (const Experiment& experiment : experiments) add(experiment);
    }

    void add(const Experiment& experiment, const std::string& failure = "") {
        watches_.push_back(
            std::make_unique<RunWatch>(startTrainingRun, experiment, data_, failure, twins_, watches_.size()));
    }
    Group& release() {
        for (const auto& watch : watches_) watch->release();
        return *this;
    }
    bool waitForEnd() {
        release();
        return std::ranges::all_of(watches_, [](const auto& watch) { return watch->waitForEnd(); });
    }
    RunWatch& operator[](std::size_t i) { return *watches_[i]; }
    SharedBatchCounts counts() const { return sharedBatches(*twins_); }
    Twins& twins() { return *twins_; }

private:
    std::shared_ptr<Twins> twins_;
    std::shared_ptr<const DataSet> data_;
    std::deque<std::unique_ptr<RunWatch>> watches_;
};

RunRecord aloneRecord(const Experiment& experiment) {
    RunWatch watch(startTrainingRun, experiment, syntheticData());
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    return watch.record();
}

std::function<bool(const Snapshot&)> beyond(std::int64_t step) {
    return [step](const Snapshot& now) { return now.step > step; };
}

/// Which twin reported which step, in the order in which they did.
struct Course {
    std::mutex mutex;
    std::vector<std::pair<std::size_t, std::int64_t>> steps;
};

class CourseRecorder : public RunRecorder {
public:
    CourseRecorder(std::shared_ptr<Course> course, std::size_t twin) : course_(std::move(course)), twin_(twin) {}
    void begin(const Experiment&, const DataSet&) override {}
    void report(const MetricsRow& row) override {
        const std::lock_guard lock(course_->mutex);
        course_->steps.emplace_back(twin_, row.step);
    }
    void event(std::int64_t, std::string_view, std::string_view) override {}
    void epochEnd(int, const BankFrame&) override {}
    void end(const Snapshot&) override {}

private:
    std::shared_ptr<Course> course_;
    std::size_t twin_;
};

}  // namespace

class TwinsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void EachTwinGivesTheBytesOfTheSameRunAlone_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("lockStep");
        for (const bool lockStep : {true, false}) {
            const std::string pace = lockStep ? ", lock-step" : ", free";
            QTest::newRow(("pictures" + pace).c_str()) << 0 << lockStep;
            QTest::newRow(("random views" + pace).c_str()) << 1 << lockStep;
            QTest::newRow(("labels and views" + pace).c_str()) << 2 << lockStep;
        }
    }
    void EachTwinGivesTheBytesOfTheSameRunAlone() {
        QFETCH(int, kind);
        QFETCH(bool, lockStep);
        const std::array experiments{twinExperiment(), augmentedExperiment(), semiSupervisedExperiment()};
        Experiment experiment = experiments[static_cast<std::size_t>(kind)];
        experiment.threads = lockStep ? 2 : 1;
        const Experiment other = withMargin(experiment, 0.7);
        const RunRecord alone = aloneRecord(experiment), otherAlone = aloneRecord(other);
        QVERIFY(!sameRecord(alone, otherAlone));
        Group group({experiment, other, experiment}, lockStep ? Pace::LockStep : Pace::Free);
        QVERIFY(group.waitForEnd());
        QVERIFY(sameRecord(group[0].record(), alone));
        QVERIFY(sameRecord(group[1].record(), otherAlone));
        QVERIFY(sameRecord(group[2].record(), alone));
        QVERIFY(sameFrame(*group[0].latest()->bank, *group[2].latest()->bank));
    }

    void ChangingTheMarginOfOneLeavesTheOtherUntouched() {
        const Experiment experiment = twinExperiment();
        const RunRecord alone = aloneRecord(experiment);
        Group group({experiment, experiment});
        group[0].run().post(SetPaused{true});
        group.release();
        QVERIFY(group[0].waitForPhase(RunPhase::Paused));
        group[0].run().post(SetLossParameter{"margin", 1.5});
        group[0].run().post(SetPaused{false});
        QVERIFY(group.waitForEnd());
        QVERIFY(sameRecord(group[1].record(), alone));
        QVERIFY(!sameRecord(group[0].record(), alone));
        QCOMPARE(group[0].latest()->settings.loss.parameters.at("margin"), 1.5);
        QCOMPARE(group[1].latest()->settings.loss.parameters.at("margin"), 0.2);
    }

    void EachBatchIsMadeOnce_data() {
        QTest::addColumn<bool>("views");
        QTest::newRow("of labels") << false;
        QTest::newRow("of labels and of views") << true;
    }
    void EachBatchIsMadeOnce() {
        QFETCH(bool, views);
        const Experiment experiment = views ? semiSupervisedExperiment() : augmentedExperiment();
        Experiment contrastive = experiment;
        contrastive.loss = {"contrastive_squared", {}};
        contrastive.miner = {"all", {}};
        Group group({experiment, contrastive, withMargin(experiment, 1), withMargin(experiment, 2)});
        QVERIFY(group.waitForEnd());
        const std::int64_t batches = group[0].latest()->step * (views ? 2 : 1);
        QVERIFY(batches > 0);
        QCOMPARE(group.counts().made, batches);
        QCOMPARE(group.counts().taken, 4 * batches);
        QVERIFY(group.counts().mostKept <= (views ? 2U : 1U));
    }

    void WhatDiffersIsNotShared_data() {
        QTest::addColumn<int>("difference");
        QTest::newRow("seed") << 0;
        QTest::newRow("augmentation") << 1;
        QTest::newRow("batch size") << 2;
    }
    void WhatDiffersIsNotShared() {
        QFETCH(int, difference);
        Experiment other = augmentedExperiment();
        if (difference == 0) other.seed = 2;
        if (difference == 1) other.augmentation = {"simclr_cifar", {}};
        if (difference == 2) other.sampler.parameters["batch_size"] = 8;
        const RunRecord alone = aloneRecord(other);
        Group group({augmentedExperiment(), other});
        QVERIFY(group.waitForEnd());
        QCOMPARE(group.counts().made, group.counts().taken);
        QVERIFY(sameRecord(group[1].record(), alone));
    }

    void LockStepTakesStepKOfAllBeforeTheNextOfAny() {
        constexpr std::size_t kTwins = 3;
        const auto course = std::make_shared<Course>();
        const auto twins = makeTwins(kTwins, Pace::LockStep);
        const auto data = syntheticData();
        std::vector<std::unique_ptr<Run>> runs;
        RunWatch last(startTrainingRun, twinExperiment(), data, "", twins, kTwins - 1);
        for (std::size_t twin = 0; twin + 1 < kTwins; ++twin)
            runs.push_back(startTrainingRun({.runId = twin,
                                             .experiment = withMargin(twinExperiment(), 0.1 + double(twin)),
                                             .data = data,
                                             .recorder = std::make_unique<CourseRecorder>(course, twin),
                                             .wakeUp = {},
                                             .twins = twins,
                                             .twin = twin}));
        QVERIFY(last.waitForEnd());
        const std::int64_t steps = last.latest()->step;
        runs.clear();  // each has taken its last step, or is stopped before it
        std::array<std::int64_t, kTwins> reached{};
        for (const auto& [twin, step] : course->steps) {
            reached[twin] = step;
            QVERIFY(step <= reached[1 - twin] + 1);
        }
        QVERIFY(reached[0] >= steps - 1 && reached[1] >= steps - 1);
    }

    void APausedTwinHoldsNobodyBackAndCatchesUp() {
        const Experiment experiment = augmentedExperiment();
        const RunRecord alone = aloneRecord(experiment);
        Group group({experiment, experiment});
        group[0].run().post(SetPaused{true});
        group.release();
        QVERIFY(group[0].waitForPhase(RunPhase::Paused));
        QVERIFY(group[1].waitForPhase(RunPhase::Finished));
        QCOMPARE(group[0].latest()->step, std::int64_t{0});
        QVERIFY(group.counts().mostKept <= 1);  // from before the pause was heard
        group[0].run().post(SetPaused{false});
        QVERIFY(group.waitForEnd());
        QVERIFY(sameRecord(group[0].record(), alone));
        QVERIFY(sameRecord(group[1].record(), alone));
    }

    void PausedTwinsStepOnceAndMeasure() {
        Group group({endlessExperiment(), endlessExperiment()});
        for (const std::size_t i : {0, 1}) group[i].run().post(SetPaused{true});
        group.release();
        for (const std::size_t i : {0, 1}) QVERIFY(group[i].waitForPhase(RunPhase::Paused));
        for (std::int64_t step = 1; step <= 3; ++step) {
            group[0].run().post(StepOnce{});
            QVERIFY(group[0].waitFor(
                [step](const Snapshot& now) { return now.phase == RunPhase::Paused && now.step == step; }));
        }
        QCOMPARE(group[1].latest()->step, std::int64_t{0});
        const std::size_t rows = group[1].latest()->history->size();
        group[1].run().post(MeasureNow{});
        QVERIFY(group[1].waitFor([rows](const Snapshot& now) { return now.history->size() > rows; }));
    }

    void AFailedTwinHoldsNobodyBack() {
        Group group({twinExperiment()});
        Experiment wild = twinExperiment();  // diverges in mid-run
        wild.learningRate = 1000;
        wild.optimizer = {"sgd", {}};
        wild.loss = {"triplet_squared", {}};
        wild.normalizeEmbeddings = false;
        wild.epochs = 50;
        group.add(wild);
        Experiment wrong = twinExperiment();
        wrong.learningRate = -1;
        group.add(wrong);
        QVERIFY(group.waitForEnd());
        QCOMPARE(group[0].latest()->phase, RunPhase::Finished);
        QCOMPARE(group[1].latest()->phase, RunPhase::Failed);
        QCOMPARE(group[2].latest()->phase, RunPhase::Failed);
    }

    void AStoppedTwinHoldsNobodyBack() {
        Group group({endlessExperiment(), endlessExperiment(), twinExperiment()});
        group.release();
        QVERIFY(group[0].waitFor(beyond(2)));
        group[0].run().requestStop();
        QVERIFY(group[0].waitForPhase(RunPhase::Stopped));
        const std::int64_t step = group[1].latest()->step;
        QVERIFY(group[1].waitFor(beyond(step + 2)));
        QVERIFY(group[2].waitForPhase(RunPhase::Finished));
    }

    void AWaitingTwinStopsAndListensAtOnce() {
        const auto twins = makeTwins(2, Pace::LockStep);  // the second is never started, so the first step waits
        RunWatch watch(startTrainingRun, endlessExperiment(), syntheticData(), "", twins, 0);
        QVERIFY(watch.release().waitForPhase(RunPhase::Running));
        QVERIFY(watch.sendLearningRate(0.02));
        watch.run().post(SetPaused{true});
        QVERIFY(watch.waitForPhase(RunPhase::Paused));
        watch.run().post(SetPaused{false});
        QElapsedTimer timer;
        timer.start();
        watch.run().requestStop();
        QVERIFY(watch.waitForPhase(RunPhase::Stopped));
        QVERIFY(timer.elapsed() < 1000);
        QCOMPARE(watch.latest()->step, std::int64_t{0});
    }

    void FreePaceWaitsForNobody() {
        const auto twins = makeTwins(2, Pace::LockStep);
        RunWatch watch(startTrainingRun, twinExperiment(), syntheticData(), "", twins, 0);
        QVERIFY(watch.release().waitForPhase(RunPhase::Running));
        setPace(*twins, Pace::Free);
        QVERIFY(watch.waitForPhase(RunPhase::Finished));
    }

    void ALateTwinCatchesUpWithTheBytesItHasAlone() {
        const RunRecord alone = aloneRecord(twinExperiment());
        Group group({endlessExperiment()});
        group.release();
        QVERIFY(group[0].waitFor(beyond(5)));
        group.add(twinExperiment());
        QVERIFY(group[1].waitForEnd());
        QVERIFY(sameRecord(group[1].record(), alone));
        const std::int64_t step = group[0].latest()->step;
        QVERIFY(group[0].waitFor(beyond(step)));
    }

    void TwinsMayBeDestroyedInEveryOrder() {
        std::array<std::size_t, 3> order{0, 1, 2};
        do {
            Group group({endlessExperiment(), endlessExperiment(), endlessExperiment()});
            group.release();
            QVERIFY(group[order[0]].waitFor(beyond(1)));
            QElapsedTimer timer;
            timer.start();
            for (const std::size_t i : order) group[i].destroyRun();
            QVERIFY(timer.elapsed() < 3000);
        } while (std::ranges::next_permutation(order).found);
    }
};

QTEST_GUILESS_MAIN(TwinsTest)
#include "twins_test.moc"
