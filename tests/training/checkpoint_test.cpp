// A run that goes on from a checkpoint, against the one that never stopped: every row of every table.

#include "engine/learning.h"
#include "engine/machine.h"
#include "engine/training/checkpoint_history.h"
#include "tests/support/same_record.h"
#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr std::int64_t kStepsPerEpoch = 4;

Experiment smallExperiment() {
    Experiment experiment;
    experiment.name = "checkpoint";
    experiment.encoder = {"small_cnn", {{"width", 8}}};
    experiment.embeddingDimension = 8;
    experiment.sampler = {"p_by_k", {{"batch_size", 16}}};
    experiment.epochs = 3;
    experiment.threads = 1;
    experiment.trackedSamples = 40;
    experiment.refreshShare = 0.3;
    return experiment;
}

/// Two superclasses of two classes each.
std::shared_ptr<const DataSet> data() {
    static const std::shared_ptr<const DataSet> kData = [] {
        auto stripes = std::make_shared<DataSet>(*syntheticData({.classes = 4, .perClass = 20, .heldOutEvery = 5}));
        stripes->classNames = {"narrow across", "narrow along", "wide across", "wide along"};
        return stripes;
    }();
    return kData;
}

using Checkpointed = std::shared_ptr<const Checkpoint>;

RunRecord recordOf(const Experiment& experiment, const Checkpointed& from = nullptr) {
    RunWatch watch(startTrainingRun, experiment, data(), "", nullptr, 0, from);
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    if (watch.latest()->phase != RunPhase::Finished) qFatal("%s", watch.latest()->message.c_str());
    return watch.record();
}

/// Of a run that is stopped after so many steps, as the user does it: paused, then left.
Checkpointed checkpointAt(const Experiment& experiment, std::int64_t step, const std::vector<Request>& then = {}) {
    RunWatch watch(startTrainingRun, experiment, data());
    for (std::int64_t i = 0; i < step; ++i) watch.run().post(StepOnce{});
    if (step == 0) watch.run().post(SetPaused{true});
    const bool there = watch.release().waitFor(
        [&](const Snapshot& now) { return now.ended() || (now.phase == RunPhase::Paused && now.step == step); });
    if (!there || watch.latest()->ended()) qFatal("%s", watch.latest()->message.c_str());
    for (const Request& request : then) watch.run().post(request);
    const auto changed = [&](const Snapshot& now) { return then.empty() || !(now.settings == experiment); };
    if (!watch.waitFor(changed)) qFatal("The change was not taken.");
    // The checkpoint of a pause is kept before it is told.
    if (!watch.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Paused; })) qFatal("No pause.");
    return watch.run().checkpoints().back();
}

/// What the straight run recorded after the step.
RunRecord after(RunRecord record, std::int64_t step) {
    std::erase_if(record.rows, [step](const MetricsRow& row) { return row.step <= step; });
    std::erase_if(record.epochs, [step](const BankFrame& bank) { return bank.step <= step; });
    return record;
}

Experiment withLoss(const Choice& loss) {
    Experiment experiment = smallExperiment();
    experiment.loss = loss;
    experiment.miner = {"all", {}};
    return experiment;
}

Experiment selfSupervised(const Choice& viewLoss) {
    Experiment experiment = suitedTo(Learning::SelfSupervised, smallExperiment());
    experiment.viewLoss = viewLoss;
    experiment.head = {"mlp", {}};
    return experiment;
}

Experiment semiSupervised() {
    Experiment experiment = suitedTo(Learning::SemiSupervised, smallExperiment());
    experiment.labelledShare = 0.4;
    experiment.viewLoss = {"byol", {{"momentum", 0.9}}};
    experiment.pseudoLabels = {"nearest", {{"first_epoch", 1}, {"agreement", 0.5}, {"neighbours", 3}}};
    return experiment;
}

}  // namespace

class CheckpointTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path pairsFile() const {
        const std::filesystem::path file = folder_.filePath("pairs.csv").toStdString();
        std::ofstream text(file);
        text << "first,second,y\n";
        for (int i = 0; i < 40; ++i)
            text << i % 4 << '/' << 1 + i / 5 * 2 << ".png," << i % 3 << '/' << 2 + i / 5 * 2 << ".png,"
                 << (i % 4 == i % 3 ? 0 : 1) << '\n';
        return file;
    }

    void addTables() {
        const auto add = [](const std::string& name, const Experiment& experiment) {
            QTest::newRow(name.c_str()) << experiment;
        };
        for (const CatalogEntry& row : lossCatalog()) add("loss " + row.id, withLoss({row.id, {}}));
        for (const CatalogEntry& row : viewLossCatalog()) add("view loss " + row.id, selfSupervised({row.id, {}}));
        for (const CatalogEntry& row : minerCatalog()) {
            Experiment experiment = smallExperiment();
            experiment.miner = {row.id, {}};
            if (!overlaps(row.grouping, Grouping::Triplets)) experiment.loss = {"contrastive_squared", {}};
            add("miner " + row.id, experiment);
        }
        for (const CatalogEntry& row : memoryCatalog()) {
            Experiment experiment = smallExperiment();
            experiment.memory = {row.id, {}};
            if (row.id != "none") experiment.memory.parameters = {{"size", 40}, {"start", 1}};
            add("memory " + row.id, experiment);
        }
        for (const CatalogEntry& row : samplerCatalog()) {
            Experiment experiment = smallExperiment();
            experiment.sampler = {row.id, {{"batch_size", 16}}};
            if (row.id == "hard_negatives") experiment.sampler.parameters["refresh_every"] = 3;
            if (row.id == "hierarchical") experiment.sampler.parameters["superclass"] = 1;
            if (row.id == "pairs") {
                experiment.pairsFile = pairsFile();
                experiment.miner = {"all", {}};
                experiment.loss = {"contrastive_squared", {}};
            }
            add("sampler " + row.id, experiment);
        }
        for (const CatalogEntry& row : optimizerCatalog()) {
            Experiment experiment = withLoss({"proxy_anchor", {}});
            experiment.optimizer = {row.id, {{"weight_decay", 0.01}}};
            add("optimizer " + row.id, experiment);
        }
        for (const CatalogEntry& row : scheduleCatalog()) {
            Experiment experiment = smallExperiment();
            experiment.schedule = {row.id, {}};
            add("schedule " + row.id, experiment);
        }
        for (const CatalogEntry& row : augmentationCatalog()) {
            Experiment experiment = smallExperiment();
            experiment.augmentation = {row.id, {}};
            add("augmentation " + row.id, experiment);
        }
        add("semi-supervised", semiSupervised());
        Experiment several = withLoss({"margin_loss", {}});
        several.addedLosses = {{{"soft_triple", {}}, 0.5}, {{"supcon", {}}, 1}};
        several.weightAverage = 0.9;
        several.gradientClip = 0.5;
        add("added losses, average, clipping", several);
        Experiment half = smallExperiment();
        half.precision = Precision::BFloat16;
        half.normalizeEmbeddings = false;
        add("bfloat16", half);
    }

