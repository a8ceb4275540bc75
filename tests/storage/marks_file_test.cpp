// What a person marked: as a file, and as training sees it.
#include "engine/marks.h"
#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
using namespace embedscope::test;

class MarksFileTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    std::shared_ptr<const DataSet> data_ = named();
    std::filesystem::path file_ = std::filesystem::path(temporary_.path().toStdString()) / "marks.csv";

    /// 10 images of each of two classes; the first and the sixth of each are held out.
    static std::shared_ptr<const DataSet> named() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 2, .perClass = 10}));
        data->samples[3].path = "a, \"b\".png";
        data->classNames[1] = "b, c";
        return data;
    }

    Marks all() const {
        return {{{MarkKind::Similar, {1, 2}, {}, kUnlabelled, 2.5},
                 {MarkKind::Dissimilar, {3, 4}, {11, 12}},
                 {MarkKind::Label, {7, 8}, {}, 1},
                 {MarkKind::Label, {9}, {}, kUnlabelled},
                 {MarkKind::Ignored, {13, 14}}}};
    }
    std::string complaint(const std::string& text) try {
        std::ofstream(file_, std::ios::binary) << text;
        readMarks(file_, *data_);
        return {};
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }

private Q_SLOTS:
    void AFileReadsBackAsItWasWritten() {
        writeMarks(file_, all(), *data_);
        const MarksRead read = readMarks(file_, *data_);
        QVERIFY(read.marks == all());
        QVERIFY(read.remark().empty());
    }

    void WhatIsUnknownIsLeftOutAndNamed() {
        std::ofstream(file_, std::ios::binary)
            << "mark,kind,group,path,label,weight\n1,similar,1,0/1.png,,1\n1,similar,1,0/2.png,,1\n"
               "1,similar,1,gone.png,,1\n2,similar,1,gone.png,,1\n2,similar,1,0/2.png,,1\n3,label,1,0/2.png,cat,\n";
        const MarksRead read = readMarks(file_, *data_);
        QCOMPARE(read.marks.list.size(), std::size_t(1));  // the second is no pair, the third has no class
        QCOMPARE(read.unknown, std::size_t(3));
        QVERIFY(read.remark().find("gone.png") != std::string::npos);
    }

    void WhatIsNoMarkIsRefusedWithTheLine_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("words");
        QTest::newRow("fields") << "1,similar,0/1.png"
                                << "six fields";
        QTest::newRow("kind") << "1,equal,1,0/1.png,,"
                              << "known are similar";
        QTest::newRow("group") << "1,similar,3,0/1.png,,"
                               << "group";
        QTest::newRow("weight") << "1,similar,1,0/1.png,,1e9"
                                << "weight";
        QTest::newRow("nothing of this data") << "1,ignored,1,gone.png,,"
                                              << "holds no mark";
        QTest::newRow("empty") << ""
                               << "holds no mark";
    }
    void WhatIsNoMarkIsRefusedWithTheLine() {
        QFETCH(QString, line);
        QFETCH(QString, words);
        const QString said = QString::fromStdString(complaint(line.toStdString() + "\n"));
        QVERIFY2(said.contains(words) && said.contains("marks.csv"), qPrintable(said));
    }

    void PairsAreCountedOnce() {
        QCOMPARE(Mark({MarkKind::Similar, {1, 2, 3, 3}, {}}).pairs(), std::size_t(3));
        QCOMPARE(Mark({MarkKind::Dissimilar, {1, 2}, {3, 4, 5}}).pairs(), std::size_t(6));
        QCOMPARE(Mark({MarkKind::Dissimilar, {1, 2, 3}, {2, 3, 4}}).pairs(), std::size_t(6));
        QCOMPARE(Mark({MarkKind::Similar, {1}, {1}}).pairs(), std::size_t(0));
        QCOMPARE(Mark({MarkKind::Ignored, {1, 2}, {}}).pairs(), std::size_t(0));
    }

    void TrainingSeesTheMarksAndTheHoldOutDoesNot() {
        Marks marks = all();
        marks.list.push_back({MarkKind::Label, {7, 0}, {}, 0});  // later; 0 is held out
        marks.list.push_back({MarkKind::Ignored, {5}});          // held out
        const auto seen = withMarks(data_, marks);
        QCOMPARE(seen->samples[7].label, 0);
        QCOMPARE(seen->samples[8].label, 1);
        QCOMPARE(seen->samples[9].label, kUnlabelled);
        QVERIFY(seen->samples[13].split == Split::HoldOut && seen->samples[13].label == kUnlabelled);
        QVERIFY(seen->samples[0].label == data_->samples[0].label && seen->samples[5].label == data_->samples[5].label);
        QVERIFY(withMarks(data_, {{{MarkKind::Similar, {1, 2}, {}}}}) == data_);
    }

    void WhatCannotBeUsedIsToldWithACure_data() {
        QTest::addColumn<int>("number");
        for (int i = 0; i < 6; ++i) QTest::addRow("%d", i) << i;
    }
    void WhatCannotBeUsedIsToldWithACure() {
        QFETCH(int, number);
        const Mark wrong[] = {{MarkKind::Similar, {}, {}},        {MarkKind::Similar, {1}, {}},
                              {MarkKind::Dissimilar, {1, 2}, {}}, {MarkKind::Ignored, {20}, {}},
                              {MarkKind::Label, {1}, {}, 2},      {MarkKind::Similar, {1, 2}, {}, kUnlabelled, -1}};
        QCOMPARE(problems(Marks{{wrong[number]}}, *data_).size(), std::size_t(1));
        QVERIFY(problems(all(), *data_).empty());
    }
};

QTEST_GUILESS_MAIN(MarksFileTest)
#include "marks_file_test.moc"
