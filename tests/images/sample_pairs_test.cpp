#include "engine/sample_pairs.h"

#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
using namespace embedscope::test;

class SamplePairsTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    std::shared_ptr<const DataSet> data_ =
        syntheticData({.classes = 2, .perClass = 10});  // 0/0, 0/5, 1/0, 1/5 held out
    std::filesystem::path file_ = std::filesystem::path(temporary_.path().toStdString()) / "pairs.csv";

    SamplePairs of(const std::string& text) {
        std::ofstream(file_, std::ios::binary) << text;
        return readPairs(file_, *data_);
    }
    std::string complaint(const std::string& text) try {
        of(text);
        return {};
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    bool complains(const std::string& text, const std::string& part) {
        const std::string said = complaint(text);
        return said.find("pairs.csv") != std::string::npos && said.find(part) != std::string::npos;
    }

private Q_SLOTS:
    void YSaysWhatIsSimilar() {
        const SamplePairs found =
            of("\xef\xbb\xbf"
               "first,second,y\r\n0/1.png,0/2.png,0\r\n\"0/1.png\", ./1/3.png ,1\r\n");
        QCOMPARE(found.pairs.size(), 2U);
        QVERIFY(found.pairs[0].similar && !found.pairs[1].similar);
        QCOMPARE(found.pairs[1].first, 1);
        QCOMPARE(found.pairs[1].second, 13);
        QVERIFY(found.remark().empty());
    }

    void WhatIsLeftOutIsCountedAndNamed() {
        const SamplePairs found = of(
            "0/1.png,0/2.png,0\n0/2.png,0/1.png,1\n0/1.png,0/1.png,0\n0/0.png,0/1.png,0\n/nowhere/0/3.png,0/4.png,1\n"
            "x.png,0/1.png,1\n../0/1.png,0/2.png,1\n");
        QCOMPARE(found.pairs.size(), 2U);  // a path from the root of the data is fine too
        QCOMPARE(found.repeated, 2U);
        QCOMPARE(found.heldOut, 1U);
        QCOMPARE(found.unknown, 2U);
        QCOMPARE(found.firstUnknown, std::string("x.png"));
        QVERIFY(found.remark().starts_with("5 of 7 pairs were left out"));
    }

    void HostileFilesAreRefusedWithTheLine() {
        QVERIFY(complains("0/1.png,0/2.png\n", "line 1: three fields"));
        QVERIFY(complains("0/1.png,0/2.png,0\n0/1.png,0/3.png,yes\n", "line 2: \"yes\" is no Y"));
        QVERIFY(complains("0/1.png," + std::string(5000, 'x') + ",0\n", "longer than 4,096"));
        QVERIFY(complains(std::string(200'000, 'x'), "longer than 65,536"));
        QVERIFY(complains("0/1.png,0/\xff.png,0\n", "UTF-8"));
        QVERIFY(complains("0/1.png,\"0/2.png,0\n", "quote"));
        QVERIFY(complains("", "no pair of training images of \"stripes\""));
        QVERIFY(complains("x.png,y.png,0\n", "\"x.png\""));
        QVERIFY_EXCEPTION_THROWN(readPairs("/nowhere/pairs.csv", *data_), std::runtime_error);
    }
};

QTEST_APPLESS_MAIN(SamplePairsTest)
#include "sample_pairs_test.moc"
