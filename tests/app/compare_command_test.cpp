#include "app/compare_command.h"

#include "app/compared_runs.h"
#include "tests/app/call.h"
#include "tests/app/stripes.h"
#include "tests/support/comparisons.h"

#include <QFile>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace embedscope;
using embedscope::test::call;
using embedscope::test::contains;
using embedscope::test::Outcome;
namespace fs = std::filesystem;

namespace {

QByteArray bytesOf(const fs::path& file) {
    QFile opened(QString::fromStdString(file.string()));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
}

QJsonObject lastLine(const std::string& text) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(text).trimmed().split('\n').last()).object();
}

}  // namespace

class CompareCommandTest : public QObject {
    Q_OBJECT
private:
    QTemporaryDir folder_;

    fs::path place(const std::string& name) const { return fs::path(folder_.path().toStdString()) / name; }
    std::string images() const { return place("images").string(); }

    /// A small grid of margins with the options given behind it.
    Outcome grid(const std::string& out, std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"compare",   images(),
                                           "--grid",    "loss.margin=0.2,0.9",
                                           "--loss",    "triplet_margin",
                                           "--epochs",  "2",
                                           "--threads", "1",
                                           "--set",     "batch_size=16",
                                           "--set",     "width=8",
                                           "--quiet",   "--json",
                                           "--out",     place(out).string()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return call(arguments);
    }

private Q_SLOTS:
    void initTestCase() { test::writeStripes(images()); }

    void AGridLeavesEverythingThatCanBeAskedFor() {
        const Outcome outcome = grid("grid", {"--seeds", "1,2"});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const QJsonObject json = lastLine(outcome.out);
        QCOMPARE(json["runs"].toArray().size(), 4);
        QCOMPARE(json["groups"].toArray().size(), 2);
        QCOMPARE(json["verdicts"].toArray().size(), 1);
        QVERIFY(json["warnings"].toArray().isEmpty());
        for (const QJsonValue run : json["runs"].toArray()) {
            for (const char* number : {"recall_at_1", "map_at_r", "roc_auc", "distance_gap", "effective_rank"})
                QVERIFY2(run.toObject()[number].isDouble(), number);
            QCOMPARE(run.toObject()["epoch"].toDouble(), 2.0);
        }
        QCOMPARE(bytesOf(place("grid") / "table.csv").count('\n'), 5);
        const QByteArray report = bytesOf(place("grid") / "report.html");
        QCOMPARE(report.count("data:image/png;base64,iVBORw0KGgo"), 4);
        const Comparison stored = readComparison(place("grid") / "comparison.json");
        QCOMPARE(stored.runs.size(), std::size_t{4});
        QCOMPARE(stored.runs[3].name, std::string("Margin 0.9, seed 2"));
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(fs::exists(runFolder(place("grid"), i, stored.runs[i].name) / "epochs/epoch_2/embeddings.npy"));
    }

    void ARunOfAComparisonHasTheBytesOfTrain() {
        QCOMPARE(grid("twins").code, 0);
        const fs::path second = runFolder(place("twins"), 1, "Margin 0.9");
        const Outcome alone = call({"train", "--experiment", (second / "experiment.json").string(), "--quiet", "--out",
                                    place("alone").string()});
        QVERIFY2(alone.code == 0, alone.err.c_str());
        for (const char* file :
             {"epochs/epoch_0/embeddings.npy", "epochs/epoch_2/embeddings.npy", "weights.safetensors"}) {
            QVERIFY(!bytesOf(second / file).isEmpty());
            QVERIFY2(bytesOf(second / file) == bytesOf(place("alone") / file), file);
        }
    }

    void AStoredComparisonRunsAgain() {
        QCOMPARE(grid("first").code, 0);
        const Outcome again = call({"compare", (place("first") / "comparison.json").string(), "--pace", "free",
                                    "--goal", "0.1", "--quiet", "--json", "--out", place("again").string()});
        QVERIFY2(again.code == 0, again.err.c_str());
        const fs::path file = fs::path("epochs/epoch_2/embeddings.npy");
        for (std::size_t i = 0; i < 2; ++i) {
            const std::string name = i == 0 ? "Margin 0.2" : "Margin 0.9";
            QVERIFY(bytesOf(runFolder(place("first"), i, name) / file) ==
                    bytesOf(runFolder(place("again"), i, name) / file));
        }
        QVERIFY(readComparison(place("again") / "comparison.json").pace == Pace::Free);
        QVERIFY(lastLine(again.out)["runs"].toArray()[0].toObject()["seconds_to_goal"].isDouble());
    }

    void AReadyMadeComparisonTakesOtherImagesAndSeeds() {
        const Outcome outcome =
            call({"compare", "contrastive_triplet", "--seeds", "3,4", images(), "--epochs", "1", "--threads", "1",
                  "--set", "batch_size=16", "--set", "width=8", "--quiet", "--json", "--out", place("ready").string()});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const QJsonArray runs = lastLine(outcome.out)["runs"].toArray();
        QCOMPARE(runs.size(), 4);
        QCOMPARE(runs[1].toObject()["name"].toString(), QString("Contrastive, seed 4"));
        QCOMPARE(readComparison(place("ready") / "comparison.json").runs[3].experiment.seed, std::uint64_t{4});
    }

