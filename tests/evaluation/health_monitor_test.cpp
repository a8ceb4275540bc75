#include "engine/health_monitor.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

using namespace embedscope;

namespace {

/// A run that goes well.
Vitals healthy(int step) {
    Vitals vitals;
    vitals.step = step;
    vitals.loss = 0.3 * std::exp(-step / 200.0) + 0.05;
    vitals.activeFraction = 0.4;
    vitals.learningRate = 1e-3;
    vitals.gradientNorm = 1 + 0.3 * std::sin(step);
    vitals.updateRatio = step % 5 == 1 ? 0.008 : Vitals::kNone;
    vitals.spread = std::min(0.9, 0.4 + step * 0.005);
    vitals.scale = 1;
    vitals.emptyBatches = 0;
    if (step % 50 != 0) return vitals;
    vitals.effectiveRank = 12;
    vitals.rankCap = 64;
    vitals.trainRecallAt1 = 0.8;
    vitals.holdOutRecallAt1 = std::min(0.7 + step * 0.001, 0.85);
    vitals.proxies = 10;
    vitals.deadProxies = 0;
    vitals.checkedLabels = 1000;
    vitals.doubtedLabels = 60;
    vitals.checkedHeldOut = 400;
    vitals.duplicates = 2;
    return vitals;
}

HealthSubject subject() {
    HealthSubject subject;
    subject.classes = 10;
    subject.batchSize = 64;
    subject.heldOut = 400;
    return subject;
}

/// What 400 steps raise, each altered by `change` from step 100 on.
std::vector<Alarm> raisedBy(const std::function<void(Vitals&)>& change, const Experiment& settings = {}) {
    HealthMonitor monitor(subject());
    for (int step = 0; step <= 400; ++step) {
        Vitals vitals = healthy(step);
        if (step >= 100) change(vitals);
        monitor.observe(vitals, settings);
    }
    return monitor.state() ? monitor.state()->alarms : std::vector<Alarm>{};
}

const Alarm* find(const std::vector<Alarm>& alarms, std::string_view id) {
    const auto found = std::ranges::find(alarms, id, &Alarm::id);
    return found == alarms.end() ? nullptr : &*found;
}

template <typename Wanted>
const Wanted* requestOf(const Alarm& alarm) {
    if (!alarm.cure) return nullptr;
    for (const Request& request : alarm.cure->requests)
        if (const auto* wanted = std::get_if<Wanted>(&request)) return wanted;
    return nullptr;
}

bool isMeasuredAtEpochEnds(const Vitals& vitals) {
    return !std::isnan(vitals.effectiveRank);
}

}  // namespace

Q_DECLARE_METATYPE(std::function<void(Vitals&)>)

class HealthMonitorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void AHealthyRunRaisesNothing() {
        const auto alarms = raisedBy([](Vitals&) {});
        QVERIFY2(alarms.empty(), alarms.empty() ? "" : alarms.front().sentence.c_str());
    }

    void AlarmsThatComeAndGoAreBounded() {
        HealthMonitor monitor(subject());
        for (int report = 0; report < 400; ++report) {
            Vitals vitals = healthy(50 * report);
            if (report % 2 == 1) vitals.doubtedLabels = 290, vitals.duplicates = 40, vitals.deadProxies = 4;
            monitor.observe(vitals, {});
        }
        QCOMPARE(monitor.state()->alarms.size(), HealthState::kMostAlarms);
    }

    void EachAlarmIsRaisedAloneAndSoon_data() {
        using Change = std::function<void(Vitals&)>;
        QTest::addColumn<Change>("change");
        const auto add = [](const char* id, const Change& change) { QTest::newRow(id) << change; };
        add("total_collapse", [](Vitals& vitals) { vitals.spread = 0.02; });
        add("dimensional_collapse", [](Vitals& vitals) {
            if (isMeasuredAtEpochEnds(vitals)) vitals.effectiveRank = 2;
        });
        add("no_valid_pairs", [](Vitals& vitals) { vitals.emptyBatches = 0.8; });
        add("nothing_active", [](Vitals& vitals) { vitals.activeFraction = 0.0005; });
        add("dead_proxies", [](Vitals& vitals) {
            if (isMeasuredAtEpochEnds(vitals)) vitals.deadProxies = 4;
        });
        add("learning_rate_too_high", [](Vitals& vitals) {
            if (!std::isnan(vitals.updateRatio)) vitals.updateRatio = 0.4;
        });
        add("exploding_gradient", [](Vitals& vitals) { vitals.gradientNorm = 1e4; });
        add("vanishing_gradient", [](Vitals& vitals) { vitals.gradientNorm = 1e-6, vitals.loss = 0.3; });
        add("over_fitting", [](Vitals& vitals) {
            if (isMeasuredAtEpochEnds(vitals)) vitals.holdOutRecallAt1 = 0.6, vitals.trainRecallAt1 = 0.99;
        });
        add("doubted_labels", [](Vitals& vitals) {
            if (isMeasuredAtEpochEnds(vitals)) vitals.doubtedLabels = 290;
        });
        add("near_duplicates", [](Vitals& vitals) {
            if (isMeasuredAtEpochEnds(vitals)) vitals.duplicates = 40;
        });
    }
    void EachAlarmIsRaisedAloneAndSoon() {
        QFETCH(std::function<void(Vitals&)>, change);
        const auto alarms = raisedBy(change);
        QCOMPARE(alarms.size(), std::size_t{1});
        const Alarm& alarm = alarms.front();
        QCOMPARE(alarm.id, std::string(QTest::currentDataTag()));
        QVERIFY2(alarm.sinceStep >= 99 && alarm.sinceStep <= 260, std::to_string(alarm.sinceStep).c_str());
        // A hundred reports later a large gradient is the usual one.
        QVERIFY(alarm.holds() || alarm.id == "exploding_gradient");
        QVERIFY(!alarm.sentence.empty() && !alarm.advice.empty());
    }

    void EverythingActiveNeedsALossThatDoesNotFall() {
        const auto stuck = [](Vitals& vitals) {
            vitals.activeFraction = 1;
            vitals.loss = 0.4;
            if (isMeasuredAtEpochEnds(vitals)) vitals.holdOutRecallAt1 = 0.5;
        };
        HealthMonitor monitor(subject());
        for (int step = 0; step <= 200; ++step) {
            Vitals vitals = healthy(step);
            stuck(vitals);
            monitor.observe(vitals, {});
        }
        QVERIFY(monitor.state() && find(monitor.state()->alarms, "everything_active"));
        QVERIFY(!find(raisedBy([](Vitals& vitals) { vitals.activeFraction = 1; }), "everything_active"));
    }

    void ACollapseNamesItsCause() {
        const auto collapse = [](Vitals& vitals) { vitals.spread = 0.01; };
        Experiment hard;
        hard.miner = {"batch_hard", {}};
        const auto mined = raisedBy(collapse, hard);
        QVERIFY(mined.front().advice.find("hardest negatives") != std::string::npos);
        QVERIFY(requestOf<SetMiner>(mined.front()) && requestOf<SetMiner>(mined.front())->miner.id == "semi_hard");
        QCOMPARE(requestOf<GoBack>(mined.front())->step, std::int64_t{99});

        const auto fast = raisedBy(
            [&](Vitals& vitals) {
                collapse(vitals);
                if (!std::isnan(vitals.updateRatio)) vitals.updateRatio = 0.5;
            },
            hard);
        const Alarm* large = find(fast, "learning_rate_too_high");
        QVERIFY(large && std::abs(requestOf<SetLearningRate>(*large)->learningRate - 1e-5) < 1e-9);

        Experiment siamese;
        siamese.learning = Learning::SelfSupervised;
        siamese.viewLoss = {"simsiam", {{"target", 1}}};
        const auto views = raisedBy(collapse, siamese);
        QVERIFY(views.front().advice.find("held still") != std::string::npos);
        QCOMPARE(requestOf<SetViewLossParameter>(views.front())->value, 0.0);
    }

    /// Where a lower rate would change nothing, it is not advised.
    void ACollapseOfAnotherCauseDoesNotBlameTheRate() {
        const auto collapse = [](Vitals& vitals) { vitals.spread = 0.01; };
        const auto empty = raisedBy([&](Vitals& vitals) {
            collapse(vitals);
            vitals.emptyBatches = 0.9;
        });
        const Alarm* alarm = find(empty, "total_collapse");
        QVERIFY(alarm && !alarm->cure);
        QVERIFY(alarm->advice.find("no dissimilar images") != std::string::npos);

        Experiment flat;
        flat.loss = {"contrastive_squared", {{"margin", 0.01}}};
        flat.miner = {"all", {}};
        const auto small = raisedBy(collapse, flat);
        alarm = find(small, "total_collapse");
        QVERIFY(alarm && alarm->advice.find("margin of 0.01") != std::string::npos);
        QCOMPARE(requestOf<SetLossParameter>(*alarm)->value, 1.0);
        QVERIFY(!requestOf<SetLearningRate>(*alarm));
    }

    /// The first steps of a run are large with Adam; a collapse long after them has another cause.
    void LargeStepsOfAnotherTimeAreNotBlamed() {
        Experiment hard;
        hard.miner = {"batch_hard", {}};
        HealthMonitor monitor(subject());
        for (int step = 0; step <= 400; ++step) {
            Vitals vitals = healthy(step);
            if (step < 20 && !std::isnan(vitals.updateRatio)) vitals.updateRatio = 0.4;
            if (step >= 200) vitals.spread = 0.01;
            monitor.observe(vitals, hard);
        }
        const Alarm* alarm = find(monitor.state()->alarms, "total_collapse");
        QVERIFY(alarm && alarm->advice.find("hardest negatives") != std::string::npos);
    }

    /// What the run has got over explains nothing that comes later.
    void WildFirstStepsAreNotBlamedForWhatIsLostLater() {
        HealthSubject precise = subject();
        precise.heldOut = 10'000;  // two points are more than chance
        HealthMonitor monitor(precise);
        for (int step = 0; step <= 1020; ++step) {
            Vitals vitals = healthy(step);
            if (step < 20 && !std::isnan(vitals.updateRatio)) vitals.updateRatio = 0.4;
            if (step >= 1000 && isMeasuredAtEpochEnds(vitals))
                vitals.holdOutRecallAt1 = 0.825, vitals.trainRecallAt1 = 0.77;
            for (const Alarm& alarm : monitor.observe(vitals, {}))
                QVERIFY2(alarm.id != "learning_rate_too_high" || step < 60, qPrintable(QString::number(step)));
        }
    }

    /// The weights grow until the steps are a usual share of them again; what was learned stays lost.
    void LargeStepsAreOverWhenWhatWasLearnedIsBack() {
        Experiment settings;
        HealthMonitor monitor(subject());
        const auto until = [&](int from, int to, double update, double recall, double rate) {
            settings.learningRate = rate;
            for (int step = from; step < to; ++step) {
                Vitals vitals = healthy(step);
                vitals.learningRate = rate / 2;  // as a schedule has it
                if (!std::isnan(vitals.updateRatio)) vitals.updateRatio = update;
                if (isMeasuredAtEpochEnds(vitals)) vitals.holdOutRecallAt1 = vitals.trainRecallAt1 = recall;
                monitor.observe(vitals, settings);
            }
        };
        until(0, 120, 0.008, 0.8, 1e-3);
        until(120, 160, 0.15, 0.5, 0.1);
        until(160, 260, 0.005, 0.5, 0.1);
        const std::vector<Alarm> told = monitor.state()->alarms;
        QCOMPARE(told.size(), std::size_t{1});
        QCOMPARE(told.front().id, std::string("learning_rate_too_high"));
        QVERIFY(told.front().holds());
        QCOMPARE(requestOf<GoBack>(told.front())->step, std::int64_t{116});
        QVERIFY(std::abs(requestOf<SetLearningRate>(told.front())->learningRate - 1e-3) < 1e-9);
        until(260, 320, 0.005, 0.8, 1e-3);
        QVERIFY(!monitor.state()->alarms.front().holds());
    }

    /// No rate is blamed for what no step of unusual size explains.
    void ACollapseWithoutACauseIsToldAsOne() {
        Experiment settings;
        settings.miner = {"all", {}};
        const auto alarms = raisedBy([](Vitals& vitals) { vitals.spread = 0.01; }, settings);
        QVERIFY(alarms.front().advice.find("No cause stands out") != std::string::npos);
        QVERIFY(requestOf<SetMiner>(alarms.front()) && !requestOf<SetLearningRate>(alarms.front()));
    }

    void ALossAtItsRestTellsACollapseOfRowsThatAreNotNormalised() {
        Experiment settings;
        settings.normalizeEmbeddings = false;
        settings.loss = {"triplet_squared", {{"margin", 0.5}}};
        const auto alarms = raisedBy(
            [](Vitals& vitals) {
                vitals.loss = 0.5;
                vitals.activeFraction = 1;
                vitals.scale = 0.05;
            },
            settings);
        QVERIFY(find(alarms, "total_collapse"));
        QVERIFY(alarms.front().sentence.find("sits at 0.5") != std::string::npos);
    }

    void AnAlarmIsOverWhenItsCauseIsGone() {
        HealthMonitor monitor(subject());
        std::vector<Alarm> changes;
        for (int step = 0; step <= 200; ++step) {
            Vitals vitals = healthy(step);
            if (step >= 100 && step < 150) vitals.spread = 0.01;
            const auto now = monitor.observe(vitals, {});
            changes.insert(changes.end(), now.begin(), now.end());
        }
        QCOMPARE(changes.size(), std::size_t{2});
        QVERIFY(changes[0].holds() && !changes[1].holds());
        QVERIFY(changes[1].overAtStep >= 150 && changes[1].overAtStep < 165);
        QCOMPARE(monitor.state()->alarms.size(), std::size_t{1});
    }

    /// In the middle of a collapse: what is told before and after is told once.
    void ALoadedMonitorGoesOnAsTheStraightOne() {
        const auto vitalsAt = [](int step) {
            Vitals vitals = healthy(step);
            if (step >= 100 && step < 250) vitals.spread = 0.01;
            return vitals;
        };
        for (const int cut : {50, 104, 180}) {
            HealthMonitor straight(subject()), first(subject()), second(subject());
            std::vector<std::string> expected, found;
            std::vector<TypedTensor> saved;
            for (int step = 0; step <= 300; ++step) {
                for (const Alarm& alarm : straight.observe(vitalsAt(step), {}))
                    expected.push_back(std::to_string(step) + alarm.sentence);
                HealthMonitor& monitor = step <= cut ? first : second;
                for (const Alarm& alarm : monitor.observe(vitalsAt(step), {}))
                    found.push_back(std::to_string(step) + alarm.sentence);
                if (step != cut) continue;
                first.save(StateWriter(saved));
                second.load(StateReader(saved));
            }
            QCOMPARE(expected.size(), std::size_t{2});
            QVERIFY(expected == found);
        }
    }

    void AStateOfAnotherSizeIsRefused() {
        HealthMonitor monitor(subject());
        std::vector<TypedTensor> saved;
        const StateWriter writer(saved);
        writer.numbers("reports", std::vector<double>(7));
        writer.numbers("watches", std::vector<double>(2));
        writer.numbers("course", std::vector<double>(3));
        QVERIFY_EXCEPTION_THROWN(monitor.load(StateReader(saved)), std::runtime_error);
    }

    void DivergenceIsToldAndOverOnceItIsPassed() {
        HealthMonitor monitor(subject());
        for (int step = 0; step <= 40; ++step) monitor.observe(healthy(step), {});
        monitor.endAll(57);
        const Alarm told = monitor.tellDiverged(57, "The loss is no number.", {});
        QVERIFY(told.holds() && requestOf<SetLearningRate>(told) && requestOf<SetPaused>(told));
        for (int step = 41; step <= 57; ++step) QVERIFY(monitor.observe(healthy(step), {}).empty());
        const auto changes = monitor.observe(healthy(58), {});
        QCOMPARE(changes.size(), std::size_t{1});
        QVERIFY(!changes.front().holds());
    }

    void SamplesComeWithTheirAlarm() {
        HealthMonitor monitor(subject());
        monitor.setSamples("near_duplicates", std::vector<std::int32_t>(kMostAlarmSamples + 10, 3));
        Vitals vitals = healthy(0);
        vitals.duplicates = 100;
        monitor.observe(vitals, {});
        QCOMPARE(monitor.state()->alarms.front().samples.size(), kMostAlarmSamples);
        monitor.setSamples("near_duplicates", {4, 5});
        QCOMPARE(monitor.state()->alarms.front().samples, (std::vector<std::int32_t>{4, 5}));
    }
};

QTEST_GUILESS_MAIN(HealthMonitorTest)
#include "health_monitor_test.moc"
