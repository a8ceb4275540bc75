// `embedscope train --resume`, `runs` and `export`, as a person calls them.

#include "tests/app/call.h"
#include "tests/app/stripes.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

class RunsCommandTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    std::string at(const std::string& name) const { return temporary_.path().toStdString() + '/' + name; }
    static QStringList linesOf(const std::string& file) {
        QFile opened(QString::fromStdString(file));
        if (!opened.open(QIODevice::ReadOnly)) return {};
        return QString(opened.readAll()).split('\n', Qt::SkipEmptyParts);
    }

private Q_SLOTS:
    void initTestCase() {
        writeStripes(at("images"));
        QCOMPARE(call({"train", at("images"), "--out", at("runs/first"), "--epochs", "2", "--threads", "1", "--quiet",
                       "--dimension", "8", "--set", "encoder.width=8", "--set", "batch_size=16"})
                     .code,
                 0);
    }

    void RunsTellsOfEachRunAndOfDamagedOnes() {
        fs::create_directories(at("runs/broken"));
        std::ofstream(at("runs/broken/experiment.json")) << "{ not json";
        const Outcome outcome = call({"runs", at("runs"), "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonArray runs = QJsonDocument::fromJson(QByteArray::fromStdString(outcome.out)).array();
        QCOMPARE(runs.size(), 2);
        QVERIFY(runs[0].toObject()["problem"].toString().contains("experiment.json"));
        const QJsonObject first = runs[1].toObject();
        QCOMPARE(first["name"].toString(), "first");
        QCOMPARE(first["epochs"].toDouble(), 2.0);
        QCOMPARE(first["encoder"].toString(), "small_cnn");
        QCOMPARE(first["state"].toString(), "finished");
        QVERIFY(first["resumable"].toBool() && first["bytes"].toInt() > 1000 && first["recall_at_1"].isDouble());
        QCOMPARE(call({"runs", at("nowhere")}).code, 1);
    }

    void ExportsHaveARowASample() {
        QCOMPARE(call({"export", at("runs/first"), "--format", "csv", "--out", at("first.csv")}).code, 0);
        const QStringList csv = linesOf(at("first.csv"));
        QCOMPARE(csv.size(), 49);
        QCOMPARE(csv[0], "index,path,label,split,x0,x1,x2,x3,x4,x5,x6,x7");
        for (const QString& line : csv) QCOMPARE(line.count(','), 11);
        QCOMPARE(call({"export", at("runs/first"), "--format", "projector", "--out", at("projector")}).code, 0);
        QCOMPARE(linesOf(at("projector/tensors.tsv")).size(), 48);
        QCOMPARE(linesOf(at("projector/tensors.tsv"))[0].count('\t'), 7);
        QCOMPARE(linesOf(at("projector/metadata.tsv")).size(), 49);
        const Outcome unknown = call({"export", at("runs/first"), "--format", "parquet", "--out", at("x")});
        QCOMPARE(unknown.code, 2);
        QVERIFY(unknown.err.find("csv, npy, projector") != std::string::npos);
        QCOMPARE(call({"export", at("images"), "--out", at("x")}).code, 1);
    }

    void ResumeSaysWhatItCannotDo() {
        const Outcome finished = call({"train", "--resume", at("runs/first")});
        QCOMPARE(finished.code, 2);
        QVERIFY(finished.err.find("is finished") != std::string::npos);
        QCOMPARE(call({"train", "--resume", at("runs/first"), "--loss", "supcon"}).code, 2);
        QCOMPARE(call({"train", "--resume", at("images")}).code, 1);
    }

    void ResumeWithMoreEpochsTrainsLonger() {
        QCOMPARE(call({"train", "--resume", at("runs/first"), "--epochs", "3", "--quiet"}).code, 0);
        QVERIFY(fs::exists(at("runs/first/epochs/epoch_3/embeddings.npy")));
        QCOMPARE(linesOf(at("runs/first/metrics.csv")).last().section(',', 1, 1).toDouble(), 3.0);
    }
};

QTEST_MAIN(RunsCommandTest)
#include "runs_command_test.moc"
