// Runs that learn from views of images, alone or beside labels.

#include "engine/learning.h"
#include "engine/training/follower.h"
#include "engine/training/labelled_share.h"
#include "engine/training/pseudo_labels.h"
#include "tests/support/run_watch.h"
#include "tests/support/synthetic_data.h"

#include <ATen/Functions.h>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

Experiment smallExperiment(Learning learning) {
    Experiment experiment;
    experiment.encoder = {"small_cnn", {{"width", 8}}};
    experiment.embeddingDimension = 8;
    experiment.sampler = {"p_by_k", {{"batch_size", 16}}};
    experiment.epochs = 2;
    experiment.threads = 1;
    experiment.trackedSamples = 200;
    experiment = suitedTo(learning, experiment);
    if (usesViews(experiment)) experiment.head.parameters = {{"hidden", 16}, {"output", 8}};
    return experiment;
}

RunRecord recordOf(const Experiment& experiment, std::shared_ptr<const DataSet> data = syntheticData()) {
    RunWatch watch(startTrainingRun, experiment, std::move(data));
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    if (watch.latest()->phase != RunPhase::Finished) qFatal("%s", watch.latest()->message.c_str());
    return watch.record();
}

std::vector<std::vector<float>> epochsOf(const RunRecord& record) {
    std::vector<std::vector<float>> epochs;
    for (const BankFrame& bank : record.epochs) epochs.push_back(bank.embeddings);
    return epochs;
}

std::shared_ptr<DataSet> withoutAnyLabel() {
    auto data = std::make_shared<DataSet>(*syntheticData({.heldOutEvery = 0}));
    data->classNames.clear();
    for (Sample& sample : data->samples) sample.label = kUnlabelled;
    return data;
}

std::vector<std::int32_t> labelsOf(const DataSet& data) {
    std::vector<std::int32_t> labels;
    for (const Sample& sample : data.samples) labels.push_back(sample.label);
    return labels;
}

/// Embeddings in which every sample lies where its label says, and a bank that holds all of `data`.
EmbeddingBank bankByLabel(const DataSet& data) {
    auto samples = std::make_shared<std::vector<std::int32_t>>();
    std::vector<float> rows;
    for (std::size_t i = 0; i < data.size(); ++i) {
        samples->push_back(static_cast<std::int32_t>(i));
        rows.push_back(static_cast<float>(data.samples[i].label));
        rows.push_back(0.001F * static_cast<float>(i));
    }
    EmbeddingBank bank(samples, data.size(), 2);
    bank.put(*samples, rows, 0);
    return bank;
}

}  // namespace

class ViewLearningTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void EveryViewLossTrainsAndTheSameSeedGivesTheSameBytes() {
        for (const CatalogEntry& loss : viewLossCatalog()) {
            Experiment experiment = smallExperiment(Learning::SelfSupervised);
            experiment.viewLoss = {loss.id, {}};
            const RunRecord record = recordOf(experiment);
            QCOMPARE(record.epochs.size(), 3U);
            QVERIFY2(record.epochs[0].embeddings != record.epochs[2].embeddings, loss.id.c_str());
            for (const float value : record.epochs[2].embeddings) QVERIFY2(std::isfinite(value), loss.id.c_str());
            if (loss.id == "byol" || loss.id == "simclr") QCOMPARE(epochsOf(recordOf(experiment)), epochsOf(record));
        }
    }

    void SelfSupervisedTrainingReadsNoLabel() {
        const Experiment experiment = smallExperiment(Learning::SelfSupervised);
        auto other = std::make_shared<DataSet>(*syntheticData());
        for (Sample& sample : other->samples)
            if (sample.split == Split::Train) sample.label = 3 - sample.label;
        QCOMPARE(epochsOf(recordOf(experiment, other)), epochsOf(recordOf(experiment)));
    }

    void SemiSupervisedTrainingReadsNoHiddenLabel() {
        Experiment experiment = smallExperiment(Learning::SemiSupervised);
        experiment.labelledShare = 0.2;
        experiment.pseudoLabels = {"nearest", {{"first_epoch", 0}}};
        const auto data = syntheticData();
        const auto kept = labelsOf(*withLabelledShare(data, 0.2, experiment.seed));
        // Two hidden labels change places wherever that leaves the choice of the labelled ones as it is.
        auto other = std::make_shared<DataSet>(*data);
        int swapped = 0;
        for (std::size_t i = 0; i < data->size(); ++i) {
            const std::size_t j = data->size() - 1 - i;
            const bool hidden = kept[i] == kUnlabelled && kept[j] == kUnlabelled;
            if (i >= j || !hidden) continue;
            std::swap(other->samples[i].label, other->samples[j].label);
            if (labelsOf(*withLabelledShare(other, 0.2, experiment.seed)) == kept)
                ++swapped;
            else
                std::swap(other->samples[i].label, other->samples[j].label);
        }
        QVERIFY(swapped > 10);
        const RunRecord ours = recordOf(experiment, data), theirs = recordOf(experiment, other);
        QCOMPARE(theirs.epochs.front().samples->size(), data->size());
        // Tracked in another order, as the picture may know all labels: compared sample by sample.
        for (std::size_t epoch = 0; epoch < 3; ++epoch) {
            const BankFrame &a = ours.epochs[epoch], &b = theirs.epochs[epoch];
            for (std::size_t row = 0; row < a.count(); ++row) {
                const auto same = std::ranges::find(*b.samples, (*a.samples)[row]) - b.samples->begin();
                QVERIFY(std::ranges::equal(a.row(row), b.row(static_cast<std::size_t>(same))));
            }
        }
    }

    void FlatFolderWithoutLabelsTrains() {
        const auto flat = withoutAnyLabel();
        const Experiment experiment = smallExperiment(Learning::SelfSupervised);
        QVERIFY(problems(*flat, experiment).empty());
        const RunRecord record = recordOf(experiment, flat);
        QVERIFY(record.rows.back().step > 0);
        QVERIFY(std::isfinite(record.rows.back().loss));
        QVERIFY(std::isnan(record.rows.back().recallAt1));
        Experiment supervised;
        QVERIFY(problems(*flat, supervised).front().find("views") != std::string::npos);
    }

    void ViewsWithoutAugmentationAndLabelledBatchesAreRefused() {
        Experiment experiment = smallExperiment(Learning::SelfSupervised);
        QVERIFY(problems(experiment).empty());
        experiment.augmentation = {"none", {}};
        QVERIFY(problems(experiment).front().find("augmentation \"simclr_cifar\"") != std::string::npos);
        experiment = smallExperiment(Learning::SelfSupervised);
        experiment.sampler = {"p_by_k", {}};
        QVERIFY(problems(experiment).front().find("\"shuffle\"") != std::string::npos);
        experiment = smallExperiment(Learning::SemiSupervised);
        QVERIFY(problems(experiment).empty());
        experiment.labelledShare = 0;
        QVERIFY(problems(experiment).front().find("labelled share") != std::string::npos);
    }

    void SettingsFollowTheWayOfLearningAndComeBack() {
        const Experiment standard;
        const Experiment views = suitedTo(Learning::SelfSupervised, standard);
        QCOMPARE(views.sampler.id, "shuffle");
        QCOMPARE(views.head.id, "mlp");
        QVERIFY(suitedTo(Learning::Supervised, views) == standard);
        Experiment chosen = views;
        chosen.augmentation = {"simclr_imagenet", {{"blur", 0.1}}};
        chosen.sampler.parameters = {{"batch_size", 64}};
        const Experiment both = suitedTo(Learning::SemiSupervised, chosen);
        QVERIFY(both.augmentation == chosen.augmentation);
        QCOMPARE(both.sampler.parameters.at("batch_size"), 64.0);
        QVERIFY(problems(both).empty());
    }

    void LabelledShareIsTheSameOfEveryClassAndGrows() {
        const auto data = syntheticData({.classes = 3, .perClass = 100, .heldOutEvery = 0});
        const auto tenth = labelsOf(*withLabelledShare(data, 0.1, 5)),
                   half = labelsOf(*withLabelledShare(data, 0.5, 5));
        for (std::int32_t label = 0; label < 3; ++label) {
            QCOMPARE(std::ranges::count(tenth, label), 10);
            QCOMPARE(std::ranges::count(half, label), 50);
        }
        for (std::size_t i = 0; i < data->size(); ++i) QVERIFY(tenth[i] == kUnlabelled || half[i] == tenth[i]);
        QVERIFY(labelsOf(*withLabelledShare(data, 0.1, 6)) != tenth);
        QCOMPARE(std::ranges::count(labelsOf(*withLabelledShare(data, 0.001, 5)), kUnlabelled), 300 - 6);
        QVERIFY(withLabelledShare(data, 1, 5) == data);
    }

    void HeldOutLabelsAreNeverHidden() {
        const auto data = syntheticData();
        const auto few = withLabelledShare(data, 0.1, 1), none = withoutLabels(*data);
        for (std::size_t i = 0; i < data->size(); ++i) {
            if (data->samples[i].split != Split::HoldOut) continue;
            QCOMPARE(few->samples[i].label, data->samples[i].label);
            QCOMPARE(none->samples[i].label, data->samples[i].label);
        }
    }

    void LabelledShareAlsoHoldsForLabelsAlone() {
        Experiment few = smallExperiment(Learning::Supervised);
        few.labelledShare = 0.2;
        const RunRecord record = recordOf(few), all = recordOf(smallExperiment(Learning::Supervised));
        QVERIFY(record.rows.back().step < all.rows.back().step);
        QVERIFY(std::isfinite(record.rows.back().recallAt1));
    }

    void GuessesNeedAgreementAndTheirEpoch() {
        const auto truth = syntheticData({.classes = 2, .perClass = 50, .heldOutEvery = 0});
        const auto data = withLabelledShare(truth, 0.2, 1);
        const EmbeddingBank bank = bankByLabel(*truth);
        const Choice rule{"nearest", {{"neighbours", 5}, {"agreement", 1}, {"first_epoch", 2}}};
        QVERIFY(!guessLabels({"none", {}}, 5, *data, bank, {}));
        QVERIFY(!guessLabels(rule, 1, *data, bank, {}));
        const auto guesses = guessLabels(rule, 2, *data, bank, {});
        QVERIFY(guesses.has_value());
        QCOMPARE(guesses->samples.size(), 80U);
        const PseudoLabelReport report = reportOn(*guesses, *data, *truth, bank);
        QCOMPARE(report.unlabelled, 80U);
        QCOMPARE(report.right, 80U);
        QCOMPARE(report.sentence(), "80 of 80 unlabelled points have a guessed label, 100 % of them right.");
        // All 20 labelled images vote: ten for each class, and nothing is agreed.
        const Choice everybody{"nearest", {{"neighbours", 20}, {"agreement", 0.6}, {"first_epoch", 0}}};
        QVERIFY(guessLabels(everybody, 2, *data, bank, {})->samples.empty());
    }

    void GuessesAreToldAndWritten() {
        Experiment experiment = smallExperiment(Learning::SemiSupervised);
        experiment.labelledShare = 0.2;
        experiment.pseudoLabels = {"nearest", {{"first_epoch", 1}, {"agreement", 0.5}}};
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        QVERIFY(watch.waitForEnd());
        QVERIFY(watch.latest()->message.find("guessed label") != std::string::npos);
        QCOMPARE(std::ranges::count(watch.record().events, "pseudo_labels", &RunRecord::Event::kind), 2);
    }

    void FollowerMovesAsItsFormulaSays() {
        const auto encoderOf = [](std::uint64_t seed) {
            return makeEncoder({"small_cnn", {{"width", 8}}}, {.channels = 1, .dimension = 8, .seed = seed});
        };
        const auto headOf = [](std::uint64_t seed) { return makeHead({"mlp", {{"hidden", 8}}}, 8, seed, torch::kCPU); };
        const auto trained = encoderOf(1);
        const auto head = headOf(2);
        Follower follower(encoderOf(3), headOf(4), *trained, *head);
        const auto before = follower.encoder().weights()[0].tensor.detach().clone();
        QVERIFY(torch::equal(before, trained->weights()[0].tensor));  // it starts where the trained one is
        const auto other = encoderOf(5);
        const auto otherHead = headOf(6);
        const auto headBefore = follower.head().weights()[0].detach().clone();
        follower.follow(*other, *otherHead, 0.75);
        QVERIFY(torch::allclose(follower.encoder().weights()[0].tensor,
                                0.75 * before + 0.25 * other->weights()[0].tensor, 0, 1e-7));
        QVERIFY(
            torch::allclose(follower.head().weights()[0], 0.75 * headBefore + 0.25 * otherHead->weights()[0], 0, 1e-7));
        QVERIFY(!follower.rows(torch::randn({4, 1, 12, 12}), {}).requires_grad());
    }

    void StepsAndPausesOneByOne() {
        Experiment experiment = smallExperiment(Learning::SemiSupervised);
        experiment.labelledShare = 0.3;
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitForPhase(RunPhase::Paused));
        for (std::int64_t step = 1; step <= 2; ++step) {
            watch.run().post(StepOnce{});
            QVERIFY(watch.waitFor(
                [step](const Snapshot& now) { return now.step == step && now.phase == RunPhase::Paused; }));
        }
        watch.run().requestStop();
        QVERIFY(watch.waitForPhase(RunPhase::Stopped));
    }

    void TheViewLossChangesWhileItRuns() {
        RunWatch watch(startTrainingRun, smallExperiment(Learning::SelfSupervised), syntheticData());
        watch.run().post(SetViewLossParameter{"temperature", 0.1});
        watch.run().post(SetPaused{true});
        QVERIFY(watch.release().waitForPhase(RunPhase::Paused));
        QCOMPARE(watch.latest()->settings.viewLoss.parameters.at("temperature"), 0.1);
        watch.run().post(SetLossParameter{"margin", 0.1});
        QVERIFY(watch.waitFor([](const Snapshot& now) { return now.message.find("views") != std::string::npos; }));
        watch.run().post(SetPaused{false});
        QVERIFY(watch.waitForEnd());
        QVERIFY(epochsOf(watch.record()) != epochsOf(recordOf(smallExperiment(Learning::SelfSupervised))));
    }

    void StepsOnViewsLeaveThePictureToTheRefresh() {
        Experiment experiment = smallExperiment(Learning::SelfSupervised);
        experiment.refreshShare = 0;
        RunWatch watch(startTrainingRun, experiment, syntheticData());
        watch.run().post(SetPaused{true});
        watch.run().post(StepOnce{});
        QVERIFY(watch.release().waitFor(
            [](const Snapshot& now) { return now.step == 1 && now.phase == RunPhase::Paused; }));
        for (const std::int64_t step : watch.latest()->bank->computedAtStep) QCOMPARE(step, 0);
    }
};

QTEST_GUILESS_MAIN(ViewLearningTest)
#include "view_learning_test.moc"
