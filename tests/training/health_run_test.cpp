// Runs that fail in engineered ways, each of which must be told with its cause, and runs that go well.
#include "engine/learning.h"
#include "engine/machine.h"
#include "tests/support/health_runs.h"
#include "tests/support/synthetic_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

using namespace embedscope;
using namespace embedscope::test;

namespace {

std::vector<Alarm> alarmsOf(const Experiment& experiment, std::shared_ptr<const DataSet> data) {
    RunWatch watch(startTrainingRun, experiment, std::move(data));
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    if (watch.latest()->phase != RunPhase::Finished) qFatal("%s", watch.latest()->message.c_str());
    const auto health = watch.run().health();
    return health ? health->alarms : std::vector<Alarm>{};
}

bool asks(const Alarm& alarm, const std::string& words) {
    return alarm.advice.find(words) != std::string::npos || alarm.sentence.find(words) != std::string::npos;
}

/// Some labels of the training part exchanged for others, at random.
std::shared_ptr<const DataSet> shuffledLabels(const DataSet& data, double share) {
    auto shuffled = std::make_shared<DataSet>(data);
    std::mt19937 generator(3);
    const auto classes = static_cast<unsigned>(data.classNames.size());
    for (Sample& each : shuffled->samples)
        if (each.split == Split::Train && generator() % 1000 < 1000 * share)
            each.label = static_cast<std::int32_t>((each.label + 1 + generator() % (classes - 1)) % classes);
    return shuffled;
}

/// Every held-out image stands among the training images as well.
std::shared_ptr<const DataSet> duplicated(const DataSet& data) {
    auto doubled = std::make_shared<DataSet>(data);
    const auto kept = data.pixels.view();
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(kept.begin(), kept.end());
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (data.samples[i].split != Split::HoldOut) continue;
        Sample copy = data.samples[i];
        copy.path += ".copy";
        copy.split = Split::Train;
        doubled->samples.push_back(copy);
        const auto image = data.image(i);
        pixels->insert(pixels->end(), image.begin(), image.end());
    }
    doubled->folderSplit.clear();
    doubled->pixels = std::move(pixels);
    return doubled;
}

/// Nearly all images of one class.
std::shared_ptr<const DataSet> oneSided() {
    const auto all = syntheticData({.classes = 2, .perClass = 300});
    auto few = std::make_shared<DataSet>(*all);
    for (std::size_t i = 304; i < few->size(); ++i) few->samples[i].label = 0;
    return few;
}

std::unique_ptr<Run> startRunThatGoesBack(RunStart start) {
    start.goesBackWhenDiverged = true;
    return startTrainingRun(std::move(start));
}

Experiment wildExperiment() {
    Experiment wild = smallExperiment();
    wild.learningRate = 1000;
    wild.optimizer = {"sgd", {}};
    wild.loss = {"triplet_squared", {}};
    wild.normalizeEmbeddings = false;
    wild.epochs = 100'000;
    return wild;
}

}  // namespace

class HealthRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void HealthyRunsRaiseNothing_data() {
        QTest::addColumn<QString>("loss");
        QTest::addColumn<int>("seed");
        for (const char* loss : {"triplet_margin", "contrastive_squared", "multi_similarity", "nt_xent", "proxy_nca"})
            for (const int seed : {1, 2}) QTest::addRow("%s, seed %d", loss, seed) << loss << seed;
    }
    void HealthyRunsRaiseNothing() {
        QFETCH(QString, loss);
        QFETCH(int, seed);
        const auto data = sample(static_cast<std::uint64_t>(seed));
        Experiment experiment = shortExperiment(*data);
        experiment.loss = {loss.toStdString(), {}};
        if (loss == "proxy_nca") experiment.miner = {"all", {}};
        experiment.seed = static_cast<std::uint64_t>(seed);
        const auto alarms = alarmsOf(experiment, data);
        QVERIFY2(alarms.empty(), listOf(alarms).c_str());
    }

    void ARateAHundredTimesTooHighIsNamed() {
        const auto data = sample();
        Experiment experiment = shortExperiment(*data);
        experiment.learningRate *= 100;
        const auto alarms = alarmsOf(experiment, data);
        const Alarm* alarm = find(alarms, "learning_rate_too_high");
        QVERIFY2(alarm && alarm->sinceStep <= kSoon, listOf(alarms).c_str());
        if (const Alarm* collapse = find(alarms, "total_collapse")) QVERIFY(asks(*collapse, "lower the learning rate"));
    }

    void BatchHardFromAColdStartCollapsesAndSemiHardIsAdvised() {
        const auto data = sample();
        const auto alarms = alarmsOf(coldBatchHard(*data), data);
        const Alarm* alarm = find(alarms, "total_collapse");
        QVERIFY2(alarm && alarm->sinceStep <= kSoon, listOf(alarms).c_str());
        QVERIFY2(asks(*alarm, "semi-hard") && asks(*alarm, "not normalised"), listOf(alarms).c_str());
    }

    void SimSiamWithoutItsStoppedGradientCollapses() {
        const auto data = sample();
        Experiment experiment = suitedTo(Learning::SelfSupervised, shortExperiment(*data));
        experiment.sampler = {"shuffle", {{"batch_size", 40}}};
        experiment.viewLoss = {"simsiam", {{"target", 1}}};
        experiment.head = {"none", {}};
        experiment.learningRate = 3e-3;
        const auto alarms = alarmsOf(experiment, data);
        const Alarm* alarm = find(alarms, "total_collapse");
        QVERIFY2(alarm && alarm->sinceStep <= kSoon, listOf(alarms).c_str());
        QVERIFY2(asks(*alarm, "held still"), listOf(alarms).c_str());
    }

    void BatchesOfOneClassAreNamed() {
        const auto data = oneSided();
        Experiment experiment = smallExperiment();
        experiment.sampler = {"shuffle", {{"batch_size", 16}}};
        experiment.epochs = 4;
        const auto alarms = alarmsOf(experiment, data);
        const Alarm* alarm = find(alarms, "no_valid_pairs");
        QVERIFY2(alarm && alarm->sinceStep <= kSoon, listOf(alarms).c_str());
        QVERIFY(!find(alarms, "nothing_active"));
    }

    void ShuffledLabelsAreDoubted() {
        const auto data = sample();
        const auto shuffled = shuffledLabels(*data, 0.3);
        const auto alarms = alarmsOf(shortExperiment(*data), shuffled);
        const Alarm* alarm = find(alarms, "doubted_labels");
        QVERIFY2(alarm && alarm->sinceStep <= kSoon, listOf(alarms).c_str());
        const auto wrong = std::ranges::count_if(alarm->samples, [&](std::int32_t each) {
            return shuffled->samples[each].label != data->samples[each].label;
        });
        QVERIFY2(wrong > 0.7 * static_cast<double>(alarm->samples.size()), std::to_string(wrong).c_str());
    }

    void DuplicatesAcrossTheHoldOutAreNamed() {
        const auto data = duplicated(*sample());
        Experiment experiment = shortExperiment(*data);
        experiment.epochs = 1;
        const auto alarms = alarmsOf(experiment, data);
        const Alarm* alarm = find(alarms, "near_duplicates");
        QVERIFY2(alarm && alarm->sinceStep <= 2, listOf(alarms).c_str());
        QVERIFY(!alarm->samples.empty());
    }

    void AlarmsAreWrittenIntoTheLog() {
        const auto data = duplicated(*syntheticData());
        RunWatch watch(startTrainingRun, smallExperiment(), data);
        QVERIFY(watch.waitForEnd());
        const auto record = watch.record();
        const auto told = std::ranges::find(record.events, "alarm", &RunRecord::Event::kind);
        QVERIFY(told != record.events.end());
        QVERIFY(told->json.find("near_duplicates") != std::string::npos);
        QVERIFY(told->json.find("\"since\"") != std::string::npos);
    }

    void ADivergedRunGoesBackAndWaitsAndTheCureLetsItGoOn() {
        RunWatch watch(startRunThatGoesBack, wildExperiment(), syntheticData());
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return isPaused(now) || now.ended(); }));
        QVERIFY(isPaused(*watch.latest()));
        const auto bank = watch.latest()->bank;
        QVERIFY(std::ranges::all_of(bank->embeddings, [](float value) { return std::isfinite(value); }));
        const Alarm alarm = watch.run().health()->alarms.back();
        QCOMPARE(alarm.id, std::string("diverged"));
        QVERIFY(alarm.sinceStep > watch.latest()->step && alarm.cure);

        for (const Request& request : alarm.cure->requests) watch.run().post(request);
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.settings.learningRate < 1000; }));
        // A tenth of a rate that is a million times too high diverges as well: lower it by hand.
        QVERIFY(watch.sendLearningRate(1e-4));
        watch.run().post(GoBack{0});
        watch.run().post(SetPaused{false});
        QVERIFY(watch.waitFor([&](const Snapshot& now) { return now.step > alarm.sinceStep + 20; }));
        QVERIFY(!watch.run().health()->alarms.front().holds());
        const auto record = watch.record();
        QVERIFY(std::ranges::find(record.events, "went_back", &RunRecord::Event::kind) != record.events.end());
    }

    void WithoutLeaveADivergedRunFails() {
        RunWatch watch(startTrainingRun, wildExperiment(), syntheticData());
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Failed);
    }

    void GoingBackRestoresTheStateAndKeepsTheSettings() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 100'000;
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitFor(isPaused));
        const auto beginning = watch.latest();
        QCOMPARE(beginning->step, std::int64_t{0});
        watch.run().post(SetPaused{false});
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.step > 20; }));
        watch.run().post(SetPaused{true});
        QVERIFY(watch.waitFor(isPaused));
        watch.run().post(GoBack{0});
        QVERIFY(watch.sendLearningRate(0.002));
        const auto back = watch.latest();
        QCOMPARE(back->step, std::int64_t{0});
        QCOMPARE(back->history->size(), beginning->history->size());
        QVERIFY(back->bank->embeddings == beginning->bank->embeddings);
        QCOMPARE(back->settings.learningRate, 0.002);
    }

    void MeasuringOnDemandEndsNoEpoch() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 100'000;
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitFor(isPaused));
        QVERIFY(stepTo(watch, 10));
        const auto course = [&watch] {
            const auto checkpoint = watch.run().checkpoints().back();
            return StateReader(checkpoint->state).part("health").numbers<double>("course");
        };
        const double epochEnds = course().back();
        const std::size_t rows = watch.latest()->history->size();
        for (std::size_t i = 1; i <= 3; ++i) {
            watch.run().post(MeasureNow{});
            QVERIFY(watch.waitFor([&](const Snapshot& now) { return now.history->size() == rows + i; }));
        }
        QVERIFY(stepTo(watch, 11));
        QCOMPARE(epochEnds, 1.0);
        QCOMPARE(course().back(), 1.0);
    }

    /// What the proxies and the optimiser have learned since is gone with the rest.
    void GoingBackBehindAChangeOfTheLossIsAFork() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 100'000;
        experiment.miner = {"all", {}};
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitFor(isPaused));
        QVERIFY(stepTo(watch, 8));
        const auto checkpoint = watch.run().checkpoints().back();
        QCOMPARE(checkpoint->step, std::int64_t{8});
        QVERIFY(stepTo(watch, 9));
        watch.run().post(SetLoss{{"proxy_nca", {}}});
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.settings.loss.id == "proxy_nca"; }));
        QVERIFY(stepTo(watch, 14));
        watch.run().post(GoBack{8});
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.step == 8; }));
        QVERIFY(stepTo(watch, 12));

        experiment.loss = {"proxy_nca", {}};
        RunWatch fork(startTrainingRun, experiment, syntheticData(), "", nullptr, 0, checkpoint);
        fork.run().post(SetPaused{true});
        QVERIFY(fork.release().waitFor(isPaused));
        QVERIFY(stepTo(fork, 12));
        QVERIFY(watch.latest()->proxies->rows == fork.latest()->proxies->rows);
        QVERIFY(watch.latest()->bank->embeddings == fork.latest()->bank->embeddings);
    }

    /// The same steps again, to the bit, but for the clock.
    void StepsAfterGoingBackAreThoseOfTheFirstTime() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 100'000;
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitFor(isPaused));
        QVERIFY(stepTo(watch, 12));
        const auto first = watch.latest()->bank->embeddings;
        watch.run().post(GoBack{8});
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.step == 8; }));
        QVERIFY(stepTo(watch, 12));
        QVERIFY(watch.latest()->bank->embeddings == first);
    }
};

QTEST_GUILESS_MAIN(HealthRunTest)
#include "health_run_test.moc"
