#include "engine/manifest_columns.h"

#include "tests/images/picture_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace embedscope;
namespace fs = std::filesystem;

class ManifestColumnsTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path folder_;

    std::shared_ptr<const SampleColumns> of(const std::string& text) {
        writeBytes(folder_ / "list.csv", text);
        return manifestColumns(folder_ / "list.csv", *loaded(folder_ / "list.csv"));
    }

private Q_SLOTS:
    void initTestCase() {
        folder_ = fs::path(temporary_.path().toStdString()) / "data";
        for (const char* name : {"1.png", "2.png", "3.png"}) writePicture(folder_ / name);
    }

    void NumbersAndKindsFollowTheSamples() {
        const auto columns =
            of("path,year,label,camera\n3.png,2003,dog,nikon\n./1.png,1999.5,cat,canon\n2.png,,cat,nikon\n");
        QCOMPARE(columns->size(), 2U);
        const SampleColumn &year = (*columns)[0], &camera = (*columns)[1];
        QCOMPARE(year.name, std::string("year"));
        QCOMPARE(year.numbers[0], 1999.5F);
        QVERIFY(std::isnan(year.numbers[1]));
        QCOMPARE(year.numbers[2], 2003.0F);
        QCOMPARE(year.textOf(1), std::string());
        QVERIFY(!camera.isNumeric());
        QCOMPARE(camera.kindNames, (std::vector<std::string>{"nikon", "canon"}));
        QCOMPARE(camera.kinds, (std::vector<std::int32_t>{1, 0, 0}));
        QCOMPARE(camera.textOf(0), std::string("canon"));
    }

    void NothingIsSaidWithoutAHeadingOrAManifest() {
        QVERIFY(of("1.png,cat\n2.png,dog\n")->empty());
        QVERIFY(of("path,label,split\n1.png,cat,\n2.png,dog,\n")->empty());
        QVERIFY(manifestColumns(folder_ / "nothing", *loaded(folder_ / "list.csv"))->empty());
    }
};

QTEST_GUILESS_MAIN(ManifestColumnsTest)
#include "manifest_columns_test.moc"
