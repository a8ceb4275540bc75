#include "tests/ui/shell_synthetic.h"
#include "ui/file_field.h"
#include "ui/form/experiment_form.h"
#include "ui/form/keep_run_field.h"
#include "ui/number_box.h"
#include "ui/ready_made.h"
#include "ui/recent_places.h"
#include "ui/view_strip.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

using namespace embedscope;

namespace {

/// The row with every parameter a step away from its standard, so that a lost value shows.
Choice movedChoice(const CatalogEntry& entry) {
    Choice choice{entry.id, {}};
    for (const Parameter& parameter : entry.parameters) {
        const double step = parameter.options.empty() ? parameter.step : 1;
        const bool up = parameter.standard + step <= parameter.maximum;
        choice.parameters[parameter.id] = parameter.standard + (up ? step : -step);
    }
    return choice;
}

void compareChoices(const Choice& found, const Choice& wanted) {
    QCOMPARE(found.id, wanted.id);
    QCOMPARE(found.parameters.size(), wanted.parameters.size());
    for (const auto& [id, value] : wanted.parameters) {
        QVERIFY2(found.parameters.contains(id), id.c_str());
        QVERIFY2(std::abs(found.parameters.at(id) - value) < 1e-12, id.c_str());
    }
}

Experiment throughForm(const Experiment& experiment) {
    ExperimentForm form;
    form.setDataSet(test::greyData(4, 25));
    form.setExperiment(experiment);
    return form.experiment();
}

void addRows(const char* kind, const Catalog& catalog, Choice Experiment::*choice) {
    for (const CatalogEntry& entry : catalog) QTest::addRow("%s %s", kind, entry.id.c_str()) << &entry << choice;
}

}  // namespace

Q_DECLARE_METATYPE(const CatalogEntry*)
Q_DECLARE_METATYPE(Choice Experiment::*)

class ShellFormTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ANumberBeyondTheRangeBecomesItsBoundAndTellsTheRange() {
        NumberBox box;
        box.setRange(0, 4);
        box.setValue(0.2);
        box.show();
        box.selectAll();
        QTest::keyClicks(&box, "99");
        QTest::keyClick(&box, Qt::Key_Return);
        QCOMPARE(box.value(), 4.0);
        QCOMPARE(QToolTip::text(), QString("From 0 to 4."));
        box.selectAll();
        QTest::keyClicks(&box, "-");
        QTest::keyClick(&box, Qt::Key_Return);
        QCOMPARE(box.value(), 4.0);
    }

    void LossesAreAddedAndTakenAwayInTheForm() {
        ExperimentForm form;
        form.setDataSet(test::greyData(4, 25));
        Experiment wanted;
        wanted.addedLosses = {{{"supcon", {{"temperature", 0.2}}}, 0.5}};
        form.setExperiment(wanted);
        QCOMPARE(form.experiment().addedLosses.size(), 1U);
        QCOMPARE(form.experiment().addedLosses.front().weight, 0.5);
        compareChoices(
            {"supcon", {{"temperature", form.experiment().addedLosses.front().loss.parameters.at("temperature")}}},
            wanted.addedLosses.front().loss);
        auto* add = form.findChild<QPushButton*>("add_loss");
        for (int i = 0; i < 3; ++i) add->click();
        QCOMPARE(form.experiment().addedLosses.size(), 4U);
        QVERIFY(!add->isEnabled());
        form.findChild<QToolButton*>("remove_loss")->click();
        QCOMPARE(form.experiment().addedLosses.size(), 3U);
        QVERIFY(add->isEnabled());
        form.setExperiment({});
        QVERIFY(form.experiment().addedLosses.empty());
    }

    void EveryRowOfEveryTableSurvivesTheForm_data() {
        QTest::addColumn<const CatalogEntry*>("entry");
        QTest::addColumn<Choice Experiment::*>("choice");
        addRows("loss", lossCatalog(), &Experiment::loss);
        addRows("miner", minerCatalog(), &Experiment::miner);
        addRows("encoder", encoderCatalog(), &Experiment::encoder);
        addRows("memory", memoryCatalog(), &Experiment::memory);
        addRows("sampler", samplerCatalog(), &Experiment::sampler);
        addRows("optimizer", optimizerCatalog(), &Experiment::optimizer);
        addRows("schedule", scheduleCatalog(), &Experiment::schedule);
        addRows("augmentation", augmentationCatalog(), &Experiment::augmentation);
    }

    void EveryRowOfEveryTableSurvivesTheForm() {
        QFETCH(const CatalogEntry*, entry);
        QFETCH(Choice Experiment::*, choice);
        Experiment experiment;
        experiment.*choice = movedChoice(*entry);
        compareChoices(throughForm(experiment).*choice, experiment.*choice);
    }

    void TheFileOfPairsIsAskedForWithItsSampler() {
        ExperimentForm form;
        form.setDataSet(test::greyData(4, 25));
        auto* field = form.findChild<QWidget*>("pairs_file");
        QVERIFY(field->isHidden());
        Experiment wanted = form.experiment();
        wanted.sampler = {"pairs", {}};
        form.setExperiment(wanted);
        QVERIFY(!field->isHidden());
        QVERIFY(!form.findChild<QPushButton*>("start")->isEnabled());
        QVERIFY(form.findChild<QLabel*>("problems")->text().contains("needs a file of pairs"));
        QCOMPARE(form.experiment().miner.id, std::string("all"));  // nothing to mine
        auto* line = form.findChild<QLineEdit*>("pairs_file_path");
        line->setText("/data/pairs.csv");
        Q_EMIT line->editingFinished();
        QVERIFY(form.findChild<QPushButton*>("start")->isEnabled());
        QCOMPARE(form.experiment().pairsFile, std::filesystem::path("/data/pairs.csv"));
        wanted.sampler = {"shuffle", {}};
        form.setExperiment(wanted);
        QVERIFY(field->isHidden());
        QCOMPARE(form.experiment().pairsFile, std::filesystem::path());
    }

    void EveryOtherSettingSurvivesTheForm() {
        Experiment wanted;
        wanted.name = "my run";
        wanted.data.folder = "/some/folder";
        wanted.data.imageSize = 24;
        wanted.data.channels = Channels::Colour;
        wanted.data.holdOut = HoldOut::Classes;
        wanted.data.holdOutShare = 0.125;
        wanted.embeddingDimension = 2;
        wanted.normalizeEmbeddings = false;
        wanted.learningRate = 3e-7;
        wanted.epochs = 7;
        wanted.seed = 0xFEDC'BA98'7654'3210ULL;
        wanted.device = Device::Cpu;
        wanted.threads = 3;
        wanted.trackedSamples = 1234;
        wanted.refreshShare = 0.07;
        wanted.encoder = {"torchscript", {}};
        wanted.encoderFile = "/some/größe.pt";
        wanted.initialWeights = "/some/weights.safetensors";
        wanted.gradientClip = 2.5;
        wanted.weightAverage = 0.999;
        wanted.precision = Precision::BFloat16;
        const Experiment found = throughForm(wanted);
        QCOMPARE(found.name, wanted.name);
        QVERIFY(found.data == wanted.data);
        QCOMPARE(found.embeddingDimension, wanted.embeddingDimension);
        QCOMPARE(found.normalizeEmbeddings, wanted.normalizeEmbeddings);
        QCOMPARE(found.learningRate, wanted.learningRate);
        QCOMPARE(found.epochs, wanted.epochs);
        QCOMPARE(found.seed, wanted.seed);
        QVERIFY(found.device == wanted.device);
        QCOMPARE(found.threads, wanted.threads);
        QCOMPARE(found.trackedSamples, wanted.trackedSamples);
        QCOMPARE(found.refreshShare, wanted.refreshShare);
        QVERIFY(found.encoderFile == wanted.encoderFile);
        QVERIFY(found.initialWeights == wanted.initialWeights);
        QCOMPARE(found.gradientClip, wanted.gradientClip);
        QCOMPARE(found.weightAverage, wanted.weightAverage);
        QVERIFY(found.precision == wanted.precision);
    }

    void TheFileIsAskedForOnlyByTheEncoderThatReadsOne() {
        ExperimentForm form;
        auto* file = form.findChild<FileField*>("encoder_file");
        QVERIFY(file->isHidden());
        Experiment experiment;
        experiment.encoder = {"torchscript", {}};
        form.setExperiment(experiment);
        QVERIFY(!file->isHidden());
        file->ask = [] { return QString("/some/net.pt"); };
        form.findChild<QPushButton*>("encoder_file_choose")->click();
        QVERIFY(form.experiment().encoderFile == "/some/net.pt");
        form.findChild<FileField*>("initial_weights")->ask = [] { return QString(); };
        form.findChild<QPushButton*>("initial_weights_choose")->click();
        QVERIFY(form.experiment().initialWeights.empty());
    }

    void GoodDefaultsCanStartAtOnce() {
        ExperimentForm form;
        form.setDataSet(test::greyData(4, 25));
        auto* start = form.findChild<QPushButton*>("start");
        QVERIFY(start->isEnabled());
        QSignalSpy requested(&form, &ExperimentForm::startRequested);
        start->click();
        QCOMPARE(requested.size(), 1);
    }

    void DataOfOneClassIsASentenceAndNoStart() {
        ExperimentForm form;
        form.setDataSet(test::greyData(1, 25));
        QVERIFY(!form.findChild<QPushButton*>("start")->isEnabled());
        QVERIFY(form.findChild<QLabel*>("problems")->text().contains("class"));
    }

    void ALossAndAMinerThatDoNotFitAreASentenceAndNoStart() {
        ExperimentForm form;
        form.setDataSet(test::greyData(4, 25));
        for (const CatalogEntry& loss : lossCatalog())
            for (const CatalogEntry& miner : minerCatalog()) {
                Experiment experiment;
                experiment.loss = {loss.id, {}};
                experiment.miner = {miner.id, {}};
                form.setExperiment(experiment);
                const bool fit = overlaps(loss.grouping, miner.grouping);
                QCOMPARE(form.findChild<QPushButton*>("start")->isEnabled(), fit);
                QCOMPARE(form.findChild<QLabel*>("problems")->text().isEmpty(), fit);
            }
    }

    void SettingsForExpertsStayOutOfSightUntilAskedFor() {
        ExperimentForm form;
        form.setDataSet(test::greyData(4, 25));
        form.show();
        const auto* seed = form.findChild<QWidget*>("seed");
        auto* more = form.findChild<QPushButton*>("more_settings");
        QVERIFY(!seed->isVisible());
        QVERIFY(form.findChild<QWidget*>("loss")->isVisible());
        more->click();
        QVERIFY(seed->isVisible());
        more->click();
        QVERIFY(!seed->isVisible());
    }

    void TheWheelOverAFieldScrollsThePageAndChangesNothing() {
        ExperimentForm form;
        form.setDataSet(test::greyData(4, 25));
        form.resize(900, 400);
        form.show();
        const std::string before = toJson(form.experiment());
        const auto turnOver = [](QWidget* field) {
            QWheelEvent turn(field->rect().center(), field->mapToGlobal(field->rect().center()), {}, {0, -120},
                             Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(field, &turn);
            return turn.isAccepted();
        };
        for (QWidget* field : form.findChildren<QWidget*>())
            if (qobject_cast<QAbstractSpinBox*>(field) || qobject_cast<QComboBox*>(field))
                QVERIFY2(!turnOver(field), qPrintable(field->objectName()));
        QCOMPARE(toJson(form.experiment()), before);
    }

    void KeptRunsGoBelowTheFolderThatTheUserChose() {
        KeepRunField field;
        QVERIFY(field.keepsRun());  // nothing is lost unless the user says so
        field.findChild<QCheckBox*>("keep_run")->click();
        QVERIFY(!field.keepsRun());
        QVERIFY(!KeepRunField().keepsRun());  // and is asked once
        field.findChild<QCheckBox*>("keep_run")->click();
        const QTemporaryDir chosen;
        field.askForFolder = [] { return QString(); };
        const QString before = runsFolder();
        field.findChild<QToolButton*>("change_runs_folder")->click();
        QCOMPARE(runsFolder(), before);
        field.askForFolder = [&chosen] { return chosen.path(); };
        field.findChild<QToolButton*>("change_runs_folder")->click();
        QVERIFY(newRunFolder("cats").startsWith(chosen.path() + "/cats "));
        setRunsFolder(before);
    }

    void TheViewsFollowTheAugmentation() {
        ExperimentForm form;
        auto* strip = form.findChild<ViewStrip*>("view_strip");
        QSignalSpy drawn(strip, &ViewStrip::drawn);
        form.setDataSet(test::greyData(4, 25));
        Experiment experiment;
        experiment.augmentation = {"supervised", {{"shift", 0.5}}};
        form.setExperiment(experiment);
        form.show();
        QVERIFY(strip->isVisible());
        QTRY_VERIFY(!strip->rows().empty() && strip->rows()[0][1] != strip->rows()[0][2]);
        QCOMPARE(strip->rows().size(), std::size_t(ViewStrip::kOriginals));
        QCOMPARE(strip->rows()[0].size(), std::size_t(ViewStrip::kViews + 1));
        const auto before = strip->rows();

        drawn.clear();
        form.findChild<QDoubleSpinBox*>("parameter_shift")->setValue(0);
        QTRY_VERIFY(!drawn.isEmpty());
        for (const QImage& view : strip->rows()[0]) QCOMPARE(view, before[0][0]);  // flat grey: a flip shows nothing
        QCOMPARE(form.experiment().augmentation.parameters.at("shift"), 0.0);

        form.findChild<QDoubleSpinBox*>("parameter_shift")->setValue(0.5);
        QTRY_COMPARE(strip->rows(), before);  // the same images and dice
        form.findChild<QPushButton*>("shuffle_views")->click();
        QTRY_VERIFY(strip->rows() != before);
    }

    void WithoutAnAugmentationThereAreNoViews() {
        ExperimentForm form;
        form.setDataSet(test::greyData(4, 25));
        form.show();
        QVERIFY(!form.findChild<ViewStrip*>("view_strip")->isVisible());
        QVERIFY(!form.findChild<QPushButton*>("shuffle_views")->isVisible());
        form.findChild<QComboBox*>("augmentation_list")->setCurrentIndex(1);
        QVERIFY(form.findChild<ViewStrip*>("view_strip")->isVisible());
        QCOMPARE(form.experiment().augmentation.id, augmentationCatalog()[1].id);
    }

    void WithoutDataThereIsNoStart() {
        const ExperimentForm form;
        QVERIFY(!form.findChild<QPushButton*>("start")->isEnabled());
    }

    void EveryReadyMadeExperimentCanRun() {
        const std::vector<ReadyMade> all = readyMadeExperiments();
        QVERIFY(all.size() >= 4);
        for (const ReadyMade& readyMade : all) {
            QVERIFY(!readyMade.title.isEmpty());
            QVERIFY(!readyMade.about.isEmpty());
            QCOMPARE(problems(readyMade.experiment), std::vector<std::string>());
        }
        QVERIFY(std::any_of(all.begin(), all.end(),
                            [](const ReadyMade& one) { return one.experiment.embeddingDimension == 2; }));
    }
};

QTEST_MAIN(ShellFormTest)
#include "shell_form_test.moc"
