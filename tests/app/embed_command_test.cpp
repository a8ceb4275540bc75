// `embedscope embed`, as a person calls it.

#include "engine/embedding_file.h"
#include "tests/app/call.h"
#include "tests/app/stripes.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

class EmbedCommandTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    std::string at(const std::string& name) const { return temporary_.path().toStdString() + '/' + name; }
    static QStringList linesOf(const std::string& file) {
        QFile opened(QString::fromStdString(file));
        if (!opened.open(QIODevice::ReadOnly)) return {};
        return QString(opened.readAll()).split('\n', Qt::SkipEmptyParts);
    }
    void train(const std::string& name, const std::vector<std::string>& further) {
        std::vector<std::string> arguments{
            "train",   at("images"),  "--out", at(name), "--epochs",        "2",     "--threads",    "1",
            "--quiet", "--dimension", "8",     "--set",  "encoder.width=8", "--set", "batch_size=16"};
        arguments.insert(arguments.end(), further.begin(), further.end());
        QCOMPARE(call(arguments).code, 0);
    }

private Q_SLOTS:
    void initTestCase() {
        writeStripes(at("images"));
        train("run", {});
    }

    void TheRunsOwnImagesLieWhereTheRunHasThem_data() {
        QTest::addColumn<QString>("average");
        QTest::newRow("plain weights") << "0";
        QTest::newRow("average of weights") << "0.5";
    }
    void TheRunsOwnImagesLieWhereTheRunHasThem() {
        QFETCH(QString, average);
        const std::string run = "own" + average.toStdString();
        train(run, {"--weight-average", average.toStdString()});
        const Outcome outcome =
            call({"embed", at("images"), "--run", at(run), "--out", at(run + ".npy"), "--threads", "1", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(outcome.out)).object();
        QCOMPARE(json["images"].toInt(), 48);
        QCOMPARE(json["dimension"].toInt(), 8);
        QCOMPARE(json["epoch"].toDouble(), 2.0);
        const EmbeddingTable found = readEmbeddings(at(run + ".npy"));
        const EmbeddingTable own = readEmbeddings(at(run + "/epochs/epoch_2/embeddings.npy"));
        const std::vector<std::int32_t> index = readLabels(at(run + "/epochs/epoch_2/index.npy"));
        QCOMPARE(found.count, own.count);
        for (std::size_t row = 0; row < own.count; ++row)
            for (std::size_t i = 0; i < 8; ++i)
                QVERIFY(std::abs(own.rows[row * 8 + i] - found.rows[static_cast<std::size_t>(index[row]) * 8 + i]) <
                        1e-5);
    }

    void AFolderWithoutClassesIsEmbeddedWithEmptyLabels() {
        fs::create_directories(at("flat"));
        for (int i = 0; i < 5; ++i)
            fs::copy_file(at("images/stripes1/" + std::to_string(i) + ".png"),
                          at("flat/" + std::to_string(i) + ".png"));
        QCOMPARE(call({"embed", at("flat"), "--run", at("run"), "--out", at("flat.npy"), "--quiet"}).code, 0);
        QCOMPARE(readEmbeddings(at("flat.npy")).count, std::size_t{5});
        QCOMPARE(linesOf(at("flat.csv")),
                 QStringList({"path,label", "0.png,", "1.png,", "2.png,", "3.png,", "4.png,"}));
    }

    void WhatCannotBeDoneIsSaidInASentence() {
        const Outcome name = call({"embed", at("images"), "--run", at("run"), "--out", at("x.csv")});
        QCOMPARE(name.code, 2);
        QVERIFY2(name.err.find("ends in .npy") != std::string::npos, name.err.c_str());
        const Outcome noRun = call({"embed", at("images"), "--run", at("images"), "--out", at("x.npy")});
        QCOMPARE(noRun.code, 1);
        QVERIFY2(noRun.err.find("holds no run") != std::string::npos, noRun.err.c_str());
        QCOMPARE(call({"embed", at("nowhere"), "--run", at("run"), "--out", at("x.npy"), "--quiet"}).code, 1);
        QVERIFY(!fs::exists(at("x.npy")) && !fs::exists(at("x.csv")));
    }
};

QTEST_MAIN(EmbedCommandTest)
#include "embed_command_test.moc"
