// What the settings of encoder and optimisation do to a whole run.

#include "engine/encoder_weights.h"
#include "engine/machine.h"
#include "tests/support/run_watch.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace embedscope;
using namespace embedscope::test;

namespace {

struct Ended {
    RunRecord record;
    std::string failure;
};

Ended ended(const Experiment& experiment) {
    RunWatch watch(startTrainingRun, experiment, syntheticData());
    if (!watch.waitForEnd()) qFatal("The run did not end.");
    const auto last = watch.latest();
    return {watch.record(), last->phase == RunPhase::Failed ? last->message : ""};
}

}  // namespace

class SavedWeightsTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path saved(const EncoderWeights& weights, const char* name = "weights.safetensors") const {
        const std::filesystem::path file = folder_.filePath(name).toStdString();
        writeWeights(file, weights);
        return file;
    }

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void ARunStartsWhereAnotherEnded_data() {
        QTest::addColumn<double>("average");
        QTest::newRow("plain") << 0.0;
        QTest::newRow("average of weights") << 0.9;
    }
    void ARunStartsWhereAnotherEnded() {
        QFETCH(double, average);
        Experiment experiment = smallExperiment();
        experiment.weightAverage = average;
        const Ended first = ended(experiment);
        QCOMPARE(first.failure, std::string());
        QCOMPARE(first.record.weights.size(), std::size_t{2});
        experiment.initialWeights = saved(first.record.weights.back());
        experiment.epochs = 1;
        const Ended second = ended(experiment);
        QCOMPARE(second.failure, std::string());
        QVERIFY(second.record.epochs.front().embeddings == first.record.epochs.back().embeddings);
        QVERIFY(second.record.epochs.back().embeddings != first.record.epochs.back().embeddings);
    }

    void WeightsOfAnotherEncoderAreRefusedByTheirFirstDifference() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 1;
        experiment.initialWeights = saved(ended(experiment).record.weights.back());
        experiment.encoder = {"small_cnn", {{"width", 16}}};
        const std::string wider = ended(experiment).failure;
        QVERIFY2(QString::fromStdString(wider).contains("\"block1.conv.weight\" is 8x1x3x3 there and 16x1x3x3 here"),
                 wider.c_str());
        experiment.encoder = {"deep_cnn", {}};
        const std::string other = ended(experiment).failure;
        QVERIFY2(QString::fromStdString(other).contains("they have no \"stage1.conv1.weight\""), other.c_str());
        QVERIFY(QString::fromStdString(other).contains("saved from \"small_cnn\""));
    }

    void WeightsThatAreNoNumbersAreRefused() {
        Experiment experiment = smallExperiment();
        experiment.epochs = 1;
        EncoderWeights weights = ended(experiment).record.weights.back();
        weights.tensors[1].values[0] = std::nanf("");
        experiment.initialWeights = saved(weights);
        const std::string failure = ended(experiment).failure;
        QVERIFY2(QString::fromStdString(failure).contains("no finite numbers"), failure.c_str());
    }

    void TheReportedLearningRateIsWhatTheScheduleMadeOfIt() {
        Experiment experiment = smallExperiment();
        experiment.schedule = {"step", {{"every", 1}, {"factor", 0.5}}};
        experiment.learningRate = 0.01;
        const std::vector<MetricsRow> rows = ended(experiment).record.rows;
        QCOMPARE(rows.front().learningRate, 0.01);
        QCOMPARE(rows.back().learningRate, 0.005);
    }

    void TheAverageChangesWhatIsShownAndNotWhatIsTrained() {
        Experiment experiment = smallExperiment();
        const RunRecord plain = ended(experiment).record;
        experiment.weightAverage = 0.9;
        const RunRecord averaged = ended(experiment).record;
        QCOMPARE(averaged.rows.back().loss, plain.rows.back().loss);
        QVERIFY(averaged.epochs.back().embeddings != plain.epochs.back().embeddings);
    }

    void EveryOptimiserAndPrecisionTrains_data() {
        QTest::addColumn<QString>("optimizer");
        QTest::addColumn<bool>("half");
        for (const CatalogEntry& entry : optimizerCatalog())
            QTest::newRow(entry.id.c_str()) << QString::fromStdString(entry.id) << false;
        QTest::newRow("bfloat16") << "adam" << true;
    }
    void EveryOptimiserAndPrecisionTrains() {
        QFETCH(QString, optimizer);
        QFETCH(bool, half);
        Experiment experiment = smallExperiment();
        experiment.epochs = 5;
        experiment.optimizer = {optimizer.toStdString(), {}};
        if (optimizer == "sgd") experiment.learningRate = 0.1;
        if (optimizer == "lars") {
            experiment.learningRate = 0.05;
            experiment.optimizer.parameters = {{"trust", 0.02}};
        }
        experiment.precision = half ? Precision::BFloat16 : Precision::Float32;
        experiment.gradientClip = 10;
        const Ended run = ended(experiment);
        QCOMPARE(run.failure, std::string());
        const MetricsRow &first = run.record.rows.front(), &last = run.record.rows.back();
        QVERIFY(last.dissimilarMean - last.similarMean > first.dissimilarMean - first.similarMean + 0.1);
    }

    void SettingsThatCannotWorkAreSentences_data() {
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<int>("which");
        QTest::newRow("no file") << "needs a file" << 0;
        QTest::newRow("file without its encoder") << "reads none" << 1;
        QTest::newRow("missing weights") << "is not there" << 2;
        QTest::newRow("long warm-up") << "shorten the warm-up" << 3;
        QTest::newRow("average of one") << "decay of the weight average" << 4;
        QTest::newRow("negative clip") << "largest gradient norm" << 5;
    }
    void SettingsThatCannotWorkAreSentences() {
        QFETCH(QString, sentence);
        QFETCH(int, which);
        Experiment experiment = smallExperiment();
        if (which == 0) experiment.encoder = {"torchscript", {}};
        if (which == 1) experiment.encoderFile = "/proc/self/exe";
        if (which == 2) experiment.initialWeights = "/nowhere/weights.safetensors";
        if (which == 3) experiment.schedule = {"cosine", {{"warm_up", 5}}};
        if (which == 4) experiment.weightAverage = 1;
        if (which == 5) experiment.gradientClip = -1;
        const std::vector<std::string> found = problems(experiment);
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY2(QString::fromStdString(found.front()).contains(sentence), found.front().c_str());
    }
};

QTEST_GUILESS_MAIN(SavedWeightsTest)
#include "saved_weights_test.moc"
