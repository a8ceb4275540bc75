// A run without a window that is killed again and again, and resumed from its folder each time.

#include "engine/run_resume.h"
#include "tests/app/stripes.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

QByteArray bytesOf(const fs::path& file) {
    QFile opened(QString::fromStdString(file.string()));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray("unreadable");
}

/// EMBEDSCOPE_KILLS=50 for the long version.
int kills() {
    const int wanted = qEnvironmentVariableIntValue("EMBEDSCOPE_KILLS");
    return wanted > 0 ? wanted : 5;
}

const int kEpochs = 60 + 4 * kills();

}  // namespace

class KillTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    fs::path at(const char* name) const { return fs::path(temporary_.path().toStdString()) / name; }

    QStringList trained(const char* name) const {
        return {"train",       QString::fromStdString(at("images").string()),
                "--out",       QString::fromStdString(at(name).string()),
                "--threads",   "1",
                "--epochs",    QString::number(kEpochs),
                "--dimension", "8",
                "--set",       "encoder.width=8",
                "--set",       "batch_size=16",
                "--loss",      "proxy_anchor",
                "--miner",     "all",
                "--quiet"};
    }
    QStringList resumed(const char* name) const {
        return {"train", "--resume", QString::fromStdString(at(name).string()), "--quiet"};
    }

    /// @param due When it is killed, asked every few milliseconds. @return Whether it was.
    bool ranUntil(const QStringList& arguments, const std::function<bool()>& due, int furtherMilliseconds) {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(EMBEDSCOPE_PROGRAM, arguments);
        while (process.state() != QProcess::NotRunning && !due()) process.waitForFinished(3);
        if (process.state() != QProcess::NotRunning) process.waitForFinished(furtherMilliseconds);
        if (process.state() == QProcess::NotRunning) {
            said_ = process.readAll();
            failed_ = process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0;
            return false;
        }
        process.kill();
        process.waitForFinished();
        return true;
    }

    void runToTheEnd(const QStringList& arguments) {
        ranUntil(
            arguments, [] { return false; }, -1);
        if (failed_ && !said_.contains("is finished")) qFatal("%s", said_.constData());
    }

    fs::path embeddings(const char* name, int epoch) const {
        return at(name) / "epochs" / ("epoch_" + std::to_string(epoch)) / "embeddings.npy";
    }

    QByteArray said_;
    bool failed_ = false;

private Q_SLOTS:
    void AKilledRunEndsWithTheStraightRunsBytes() {
        test::writeStripes(at("images"));
        runToTheEnd(trained("straight"));

        QRandomGenerator random(20);
        int newest = -1, opened = 0;
        for (int kill = 0; kill < kills(); ++kill) {
            const bool begun = fs::exists(at("killed") / "experiment.json");
            if (!begun) fs::remove_all(at("killed"));  // killed before the run had begun
            // Some die while the program starts, the others at any point of an epoch.
            const bool early = kill % 5 == 0;
            const int target = newest + 1 + static_cast<int>(random.bounded(kEpochs / (kills() + 1)));
            const auto due = [&] { return early || fs::exists(embeddings("killed", target)); };
            const bool killed = ranUntil(begun ? resumed("killed") : trained("killed"), due,
                                         static_cast<int>(random.bounded(early ? 600 : 40)));
            QVERIFY2(killed, said_.constData());
            if (!fs::exists(at("killed") / "experiment.json")) continue;
            ++opened;
            const ResumePoint point = resumePointOf(at("killed"));
            QVERIFY2(point.notices.empty(), point.notices.empty() ? "" : point.notices.front().c_str());
            const int epoch = point.checkpoint ? static_cast<int>(point.checkpoint->epoch()) : -1;
            // At most the epoch whose checkpoint was being written has to be trained again.
            QVERIFY2(epoch >= newest, "A completed epoch was lost.");
            QVERIFY2(!fs::exists(embeddings("killed", epoch + 2)), "A completed epoch was lost.");
            newest = epoch;
        }
        QVERIFY(opened > kills() / 2);
        runToTheEnd(resumed("killed"));
        QCOMPARE(bytesOf(embeddings("killed", kEpochs)), bytesOf(embeddings("straight", kEpochs)));
        QCOMPARE(bytesOf(at("killed") / "weights.safetensors"), bytesOf(at("straight") / "weights.safetensors"));
    }
};

QTEST_GUILESS_MAIN(KillTest)
#include "kill_test.moc"