    void ReadyMadeComparisonsAreListed() {
        const Outcome text = call({"list", "comparisons"});
        QVERIFY(contains(text.out, "margins"));
        const Outcome json = call({"list", "comparisons", "--json"});
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(json.out)).array().size() >= 5);
    }

    void WhatCannotWorkIsToldBeforeAnythingIsWritten() {
        const auto complaint = [this](std::vector<std::string> arguments) {
            arguments.insert(arguments.begin(), "compare");
            arguments.insert(arguments.end(), {"--quiet", "--out", place("wrong").string()});
            const Outcome outcome = call(arguments);
            return outcome.code == 2 ? outcome.err : "code " + std::to_string(outcome.code.value_or(0)) + outcome.err;
        };
        QVERIFY(contains(complaint({}), "There is nothing to compare"));
        QVERIFY(contains(complaint({"no_such_thing"}), "choose one of: contrastive_triplet, margins"));
        QVERIFY(contains(complaint({images(), "--grid", "loss.margin"}), "is no grid"));
        QVERIFY(contains(complaint({images(), "--grid", "loss.magrin=1,2"}), "margin"));
        QVERIFY(contains(complaint({images(), "more", "--grid", "loss.margin=1,2"}), "one folder of images"));
        QVERIFY(contains(complaint({"margins", "--experiment", "x.json"}), "--experiment is what a grid varies"));
        QVERIFY(contains(complaint({"margins", "--goal", "7"}), "goal"));
        QVERIFY(contains(complaint({"margins", "--lr", "-1"}), "learning rate"));
        QVERIFY(contains(complaint({"margins", "--pace", "slow"}), "lock_step, free"));
        QVERIFY(!fs::exists(place("wrong")));
    }

    void AFolderWithAComparisonIsRefused() {
        QCOMPARE(grid("used").code, 0);
        const QByteArray before = bytesOf(place("used") / "table.csv");
        const Outcome second = grid("used");
        QCOMPARE(second.code, 1);
        QVERIFY(contains(second.err, "already holds a comparison"));
        QCOMPARE(bytesOf(place("used") / "table.csv"), before);
    }

    void AFailedRunLeavesTheOthers() {
        Comparison comparison = test::twoMargins();
        for (ComparedRun& run : comparison.runs) {
            run.experiment.data.folder = images();
            run.experiment.epochs = 2;
            run.experiment.threads = 1;
            run.experiment.encoder.parameters = {{"width", 8}};
            run.experiment.sampler.parameters = {{"batch_size", 16}};
        }
        const fs::path weights = place("broken.safetensors");
        std::ofstream(weights) << "no weights at all";
        comparison.runs[1].experiment.initialWeights = weights;
        const fs::path file = place("failing.json");
        writeComparison(file, comparison);
        const Outcome outcome =
            call({"compare", file.string(), "--quiet", "--json", "--out", place("failed").string()});
        QVERIFY2(outcome.code == 1, (outcome.err + outcome.out).c_str());
        QVERIFY2(contains(outcome.err, "B: "), outcome.err.c_str());
        const QJsonArray runs = lastLine(outcome.out)["runs"].toArray();
        QCOMPARE(runs[0].toObject()["epoch"].toDouble(), 2.0);
        QVERIFY(contains(runs[1].toObject()["remark"].toString().toStdString(), "broken.safetensors"));
        QVERIFY(bytesOf(place("failed") / "report.html").contains("broken.safetensors"));
    }

    void AForkGoesOnFromItsParent() {
        Comparison comparison = test::twoMargins();
        for (ComparedRun& run : comparison.runs) {
            run.experiment.data.folder = images();
            run.experiment.epochs = 3;
            run.experiment.threads = 1;
            run.experiment.miner = {"all", {}};
            run.experiment.encoder.parameters = {{"width", 8}};
            run.experiment.sampler.parameters = {{"batch_size", 16}};
        }
        comparison.runs[1].experiment.loss.parameters["margin"] = 0.9;
        comparison.runs.push_back({"C", comparison.runs[0].experiment, Fork{0, 3}});  // the parent's own course
        comparison.runs.push_back(
            {"D", comparison.runs[1].experiment, Fork{2, 4}});  // a fork of a fork, another margin
        const fs::path file = place("forks.json");
        writeComparison(file, comparison);
        const Outcome outcome = call({"compare", file.string(), "--quiet", "--json", "--out", place("forks").string()});
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const auto last = [this](std::size_t run, const char* name) {
            return bytesOf(runFolder(place("forks"), run, name) / "epochs/epoch_3/embeddings.npy");
        };
        QVERIFY(!last(0, "A").isEmpty());
        QVERIFY(last(2, "C") == last(0, "A"));
        QVERIFY(last(3, "D") != last(0, "A"));
        QVERIFY(last(3, "D") != last(1, "B"));
        QVERIFY(!fs::exists(runFolder(place("forks"), 2, "C") / "epochs/epoch_1"));
        QVERIFY(bytesOf(place("forks") / "report.html").contains("left “A” after step 3"));
    }

    void AForkBeyondItsParentIsTold() {
        Comparison comparison = test::twoMargins();
        for (ComparedRun& run : comparison.runs) {
            run.experiment.data.folder = images();
            run.experiment.epochs = 1;
            run.experiment.encoder.parameters = {{"width", 8}};
            run.experiment.sampler.parameters = {{"batch_size", 16}};
        }
        comparison.runs[1].fork = Fork{0, 999};
        const fs::path file = place("beyond.json");
        writeComparison(file, comparison);
        const Outcome outcome = call({"compare", file.string(), "--quiet", "--out", place("beyond").string()});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(contains(outcome.err, "choose an earlier step"), outcome.err.c_str());
        QVERIFY(!fs::exists(place("beyond")));
    }

    void NoNameLeadsOutOfTheFolder() {
        QCOMPARE(runFolder("/out", 0, "../../etc/passwd"), fs::path("/out/01_.._.._etc_passwd"));
        QCOMPARE(runFolder("/out", 11, "Größe 1"), fs::path("/out/12_Gr_e_1"));
        QCOMPARE(runFolder("/out", 1, ""), fs::path("/out/02_"));
    }
};

QTEST_MAIN(CompareCommandTest)
#include "compare_command_test.moc"
