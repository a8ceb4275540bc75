#include "app/command_line.h"

#include "app/train_command.h"
#include "engine/embedding_file.h"
#include "engine/image_cache.h"
#include "engine/storage/write_faults.h"
#include "tests/app/call.h"
#include "tests/app/stripes.h"

#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

using namespace embedscope;
using embedscope::test::call;
using embedscope::test::Outcome;
namespace fs = std::filesystem;

namespace {

QByteArray bytesOf(const fs::path& file) {
    QFile opened(QString::fromStdString(file.string()));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray("unreadable");
}

/// metrics.csv without what a clock decides.
QStringList metricsWithoutClock(const fs::path& run) {
    const QStringList lines = QString(bytesOf(run / "metrics.csv")).split('\n', Qt::SkipEmptyParts);
    const QStringList header = lines.value(0).split(',');
    QStringList kept;
    for (const QString& line : lines) {
        QStringList fields = line.split(',');
        for (const char* clocked : {"seconds", "images_per_second"}) fields[header.indexOf(clocked)].clear();
        kept << fields.join(',');
    }
    return kept;
}

QJsonObject lastLine(const std::string& text) {
    const QStringList lines = QString::fromStdString(text).split('\n', Qt::SkipEmptyParts);
    return lines.isEmpty() ? QJsonObject() : QJsonDocument::fromJson(lines.last().toUtf8()).object();
}

}  // namespace

class CommandLineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { test::writeStripes(images()); }

    void TrainWritesTheRunFolderAndALineOfJson() {
        const Outcome outcome = call(train({"--out", run("first"), "--json"}));
        QCOMPARE(outcome.code, 0);
        const QJsonObject json = lastLine(outcome.out);
        QCOMPARE(json["images"].toInt(), 48);
        QCOMPARE(json["classes"].toInt(), 3);
        QCOMPARE(json["skipped"].toInt(), 0);
        QCOMPARE(json["epochs"].toDouble(), 2.0);
        for (const char* number : {"seconds", "images_per_second", "recall_at_1", "loss"})
            QVERIFY2(json[number].isDouble(), number);
        QVERIFY(json["recall_at_1"].toDouble() > 0 && json["recall_at_1"].toDouble() <= 1);
        for (const char* file : {"experiment.json", "metrics.csv", "epochs/epoch_0/embeddings.npy",
                                 "epochs/epoch_1/embeddings.npy", "epochs/epoch_2/embeddings.npy"})
            QVERIFY2(fs::exists(fs::path(run("first")) / file), file);
    }

    void AFullDiskIsToldAndIsTheExitCode() {
        setWriteFault([](WriteCall, const fs::path& file) {
            return file.string().find("checkpoints") == std::string::npos ? 0 : ENOSPC;
        });
        const Outcome outcome = call(train({"--out", run("full"), "--json"}));
        setWriteFault({});
        QCOMPARE(outcome.code, 3);
        QCOMPARE(lastLine(outcome.out)["epochs"].toDouble(), 2.0);  // the training went on
        QVERIFY(lastLine(outcome.out)["failed_writes"].toInt() > 0);
        const QString told = QString::fromStdString(outcome.err);
        QVERIFY2(told.contains("folder is not complete") && told.contains("no space left"), qPrintable(told));
    }

    void TheSameSeedAndThreadsGiveTheSameBytes() {
        for (const char* name : {"twin_a", "twin_b"}) QCOMPARE(call(train({"--out", run(name)})).code, 0);
        compareRuns("twin_a", "twin_b");
        QVERIFY(metricsWithoutClock(run("twin_a")).size() > 3);
    }

    void AnotherSeedGivesOtherBytes() {
        QCOMPARE(call(train({"--out", run("seed_1"), "--seed", "1"})).code, 0);
        QCOMPARE(call(train({"--out", run("seed_2"), "--seed", "2"})).code, 0);
        const char* const embeddings = "epochs/epoch_2/embeddings.npy";
        QVERIFY(bytesOf(fs::path(run("seed_1")) / embeddings) != bytesOf(fs::path(run("seed_2")) / embeddings));
    }

    void TheExperimentOfARunRunsAgain() {
        QCOMPARE(call(train({"--out", run("origin"), "--set", "margin=0.35", "--seed", "9"})).code, 0);
        const std::string file = (fs::path(run("origin")) / "experiment.json").string();
        QCOMPARE(call({"train", "--experiment", file, "--out", run("again"), "--quiet"}).code, 0);
        compareRuns("origin", "again");
    }

    void PairsChooseTheirSamplerAndMiner() {
        const fs::path pairs = fs::path(images()) / "pairs.csv";
        std::ofstream stream(pairs);
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(images()))
            if (entry.path().extension() == ".png") files.push_back(entry.path().lexically_relative(images()));
        std::ranges::sort(files);
        for (std::size_t i = 2; i < files.size(); ++i)
            for (const std::size_t other : {i - 1, i - 2})
                stream << files[i].string() << ',' << files[other].string() << ','
                       << (files[i].parent_path() == files[other].parent_path() ? 0 : 1) << '\n';
        stream.close();
        const Outcome outcome =
            call({"train", images(), "--pairs", pairs.string(), "--hold-out", "none", "--epochs", "1", "--set",
                  "batch_size=16", "--set", "width=8", "--quiet", "--out", run("pairs")});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const QByteArray settings = bytesOf(fs::path(run("pairs")) / "experiment.json");
        QVERIFY(settings.contains("\"id\": \"pairs\""));
        QVERIFY(settings.contains("\"id\": \"all\""));
        fs::remove(pairs);
    }

    void MinedBatchesAreReported() {
        const Outcome outcome = call(train({"--sampler", "hard_negatives", "--set", "refresh_every=2", "--memory",
                                            "queue", "--set", "memory.size=32", "--json", "--out", run("mined")}));
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QCOMPARE(lastLine(outcome.out)["mining"].toObject()["recall_at_10"].toDouble(), 1.0);
        QVERIFY(bytesOf(fs::path(run("mined")) / "events.jsonl").contains("mining"));
    }

    void WhatWasNotGivenIsStandard() {
        QCOMPARE(call(train({"--out", run("plain")})).code, 0);
        Experiment expected;
        expected.name = "images";
        expected.data.folder = images();
        expected.epochs = 2;
        expected.threads = 2;
        QCOMPARE(toJson(experimentIn("plain")), toJson(expected));
        QCOMPARE(call(train({"--out", run("lengths"), "--no-normalize"})).code, 0);
        QVERIFY(!experimentIn("lengths").normalizeEmbeddings);
    }

    void EveryEpochLeavesItsPicture() {
        const std::string last = run("last.png");
        QCOMPARE(call(train({"--pictures", run("pictures"), "--picture", last, "--picture-size", "400", "300"})).code,
                 0);
        for (const std::string& file :
             {run("pictures/epoch_0000.png"), run("pictures/epoch_0001.png"), run("pictures/epoch_0002.png"), last}) {
            const QImage picture(QString::fromStdString(file));
            QCOMPARE(picture.size(), QSize(400, 300));
            std::set<QRgb> colors;
            for (int y = 0; y < picture.height(); ++y)
                for (int x = 0; x < picture.width(); ++x) colors.insert(picture.pixel(x, y));
            QVERIFY2(colors.size() > 10, file.c_str());
        }
    }

    void RecordingLeavesNumberedFramesOfTheLiveMap() {
        const fs::path film = run("film");
        const auto recorded = [&](const char* projection) {
            return call(train({"--record", film.string(), "--projection", projection, "--picture-size", "400", "300"}));
        };
        QCOMPARE(recorded("tsme").code, 2);
        QVERIFY(!fs::exists(film));
        QCOMPARE(recorded("tsne").code, 0);
        int frames = 0;
        char name[32];
        do std::snprintf(name, sizeof name, "frame_%06d.png", ++frames);
        while (QImage(QString::fromStdString((film / name).string())).size() == QSize(400, 300));
        QVERIFY2(frames > 2, std::to_string(frames).c_str());
        const auto files = std::distance(fs::directory_iterator(film), fs::directory_iterator());
        QCOMPARE(static_cast<int>(files), frames - 1);
        QCOMPARE(recorded("tsne").code, 1);  // holds a recording
        QCOMPARE(call(train({"--projection", "tsne"})).code, 2);
    }

    void CtrlCStopsCleanlyAndKeepsWhatWasComputed() {
        TrainOptions options;
        options.folder = images();
        options.epochs = 10'000;
        options.out = run("interrupted");
        options.quiet = true;
        // As if the user pressed Ctrl+C once the fifth step is done.
        const RunFactory interrupted = [](RunStart start) {
            const auto running = std::make_shared<std::atomic<Run*>>(nullptr);
            start.wakeUp = [running, bell = start.wakeUp] {
                const Run* run = *running;
                if (run && run->latest()->step >= 5) {
                    *running = nullptr;
                    std::raise(SIGINT);
                }
                bell();
            };
            auto run = startTrainingRun(std::move(start));
            *running = run.get();
            return run;
        };
        QCOMPARE(runTrain(options, interrupted), 130);
        QVERIFY(fs::exists(options.out / "epochs/epoch_0/embeddings.npy"));
        QVERIFY(metricsWithoutClock(options.out).size() >= 2);
        QVERIFY(bytesOf(options.out / "events.jsonl").contains("stopped"));
    }

    void AFolderThatHoldsARunIsRefused() {
        QCOMPARE(call(train({"--out", run("taken")})).code, 0);
        const Outcome second = call(train({"--out", run("taken")}));
        QCOMPARE(second.code, 1);
        QVERIFY(second.err.find("already holds a run") != std::string::npos);
    }

    void WhatCannotWorkIsOneSentence_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const QString folder = QString::fromStdString(images());
        const auto row = [](const char* name, const QStringList& arguments, int code, const QString& says) {
            QTest::newRow(name) << arguments << code << says;
        };
        row("nothing to train on", {"train"}, 2, "name a folder");
        row("unknown option", {"train", folder, "--marign", "1"}, 2, "--marign");
        row("unknown loss", {"train", folder, "--loss", "tripplet"}, 2, "triplet_squared");
        row("unknown loss with a setting", {"train", folder, "--loss", "tripplet", "--set", "margin=1"}, 2,
            "triplet_squared");
        row("unknown parameter", {"train", folder, "--set", "magrin=1"}, 2, "loss.margin");
        row("margin out of range", {"train", folder, "--set", "margin=-4"}, 2, "margin");
        row("no epochs", {"train", folder, "--epochs", "0"}, 2, "number of epochs");
        row("epochs in words", {"train", folder, "--epochs", "many"}, 2, "--epochs");
        row("unknown hold-out", {"train", folder, "--hold-out", "some"}, 2, "classes");
        row("no such folder", {"train", "/nowhere/at/all"}, 1, "/nowhere/at/all");
        row("no such experiment", {"train", folder, "--experiment", "/nowhere.json"}, 1, "/nowhere.json");
        row("unknown table", {"list", "gains"}, 2, "losses");
        row("no table", {"list"}, 2, "table");
    }
    void WhatCannotWorkIsOneSentence() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        std::vector<std::string> words;
        for (const QString& argument : arguments) words.push_back(argument.toStdString());
        const Outcome outcome = call(words);
        QCOMPARE(outcome.code, code);
        QVERIFY2(QString::fromStdString(outcome.err).contains(says), outcome.err.c_str());
        QCOMPARE(outcome.out, std::string());
    }

    void ListPrintsEveryRowAsJson() {
        const Outcome outcome = call({"list", "losses", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonArray rows = QJsonDocument::fromJson(QByteArray::fromStdString(outcome.out)).array();
        QCOMPARE(static_cast<std::size_t>(rows.size()), lossCatalog().size());
        for (qsizetype i = 0; i < rows.size(); ++i) {
            const CatalogEntry& entry = lossCatalog()[static_cast<std::size_t>(i)];
            QCOMPARE(rows[i]["id"].toString().toStdString(), entry.id);
            QCOMPARE(static_cast<std::size_t>(rows[i]["parameters"].toArray().size()), entry.parameters.size());
        }
        for (const char* table : {"miners", "encoders", "samplers", "optimizers", "schedules", "augmentations"})
            QVERIFY2(!call({"list", table}).out.empty(), table);
    }

    void WithoutACommandTheWindowOpens() {
        QVERIFY(!call({}).code.has_value());
        QVERIFY(!call({images()}).code.has_value());
    }

private:
    std::string images() const { return (folder_.path() + "/images").toStdString(); }
    std::string run(const std::string& name) const { return folder_.path().toStdString() + "/" + name; }

    std::vector<std::string> train(const std::vector<std::string>& more) const {
        std::vector<std::string> words{"train", images(), "--epochs", "2", "--threads", "2", "--quiet"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    Experiment experimentIn(const std::string& name) const {
        return experimentFromJson(bytesOf(fs::path(run(name)) / "experiment.json").toStdString());
    }

    void compareRuns(const std::string& one, const std::string& other) const {
        for (const char* file : {"embeddings.npy", "index.npy"})
            for (const char* epoch : {"epoch_0", "epoch_1", "epoch_2"}) {
                const fs::path inside = fs::path("epochs") / epoch / file;
                QVERIFY(fs::exists(run(one) / inside));
                QVERIFY(bytesOf(run(one) / inside) == bytesOf(run(other) / inside));
            }
        QCOMPARE(metricsWithoutClock(run(one)), metricsWithoutClock(run(other)));
    }

    QTemporaryDir folder_;

private Q_SLOTS:
    void ImagesComeFromTheCacheTheSecondTime() {
        const QByteArray before = qgetenv("XDG_CACHE_HOME");
        qputenv("XDG_CACHE_HOME", (folder_.path() + "/cache").toUtf8());
        const auto fromCache = [this](const std::vector<std::string>& more) {
            std::vector<std::string> arguments = {"--json"};
            arguments.insert(arguments.end(), more.begin(), more.end());
            const bool found = lastLine(call(train(arguments)).out)["from_cache"].toBool();
            awaitImageCache();
            return found;
        };
        QVERIFY(!fromCache({"--no-cache"}));
        QVERIFY(!fromCache({"--out", run("decoded")}));
        QVERIFY(fromCache({"--out", run("cached")}));
        compareRuns("decoded", "cached");
        QVERIFY(!fromCache({"--no-cache"}));
        QVERIFY(fromCache({"--cache-limit", "0.5"}));
        QCOMPARE(call(train({"--cache-limit", "0"})).code, 2);
        QCOMPARE(call(train({"--cache-limit", "1", "--no-cache"})).code, 2);
        qputenv("XDG_CACHE_HOME", before);
    }

    void ATraceTellsThePartsOfAStep() {
        const fs::path file = run("trace.json");
        QCOMPARE(call(train({"--no-cache", "--trace", file.string()})).code, 0);
        std::map<QString, int> spans;
        std::set<QString> threads;
        for (const QJsonValue& event : QJsonDocument::fromJson(bytesOf(file)).array())
            if (event["ph"] == "X")
                ++spans[event["name"].toString()];
            else
                threads.insert(event["args"]["name"].toString());
        const int steps = spans["step"];
        QVERIFY(steps >= 2);
        for (const char* part : {"sample", "forward", "miner", "loss", "backward", "optimiser"})
            QCOMPARE(spans[part], steps);
        QVERIFY(spans["batch"] > steps);  // refreshes and measures make batches, too
        for (const char* part : {"decode", "measures", "publish", "embed", "distances"})
            QVERIFY2(spans[part] > 0, part);
        QVERIFY(threads.contains("training") && threads.contains("load"));
        QCOMPARE(call(train({"--trace", "/nowhere/at/all.json"})).code, 1);
    }

    void ProjectWritesTheMapAndReportsHowFarToBelieveIt() {
        const QTemporaryDir folder;
        const fs::path place = folder.path().toStdString();
        std::vector<float> rows;
        for (int i = 0; i < 120; ++i)
            for (int k = 0; k < 4; ++k)
                rows.push_back(static_cast<float>(i % 3 * 10 * (k == i % 3) + (i * 7 + k * 13) % 11));
        writeEmbeddings(place / "in.npy", rows, 4);
        const std::string in = (place / "in.npy").string(), out = (place / "out.npy").string();
        const Outcome done = call({"project", in, "--method", "tsne", "--set", "perplexity=8", "--set", "steps=100",
                                   "--out", out, "--dims", "3", "--json"});
        QCOMPARE(done.code, 0);
        const QJsonObject result = QJsonDocument::fromJson(QByteArray::fromStdString(done.out)).object();
        QCOMPARE(result["iterations"].toInt(), 100);
        QVERIFY(result["trustworthiness"].toDouble() > 0.5 && result["objective_value"].isDouble());
        QVERIFY(result["seconds_neighbors"].isDouble() && result["seconds_optimization"].isDouble());
        const EmbeddingTable map = readEmbeddings(out);
        QCOMPARE(map.count, 120U);
        QCOMPARE(map.dimension, 3);
        const std::string placed = (place / "placed.npy").string();
        const std::vector<float> two(rows.begin(), rows.begin() + 8);
        writeEmbeddings(place / "two.npy", two, 4);
        const std::vector<std::string> placing{"project",     in,    "--set",   "steps=100",
                                               "--out",       out,   "--place", (place / "two.npy").string(),
                                               "--place-out", placed};
        QCOMPARE(call(placing).code, 0);
        const EmbeddingTable plane = readEmbeddings(out), found = readEmbeddings(placed);
        QCOMPARE(found.count, 2U);
        for (std::size_t i = 0; i < 4; ++i)  // known rows lie on themselves
            QVERIFY(std::abs(found.rows[i] - plane.rows[i]) < 1e-3F);
        writeEmbeddings(place / "two.npy", two, 2);
        QCOMPARE(call(placing).code, 2);
        QCOMPARE(call({"project", in, "--place", out}).code, 2);
        QCOMPARE(call({"project", in, "--method", "tsme"}).code, 2);
        QCOMPARE(call({"project", in, "--set", "margin=2"}).code, 2);
        QCOMPARE(call({"project", (place / "none.npy").string()}).code, 1);
    }
};

QTEST_MAIN(CommandLineTest)
#include "command_line_test.moc"
