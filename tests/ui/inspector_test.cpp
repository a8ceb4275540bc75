#include "engine/data_load.h"
#include "tests/support/kept_picture.h"
#include "ui/inspector/neighbor_button.h"
#include "ui/inspector/neighbor_grid.h"
#include "ui/inspector/pair_table.h"
#include "ui/inspector/path_label.h"
#include "ui/inspector/picture_view.h"
#include "ui/inspector/sample_panel.h"
#include "ui/paths.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <numeric>

using namespace embedscope;

namespace {

std::shared_ptr<const DataSet> sampleData() {
    static const std::shared_ptr<const DataSet> data = [] {
        DataSettings settings;
        settings.folder = bundledSampleFolder();
        return loadDataSet(settings);
    }();
    return data;
}

/// The samples stand on a line: sample i of the bank at x = i, so that the neighbours of row r are r-1, r+1, r-2 ...
std::shared_ptr<const BankFrame> lineBank(std::int64_t step, int every = 10, float spread = 1) {
    auto bank = std::make_shared<BankFrame>();
    bank->runId = 1;
    bank->step = step;
    bank->dimension = 2;
    auto samples = std::make_shared<std::vector<std::int32_t>>();
    for (std::size_t i = 0; i < sampleData()->size(); i += static_cast<std::size_t>(every)) {
        samples->push_back(static_cast<std::int32_t>(i));
        bank->embeddings.push_back(spread * static_cast<float>(samples->size() - 1));
        bank->embeddings.push_back(0);
        bank->computedAtStep.push_back(step - 3);
    }
    bank->samples = std::move(samples);
    return bank;
}

QString textOf(const QWidget& widget, const char* name) {
    return widget.findChild<QLabel*>(name)->text();
}

}  // namespace

class InspectorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ALongPathFolds() {
        const QString path = QString::fromUtf8("bag/wrong_00038.png, \xf0\x9f\x91\x96 abcdefghijklmnopqrstuvwxyz");
        const QString folded = foldable(path);
        QCOMPARE(QString(folded).remove(QChar(0x200B)), path);
        QVERIFY(folded.contains(QString::fromUtf8("\xf0\x9f\x91\x96")));  // no sign is torn apart
        for (const QString& part : folded.split(QRegularExpression("[\\x{200B} ]"))) QVERIFY(part.size() <= 10);
    }

    void AnAccentStaysWithItsLetter() {
        const QString path = QString::fromUtf8("abcdefghije\xcc\x81/-\xcc\x88/x.png");
        const QString folded = foldable(path);
        QCOMPARE(QString(folded).remove(kFold), path);
        for (qsizetype i = 1; i < folded.size(); ++i) QVERIFY(!folded[i].isMark() || folded[i - 1] != kFold);
    }

    void WhatIsCopiedOfAPathIsThePath() {
        PathLabel label;
        label.setText(foldable("bag/wrong_00038.png") + "<br>training image");
        label.setSelection(0, static_cast<int>(foldable("bag/wrong_00038.png").size()));
        QCOMPARE(label.plainSelection(), QString("bag/wrong_00038.png"));
    }

    void APairHasNoDifferenceOfDistances() {
        PairTable table;
        table.setDataSet(sampleData());
        MinedTuple pair;
        pair.anchor = 0;
        pair.positive = 1;
        pair.toPositive = 0.4F;
        MinedTuple even = pair;
        even.negative = 2;
        even.toNegative = 0.401F;
        table.setRows({pair, even}, nullptr);
        const int column = static_cast<int>(TupleColumn::Violation);
        QCOMPARE(table.item(0, column)->text(), QString("–"));
        QCOMPARE(table.item(1, column)->text(), QString("0.00"));
    }

    void NeighboursAreTheNearestOfTheBank() {
        SamplePanel panel;
        QSignalSpy found(&panel, &SamplePanel::neighborsFound);
        show(panel, 1000, lineBank(50));
        QTRY_COMPARE(found.size(), 1);
        const std::vector<int> expected{990, 1010, 980, 1020, 970, 1030, 960, 1040, 950, 1050, 940, 1060};
        QCOMPARE(found[0][0].value<std::vector<int>>(), expected);
        QVERIFY(textOf(panel, "sampleAge").contains("step 47"));
        QVERIFY(textOf(panel, "sampleAge").contains("3 steps old"));
        QCOMPARE(button(panel, 0)->text().right(4), "1.00");
        test::keepPicture(panel, "inspector_light");
    }

    void FramesTellTheSameClassFromAnother() {
        SamplePanel panel;
        // Two rows at the edge between two classes: one neighbour of each kind.
        const auto& samples = sampleData()->samples;
        std::size_t edge = 1;
        while (samples[edge].label == samples[edge - 1].label) ++edge;
        show(panel, static_cast<int>(edge), lineBank(10, 1));
        QTRY_COMPARE(button(panel, 0)->isVisible(), true);
        QCOMPARE(button(panel, 0)->kinship(), Kinship::Other);
        QCOMPARE(button(panel, 1)->kinship(), Kinship::Same);
        QVERIFY(button(panel, 0)->text().startsWith("✗"));
        QVERIFY(button(panel, 1)->text().startsWith("✓"));
        QVERIFY(textOf(panel, "neighborSummary").contains("6 of the same class"));
        panel.setPalette(test::darkPalette());
        test::keepPicture(panel, "inspector_dark");
    }

    void NeighboursOnTheMapStandBesideTheTrueOnes() {
        SamplePanel panel;
        const auto bank = lineBank(50);
        auto layout = std::make_shared<Layout>();  // rows 0, 2, 4 ... lie on one line, the odd ones far from it
        layout->samples = bank->samples;
        layout->step = 50;
        for (std::size_t row = 0; row < bank->count(); ++row) {
            layout->coordinates.push_back(static_cast<float>(row) / 10);
            layout->coordinates.push_back(row % 2 == 0 ? 0 : 1000);
        }
        panel.showMap(layout, std::nullopt);
        show(panel, 1000, bank);
        panel.showMap(layout, std::nullopt);
        const auto* grid = panel.findChild<NeighborGrid*>("map_neighbors");
        QTRY_VERIFY(textOf(panel, "mapNeighborSummary").contains("12 nearest on the map"));
        QVERIFY(textOf(panel, "mapNeighborSummary").contains("6 of them also above"));
        QCOMPARE(grid->findChild<NeighborButton*>("neighbor0")->text().right(5), "0.200");
        QVERIFY(!textOf(panel, "neighborSummary").contains("the picture shows"));
        panel.showMap(layout, 20);  // the past: what is of now says so
        QTRY_VERIFY(textOf(panel, "neighborSummary").contains("now, at step 50; the picture shows step 20"));
        QVERIFY(textOf(panel, "mapNeighborSummary").contains("at step 20"));
    }

    void TheLossIsToldOnlyWhereItIsKnown() {
        SamplePanel panel;
        show(panel, 1000, lineBank(50));
        const auto* loss = panel.findChild<QLabel*>("sampleLoss");
        panel.setLoss("loss 0.2", "help");
        QVERIFY(loss->isVisible());
        panel.setLoss({}, {});
        QVERIFY(loss->isVisible() && loss->text().isEmpty());  // its line stays: nothing below moves
    }

    void ClickOnANeighbourActivatesIt() {
        SamplePanel panel;
        QSignalSpy activated(&panel, &SamplePanel::sampleActivated);
        show(panel, 500, lineBank(50));
        QTRY_VERIFY(button(panel, 3)->isVisible());
        QTest::mouseClick(button(panel, 3), Qt::LeftButton);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated[0][0].toInt(), 520);
    }

    void NeighboursFollowTheBank() {
        SamplePanel panel;
        show(panel, 500, lineBank(50));
        QTRY_VERIFY(textOf(panel, "sampleAge").contains("step 47"));
        for (int step = 51; step <= 90; ++step) panel.showSample(500, lineBank(step, 10, 2));
        QTRY_VERIFY(textOf(panel, "sampleAge").contains("step 87"));
        QCOMPARE(button(panel, 0)->text().right(4), "2.00");
    }

    void UntrackedSampleSaysSo() {
        SamplePanel panel;
        show(panel, 503, lineBank(50));
        QTRY_VERIFY(textOf(panel, "neighborSummary").contains("not among the tracked"));
    }

    void WithoutABankOnlyTheImageIsShown() {
        SamplePanel panel;
        show(panel, 503, nullptr);
        QVERIFY(textOf(panel, "neighborSummary").contains("when training starts"));
        QVERIFY(!panel.findChild<PictureView*>("samplePicture")->image().isNull());
        QTRY_VERIFY(textOf(panel, "sampleFacts").contains("28 × 28 pixels"));
        panel.setLabels(std::make_shared<DataSet>(*sampleData()));
        QVERIFY(textOf(panel, "sampleFacts").contains("28 × 28 pixels"));
    }

    void AMissingFileLeavesTheDecodedPictureAndSaysWhy() {
        auto moved = std::make_shared<DataSet>(*sampleData());
        moved->root = "/nowhere";
        SamplePanel panel;
        panel.setDataSet(moved);
        panel.showSample(7, nullptr);
        auto* picture = panel.findChild<PictureView*>("samplePicture");
        QTRY_VERIFY(picture->toolTip().contains(QString::fromStdString(moved->samples[7].path)));
        QCOMPARE(picture->image().size(), QSize(28, 28));
    }

    void OnlyTheSizeOfTheFileIsTold() {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir("a"));
        QVERIFY(QImage(800, 600, QImage::Format_RGB32).save(folder.filePath("a/large.png")));
        QVERIFY(QImage(40, 30, QImage::Format_RGB32).save(folder.filePath("a/small.png")));
        DataSettings settings;
        settings.folder = folder.path().toStdString();
        SamplePanel panel;
        panel.setDataSet(loadDataSet(settings));
        panel.show();
        const auto* picture = panel.findChild<PictureView*>("samplePicture");
        panel.showSample(0, nullptr);
        QTRY_COMPARE(picture->image().width(), 512);
        QVERIFY(!textOf(panel, "sampleFacts").contains("pixels"));
        panel.showSample(1, nullptr);
        QTRY_VERIFY(textOf(panel, "sampleFacts").contains("40 × 30 pixels"));
    }

    void APictureOfOnesOwnCannotBePinned() {
        SamplePanel panel;
        show(panel, 500, lineBank(50));
        const auto* pin = panel.findChild<QToolButton*>("pin_sample");
        QVERIFY(pin->isVisible());
        panel.showPictureOfOwn(QImage(8, 8, QImage::Format_RGB32), "mine.png", {1, 2}, {0.5F, 1});
        QVERIFY(!pin->isVisible());
        panel.showSample(500, lineBank(50));
        QVERIFY(pin->isVisible());
    }

    void AnIndexOutsideTheDataClears() {
        SamplePanel panel;
        show(panel, 7, nullptr);
        panel.showSample(1'000'000, nullptr);
        QVERIFY(panel.findChild<QLabel*>("sampleNote")->isVisible());
    }

private:
    static void show(SamplePanel& panel, int sample, std::shared_ptr<const BankFrame> bank) {
        panel.resize(320, 520);
        panel.setDataSet(sampleData());
        panel.show();
        panel.showSample(sample, std::move(bank));
    }
    static NeighborButton* button(const SamplePanel& panel, int index) {
        return panel.findChild<NeighborButton*>(QString("neighbor%1").arg(index));
    }
};

QTEST_MAIN(InspectorTest)
#include "inspector_test.moc"
