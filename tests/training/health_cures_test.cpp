// Runs that fail, and what becomes of them once the button of the alarm is pressed.
#include "engine/machine.h"
#include "tests/support/health_runs.h"

#include <QTest>

#include <cmath>
#include <string>

using namespace embedscope;
using namespace embedscope::test;

namespace {

/// Steps of a paused run, until the alarm is raised; null: it was not.
const Alarm* raised(RunWatch& watch, const char* id, std::int64_t last, std::vector<Alarm>& alarms) {
    for (std::int64_t step = watch.latest()->step + 5; step <= last && !find(alarms, id); step += 5) {
        if (!stepTo(watch, step)) return nullptr;
        alarms = alarmsOf(watch);
    }
    return find(alarms, id);
}

}  // namespace

class HealthCuresTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void TheCureOfACollapseLetsTheRunLearn() {
        const auto data = sample();
        RunWatch watch(startTrainingRun, coldBatchHard(*data), data);
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitFor(isPaused));
        const double untrained = newestRecall(*watch.latest());
        std::vector<Alarm> alarms;
        const Alarm* alarm = raised(watch, "total_collapse", kSoon, alarms);
        QVERIFY2(alarm && alarm->cure, listOf(alarms).c_str());
        QVERIFY(cure(watch, *alarm));
        const double after = newestRecall(*watch.latest());
        QVERIFY2(after > untrained + 0.02, qPrintable(QString("%1 to %2").arg(untrained).arg(after)));
        for (const Alarm& each : alarmsOf(watch)) QVERIFY2(!each.holds(), listOf(alarmsOf(watch)).c_str());
    }

    /// Raised by hand while the run goes well: the alarm names it, and its button brings back what was learned.
    void TheCureOfARaisedLearningRateBringsBackWhatWasLearned() {
        const auto data = sample();
        Experiment experiment = shortExperiment(*data);
        RunWatch watch(startTrainingRun, experiment, data);
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitFor(isPaused));
        const std::int64_t good = watch.latest()->stepsPerEpoch + 5;
        QVERIFY(stepTo(watch, good));
        QVERIFY2(alarmsOf(watch).empty(), listOf(alarmsOf(watch)).c_str());
        const double learned = newestRecall(*watch.latest());
        QVERIFY(watch.sendLearningRate(500 * experiment.learningRate));
        std::vector<Alarm> alarms;
        const Alarm* alarm = raised(watch, "learning_rate_too_high", good + 60, alarms);
        QVERIFY2(alarm && alarm->cure, listOf(alarms).c_str());
        QVERIFY(alarm->sinceStep > good);
        const std::int64_t damaged = watch.latest()->step;
        watch.run().post(MeasureNow{});
        QVERIFY(watch.waitFor([&](const Snapshot& now) { return newestRecall(now) != learned; }));
        const double lost = newestRecall(*watch.latest());

        QVERIFY(cure(watch, *alarm));
        QVERIFY(watch.latest()->step > damaged);
        QVERIFY(watch.latest()->settings.learningRate <= 2 * experiment.learningRate);
        const double after = newestRecall(*watch.latest());
        QVERIFY2(after > lost + 0.02 && after > learned - 0.03,
                 qPrintable(QString("%1, then %2, then %3").arg(learned).arg(lost).arg(after)));
        for (const Alarm& each : alarmsOf(watch)) QVERIFY2(!each.holds(), listOf(alarmsOf(watch)).c_str());
    }
};

QTEST_GUILESS_MAIN(HealthCuresTest)
#include "health_cures_test.moc"
