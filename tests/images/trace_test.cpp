#include "engine/trace.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace embedscope;

class TraceTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

    std::filesystem::path file() const { return (folder_.path() + "/trace.json").toStdString(); }
    QJsonArray events() const {
        QFile opened(QString::fromStdString(file().string()));
        if (!opened.open(QIODevice::ReadOnly)) return {};
        return QJsonDocument::fromJson(opened.readAll()).array();
    }

private Q_SLOTS:
    void SpansOfAllThreadsAreInTheFile() {
        {
            Trace trace(file());
            const TraceSpan outer("outer");
            QCOMPARE(traced("inner", [] { return 7; }), 7);
            std::jthread other([] {
                nameThreadInTraces("other thread");
                const TraceSpan span("elsewhere");
            });
            other.join();
            trace.finish();
        }
        std::map<QString, QJsonObject> spans;
        QStringList threads;
        for (const QJsonValue& event : events())
            if (event["ph"] == "X")
                spans[event["name"].toString()] = event.toObject();
            else
                threads << event["args"]["name"].toString();
        QCOMPARE(threads.size(), 2);
        QVERIFY(threads.contains("other thread"));
        QCOMPARE(spans.size(), std::size_t(2));  // "outer" ended after the recording
        QVERIFY(spans["inner"]["tid"] != spans["elsewhere"]["tid"]);
        QVERIFY(spans["inner"]["ts"].toDouble() >= 0 && spans["inner"]["dur"].toDouble() >= 0);
        QVERIFY(spans["elsewhere"]["ts"].toDouble() >= spans["inner"]["ts"].toDouble());
    }

    void NothingIsRecordedBeforeAndAfter() {
        { const TraceSpan before("before"); }
        {
            Trace trace(file());
            trace.finish();
            const TraceSpan after("after");
        }
        QCOMPARE(events().size(), 0);
        QVERIFY(QFile::exists(QString::fromStdString(file().string())));
    }

    void OneTraceAtATime() {
        const Trace first(file());
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, Trace(folder_.path().toStdString() + "/second.json"));
    }

    void AFileThatCannotBeMadeIsASentence() {
        try {
            const Trace trace("/nowhere/at/all.json");
            QFAIL("it was made");
        } catch (const std::runtime_error& failure) {
            QCOMPARE(std::string(failure.what()),
                     std::string("The trace \"/nowhere/at/all.json\" cannot be written; check the folder and the free "
                                 "space."));
        }
    }

    void AFullDiskIsToldAtTheEnd() {
        if (!QFile::exists("/dev/full")) QSKIP("There is no /dev/full here.");
        Trace trace("/dev/full");
        for (int i = 0; i < 1000; ++i) traced("span", [] {});
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, trace.finish());
    }
};

QTEST_GUILESS_MAIN(TraceTest)
#include "trace_test.moc"
