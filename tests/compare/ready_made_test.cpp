#include "tests/support/comparisons.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace embedscope;
using embedscope::test::contains;

class ReadyMadeComparisonsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EachCanRun_data() {
        QTest::addColumn<QString>("file");
        const QDir folder(EMBEDSCOPE_SOURCE_DIR "/resources/comparisons");
        for (const QString& name : folder.entryList({"*.json"}, QDir::Files))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }
    void EachCanRun() {
        QFETCH(QString, file);
        const Comparison comparison = readComparison(file.toStdString());
        QVERIFY(!comparison.name.empty() && !comparison.about.empty());
        QVERIFY(comparison.runs.size() >= 2 && comparison.runs.size() <= kMostPanes);
        for (const std::string& problem : problems(comparison)) QFAIL(problem.c_str());
        QVERIFY(!differences(comparison).empty());
        // Learning with and without labels is the one comparison whose runs cannot be twins.
        if (!file.contains("supervision")) QVERIFY(twinWarnings(comparison).empty());
    }

    void EachIsInTheProgramsResources() {
        QFile list(EMBEDSCOPE_SOURCE_DIR "/resources/resources.qrc");
        QVERIFY(list.open(QFile::ReadOnly));
        const std::string text = list.readAll().toStdString();
        const QStringList names = QDir(EMBEDSCOPE_SOURCE_DIR "/resources/comparisons").entryList({"*.json"});
        QVERIFY(names.size() >= 5);
        for (const QString& name : names)
            QVERIFY2(contains(text, "comparisons/" + name.toStdString()), qPrintable(name));
    }
};

QTEST_GUILESS_MAIN(ReadyMadeComparisonsTest)
#include "ready_made_test.moc"
