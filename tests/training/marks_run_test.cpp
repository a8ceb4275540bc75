// Marks in whole runs: what they move, what they heal, and that they last.

#include "engine/learning.h"
#include "engine/machine.h"
#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/tuple_losses.h"
#include "tests/support/run_watch.h"
#include "tests/support/same_record.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Kept = std::shared_ptr<const DataSet>;

/// 32 training and 8 held-out images of each of four classes.
Kept data() {
    static const Kept kData = syntheticData({.classes = 4, .perClass = 40, .heldOutEvery = 5});
    return kData;
}

std::vector<std::int32_t> trainingImagesOf(const DataSet& data, std::int32_t label, std::size_t count) {
    std::vector<std::int32_t> found;
    for (std::size_t i = 0; i < data.size() && found.size() < count; ++i)
        if (data.samples[i].label == label && data.samples[i].split == Split::Train)
            found.push_back(static_cast<std::int32_t>(i));
    return found;
}

struct Ended {
    RunRecord record;
    BankFrame bank;
};

/// Starts runs that are marked from the beginning.
RunFactory startMarked(const Marks& marks) {
    return [marks](RunStart start) {
        start.marks = std::make_shared<const Marks>(marks);
        return startTrainingRun(std::move(start));
    };
}

Ended trained(const Experiment& experiment, Kept on, const Marks& marks) {
    RunWatch watch(startMarked(marks), experiment, std::move(on));
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    if (watch.latest()->phase != RunPhase::Finished) qFatal("%s", watch.latest()->message.c_str());
    return {watch.record(), *watch.latest()->bank};
}

double meanDistance(const BankFrame& bank, const std::vector<std::int32_t>& first,
                    const std::vector<std::int32_t>& second) {
    const auto row = [&](std::int32_t sample) {
        const auto place = std::ranges::find(*bank.samples, sample);
        if (place == bank.samples->end()) qFatal("not tracked");
        return bank.row(static_cast<std::size_t>(place - bank.samples->begin()));
    };
    double sum = 0;
    for (const std::int32_t a : first)
        for (const std::int32_t b : second) {
            double squares = 0;
            for (std::size_t k = 0; k < row(a).size(); ++k) squares += std::pow(row(a)[k] - row(b)[k], 2);
            sum += std::sqrt(squares);
        }
    return sum / static_cast<double>(first.size() * second.size());
}

double recallOf(const Ended& run) {
    return run.record.rows.back().recallAt1;
}

Experiment experimentOf(int epochs, std::uint64_t seed = 1) {
    Experiment experiment = smallExperiment();
    experiment.epochs = epochs;
    experiment.seed = seed;
    experiment.trackedSamples = 1000;
    return experiment;
}

/// The same pictures, but the training part calls two kinds of stripes by one name.
Kept oneNameForTwo() {
    auto wrong = std::make_shared<DataSet>(*data());
    for (Sample& sample : wrong->samples)
        if (sample.split == Split::Train && sample.label == 2) sample.label = 0;
    return wrong;
}

/// A quarter of one class bears the name of another.
Kept misnamed(std::vector<std::int32_t>& samples) {
    auto wrong = std::make_shared<DataSet>(*data());
    samples = trainingImagesOf(*data(), 0, 12);
    for (const std::int32_t sample : samples) wrong->samples[static_cast<std::size_t>(sample)].label = 1;
    return wrong;
}

}  // namespace

class MarksRunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void MarkedPairsMoveWithoutAnyLabel() {
        Experiment experiment = suitedTo(Learning::SelfSupervised, experimentOf(6));
        experiment.trackedSamples = 1000;
        const auto a = trainingImagesOf(*data(), 0, 4), b = trainingImagesOf(*data(), 1, 4),
                   c = trainingImagesOf(*data(), 2, 4);
        const Marks marks{{{MarkKind::Similar, a, b}, {MarkKind::Dissimilar, a, c}}};
        const Ended plain = trained(experiment, data(), {}), marked = trained(experiment, data(), marks);
        const double nearBefore = meanDistance(plain.bank, a, b), near = meanDistance(marked.bank, a, b);
        const double farBefore = meanDistance(plain.bank, a, c), far = meanDistance(marked.bank, a, c);
        qInfo("similar %.3f without and %.3f with marks, dissimilar %.3f and %.3f", nearBefore, near, farBefore, far);
        QVERIFY(near < 0.6 * nearBefore);
        QVERIFY(far > 0.9);
    }

    /// One mark of ten images, of 128, where two classes bear one name.
    void AHandfulOfMarksPartsWhatOneLabelJoins() {
        const Kept wrong = oneNameForTwo();
        const auto a = trainingImagesOf(*data(), 0, 5), b = trainingImagesOf(*data(), 2, 5);
        const Marks marks{{{MarkKind::Dissimilar, a, b}}};
        double plain = 0, marked = 0, near = 0, far = 0;
        for (const std::uint64_t seed : {1, 2, 3}) {
            const Ended without = trained(experimentOf(8, seed), wrong, {});
            const Ended with = trained(experimentOf(8, seed), wrong, marks);
            plain += recallOf(without) / 3;
            marked += recallOf(with) / 3;
            near += meanDistance(without.bank, a, b) / 3;
            far += meanDistance(with.bank, a, b) / 3;
        }
        qInfo("hold-out Recall@1 %.3f without and %.3f with the mark; distance of the marked %.3f and %.3f", plain,
              marked, near, far);
        QVERIFY(far > 2 * near);
        QVERIFY(marked > plain + 0.03);
    }

    /// One mark of twelve images that are called by the name of another class.
    void LabelsGivenByHandHealTheHoldOut() {
        std::vector<std::int32_t> samples;
        const Kept wrong = misnamed(samples);
        const Marks right{{{MarkKind::Label, samples, {}, 0}}}, unknown{{{MarkKind::Label, samples}}},
            ignored{{{MarkKind::Ignored, samples}}};
        double recalls[4] = {};
        for (const std::uint64_t seed : {1, 2, 3}) {
            int place = 0;
            for (const Marks& marks : {Marks{}, right, unknown, ignored})
                recalls[place++] += recallOf(trained(experimentOf(8, seed), wrong, marks)) / 3;
        }
        qInfo("hold-out Recall@1 %.3f as they are, %.3f relabelled, %.3f without their labels, %.3f ignored",
              recalls[0], recalls[1], recalls[2], recalls[3]);
        QVERIFY(recalls[1] > recalls[0] + 0.02);
        QVERIFY(recalls[2] > recalls[0] && recalls[3] > recalls[0]);
    }

    void ALiveRunTakesMarksAtTheNextBatch() {
        RunWatch watch(startTrainingRun, experimentOf(3), data());
        watch.run().post(StepOnce{});
        QVERIFY(watch.release().waitFor(
            [](const Snapshot& now) { return now.phase == RunPhase::Paused && now.step == 1; }));
        const auto marks = std::make_shared<const Marks>(
            Marks{{{MarkKind::Similar, {1, 41}, {}}, {MarkKind::Ignored, {2}}, {MarkKind::Label, {3}, {}, 2}}});
        watch.run().post(SetMarks{marks});
        QVERIFY(watch.waitFor([&](const Snapshot&) { return watch.run().marks() && *watch.run().marks() == *marks; }));
        watch.run().post(SetMarks{std::make_shared<const Marks>(Marks{{{MarkKind::Similar, {9999}, {}}}})});
        QVERIFY(
            watch.waitFor([](const Snapshot& now) { return now.message.find("not in the data") != now.message.npos; }));
        QVERIFY(*watch.run().marks() == *marks);
        watch.run().post(SetPaused{false});
        QVERIFY(watch.waitForEnd());
        const auto events = watch.record().events;
        const auto logged = std::ranges::find(events, "marks", &RunRecord::Event::kind);
        QVERIFY(logged != events.end() && logged->step == 1);
        QVERIFY(logged->json.find("\"ignored\"") != std::string::npos);
    }

    void ARunWithMarksGoesOnToTheSameBytes() {
        const Marks marks{{{MarkKind::Similar, {1, 41}, {}},
                           {MarkKind::Dissimilar, {2, 3}, {6, 7}, kUnlabelled, 0.5},
                           {MarkKind::Label, {8}, {}, 3},
                           {MarkKind::Ignored, {9, 11}}}};
        const Ended straight = trained(experimentOf(2), data(), marks);
        std::shared_ptr<const Checkpoint> from;
        {
            RunWatch watch(startMarked(marks), experimentOf(2), data());
            watch.run().post(StepOnce{});
            watch.run().post(StepOnce{});
            QVERIFY(watch.release().waitFor(
                [](const Snapshot& now) { return now.phase == RunPhase::Paused && now.step == 2; }));
            from = watch.run().checkpoints().back();
        }
        RunWatch resumed(startTrainingRun, experimentOf(2), data(), "", nullptr, 0, from);
        QVERIFY(resumed.waitForEnd());
        QVERIFY(resumed.run().marks() && *resumed.run().marks() == marks);
        QVERIFY(resumed.record().epochs.back().embeddings == straight.bank.embeddings);
    }

    /// Of a run that is not going on there is no such weight to ask.
    void TripletsAreNotJudgedByALossWithWeights() {
        Experiment settings;
        settings.addedLosses = {{{"proxy_nca", {}}, 0.5}};
        BankFrame bank;
        bank.dimension = 4;
        DataSet data;
        data.classNames = {"a", "b"};
        std::vector<MinedTuple> none;
        QVERIFY(judgeTuples(settings, bank, data, none).find("weights of its own") != std::string::npos);
    }

    void MinedTuplesComeOnlyWhenSomebodyLooks() {
        Experiment experiment = experimentOf(60);
        experiment.miner = {"all", {}};
        RunWatch watch(startTrainingRun, experiment, data());
        QVERIFY(watch.release().waitFor([](const Snapshot& now) { return now.step > 20; }));
        QVERIFY(!watch.run().minedTuples());
        watch.run().post(WatchMining{true});
        QVERIFY(watch.waitFor([&](const Snapshot&) { return watch.run().minedTuples() != nullptr; }));
        const auto mined = watch.run().minedTuples();
        QVERIFY(!mined->tuples.empty() && mined->step > 20);
        watch.run().requestStop();
        QVERIFY(watch.waitForEnd());
        const auto events = watch.record().events;
        QVERIFY(std::ranges::none_of(events, [](const auto& event) { return event.kind.find("min") == 0; }));
    }
};

QTEST_GUILESS_MAIN(MarksRunTest)
#include "marks_run_test.moc"