private Q_SLOTS:
    void initTestCase() {
        prepareProcess();
        QVERIFY(folder_.isValid());
    }

    void ResumedEqualsStraight_data() {
        QTest::addColumn<Experiment>("experiment");
        addTables();
    }
    void ResumedEqualsStraight() {
        QFETCH(Experiment, experiment);
        for (const std::string& problem : problems(experiment)) QFAIL(problem.c_str());
        const RunRecord straight = recordOf(experiment);
        // Within an epoch: decks half dealt, a queue half full, an index in the making.
        const std::int64_t stop = straight.epochs.at(1).step + 2;
        const Checkpointed from = checkpointAt(experiment, stop);
        QCOMPARE(from->step, stop);
        const RunRecord resumed = recordOf(from->settings, from);
        QVERIFY(!resumed.rows.empty());
        QVERIFY(sameRecord(resumed, after(straight, stop)));
        QVERIFY(sameWeights(resumed.weights.back(), straight.weights.back()));
    }

    void EveryEpochEndCanBeResumed() {
        const Experiment experiment = semiSupervised();
        RunWatch watch(startTrainingRun, experiment, data());
        QVERIFY(watch.waitForEnd());
        const std::vector<Checkpointed> all = watch.run().checkpoints();
        QCOMPARE(all.size(), 4U);
        for (const Checkpointed& each : all) {
            QVERIFY(each->endsEpoch());
            const RunRecord resumed = recordOf(each->settings, each);
            QVERIFY(sameRecord(resumed, after(watch.record(), each->step)));
        }
    }

    void TheCurvesGoOn() {
        const Experiment experiment = smallExperiment();
        const Checkpointed from = checkpointAt(experiment, 5);
        RunWatch straight(startTrainingRun, experiment, data());
        RunWatch resumed(startTrainingRun, experiment, data(), "", nullptr, 0, from);
        QVERIFY(straight.waitForEnd() && resumed.waitForEnd());
        QVERIFY(std::ranges::equal(*straight.latest()->history, *resumed.latest()->history, sameRow));
        QVERIFY(resumed.latest()->seconds >= from->seconds);
        const auto& measures = resumed.latest()->history->front().measures;
        QVERIFY(measures && *measures == *straight.latest()->history->front().measures);
    }

    void ForkEqualsALiveChange_data() {
        QTest::addColumn<Experiment>("experiment");
        QTest::addColumn<int>("change");
        QTest::newRow("loss") << smallExperiment() << 0;
        QTest::newRow("loss with weights") << withLoss({"proxy_nca", {}}) << 0;
        QTest::newRow("margin") << smallExperiment() << 1;
        QTest::newRow("miner") << smallExperiment() << 2;
        QTest::newRow("augmentation") << smallExperiment() << 3;
        QTest::newRow("learning rate") << smallExperiment() << 4;
    }
    void ForkEqualsALiveChange() {
        QFETCH(Experiment, experiment);
        QFETCH(int, change);
        const Request requests[] = {SetLoss{{"soft_triple", {}}}, SetLossParameter{"margin", 0.7},
                                    SetMiner{{"distance_weighted", {}}}, SetAugmentation{{"simclr_cifar", {}}},
                                    SetLearningRate{0.01}};
        if (change == 0) experiment.miner = {"all", {}};
        const Checkpointed before = checkpointAt(experiment, 5);
        const Checkpointed changed = checkpointAt(experiment, 5, {requests[change]});
        QVERIFY(!(changed->settings == before->settings));
        const RunRecord live = recordOf(changed->settings, changed);
        const RunRecord fork = recordOf(changed->settings, before);
        QVERIFY(sameRecord(live, fork));
        QVERIFY(sameWeights(live.weights.back(), fork.weights.back()));
        QVERIFY(!sameRecord(fork, recordOf(before->settings, before)));
    }

    void ParentIsLeftUntouchedByAFork() {
        const Checkpointed from = checkpointAt(withLoss({"proxy_nca", {}}), 4);
        const RunRecord straight = recordOf(from->settings, from);
        Experiment other = from->settings;
        other.loss = {"arcface", {}};
        recordOf(other, from);
        QVERIFY(sameRecord(straight, recordOf(from->settings, from)));
    }

    void MoreEpochsGoOn() {
        const Checkpointed last = checkpointAt(smallExperiment(), 3 * kStepsPerEpoch - 1);
        Experiment longer = last->settings;
        longer.epochs = 4;
        QCOMPARE(recordOf(longer, last).epochs.back().step, 4 * kStepsPerEpoch);
    }

    void UnfitSettingsAreRefused_data() {
        QTest::addColumn<Experiment>("experiment");
        QTest::addColumn<QString>("named");
        Experiment other = smallExperiment();
        other.embeddingDimension = 16;
        QTest::newRow("dimension") << other << "embedding dimension";
        other = smallExperiment();
        other.encoder.parameters["width"] = 16;
        QTest::newRow("encoder") << other << "encoder";
        other = smallExperiment();
        other.seed = 2;
        QTest::newRow("seed") << other << "seed";
        other = smallExperiment();
        other.sampler.parameters["batch_size"] = 8;
        QTest::newRow("batch size") << other << "batch size";
        other = smallExperiment();
        other.epochs = 1;
        QTest::newRow("epochs") << other << "train longer";
    }
    void UnfitSettingsAreRefused() {
        QFETCH(Experiment, experiment);
        QFETCH(QString, named);
        RunWatch watch(startTrainingRun, experiment, data(), "", nullptr, 0, checkpointAt(smallExperiment(), 5));
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Failed);
        QVERIFY2(QString::fromStdString(watch.latest()->message).contains(named), watch.latest()->message.c_str());
    }

    void OtherImagesAreRefused() {
        auto other = std::make_shared<DataSet>(*data());
        other->fingerprint = "0ther";
        RunWatch watch(startTrainingRun, smallExperiment(), other, "", nullptr, 0, checkpointAt(smallExperiment(), 5));
        QVERIFY(watch.waitForEnd());
        QCOMPARE(watch.latest()->phase, RunPhase::Failed);
        QVERIFY(watch.latest()->message.find("stripes") != std::string::npos);
    }

    /// Whatever tensor is missing, misshapen or full of nonsense: a sentence or a run, never a crash.
    void DamagedStateIsASentence() {
        const Checkpointed whole = checkpointAt(semiSupervised(), 9);
        int refused = 0;
        for (std::size_t i = 0; i < whole->state.size(); ++i) {
            auto damaged = std::make_shared<Checkpoint>(*whole);
            if (i % 3 == 0)
                damaged->state.erase(damaged->state.begin() + static_cast<std::ptrdiff_t>(i));
            else if (i % 3 == 1)
                damaged->state[i].bytes.resize(damaged->state[i].bytes.size() / 2);
            else
                damaged->state[i].type = ElementType::UInt8;
            RunWatch watch(startTrainingRun, whole->settings, data(), "", nullptr, 0, damaged);
            QVERIFY(watch.waitForEnd());
            if (watch.latest()->phase != RunPhase::Failed) continue;
            ++refused;
            QVERIFY2(watch.latest()->message.find("checkpoint") != std::string::npos, watch.latest()->message.c_str());
        }
        QVERIFY(refused > static_cast<int>(whole->state.size()) / 2);
    }

    void HistoryKeepsItsBoundAndTheNewest() {
        const auto at = [](std::int64_t step, std::size_t bytes) {
            auto checkpoint = std::make_shared<Checkpoint>();
            checkpoint->step = step;
            checkpoint->stepsPerEpoch = 2;
            checkpoint->state.push_back({"x", ElementType::UInt8, {}, std::vector<std::byte>(bytes)});
            return checkpoint;
        };
        CheckpointHistory history(100'000);
        for (std::int64_t epoch = 0; epoch <= 101; ++epoch) {
            history.add(at(2 * epoch, 9'000));
            const auto all = history.all();
            QCOMPARE(all.back()->step, 2 * epoch);
            QCOMPARE(all.front()->step, 0);
            std::size_t bytes = 0;
            for (const auto& each : all) bytes += each->bytes();
            QVERIFY(bytes <= 100'000);
        }
        QVERIFY(history.all().size() >= 5);
        history.add(at(205, 9'000));
        history.add(at(207, 9'000));
        QCOMPARE(history.all().back()->step, 207);
        QVERIFY(std::ranges::none_of(history.all(), [](const auto& each) { return each->step == 205; }));
        history.add(at(208, 200'000));
        QCOMPARE(history.all().size(), 1U);
    }

    /// Of large ones every pause makes the history thinner; it must not wrap around.
    void HistoryOutlastsManyPausesOfALargeRun() {
        const auto at = [](std::int64_t step) {
            auto checkpoint = std::make_shared<Checkpoint>();
            checkpoint->step = step;
            checkpoint->stepsPerEpoch = 1000;
            checkpoint->state.push_back({"x", ElementType::UInt8, {}, std::vector<std::byte>(80'000)});
            return checkpoint;
        };
        CheckpointHistory history(100'000);
        for (std::int64_t tenth = 0; tenth < 200; ++tenth) {
            history.add(at(100 * tenth + 50));
            history.add(at(100 * tenth + 100));
            QCOMPARE(history.all().size(), 1U);
            QCOMPARE(history.all().back()->step, 100 * tenth + 100);
        }
    }

    void ALongEpochIsKeptTenTimes() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 1;
        experiment.sampler = {"shuffle", {{"batch_size", 8}}};
        experiment.loss = {"contrastive_squared", {}};
        experiment.miner = {"all", {}};
        const auto many = syntheticData({.perClass = 500});
        RunWatch watch(startTrainingRun, experiment, many);
        QVERIFY(watch.waitForEnd());
        const std::vector<Checkpointed> all = watch.run().checkpoints();
        QCOMPARE(all.size(), 11U);
        const Checkpointed& fourth = all[4];
        QVERIFY(!fourth->endsEpoch() && endsTenth(fourth->step, fourth->stepsPerEpoch));
        RunWatch resumed(startTrainingRun, experiment, many, "", nullptr, 0, fourth);
        QVERIFY(resumed.waitForEnd());
        QVERIFY(sameRecord(resumed.record(), after(watch.record(), fourth->step)));
    }
};

QTEST_GUILESS_MAIN(CheckpointTest)
#include "checkpoint_test.moc"
