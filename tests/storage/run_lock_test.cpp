// One process at a time writes a run.

#include "engine/storage/run_lock.h"

#include "engine/being_written.h"
#include "engine/run_recorder.h"
#include "engine/run_resume.h"
#include "engine/storage/checkpoint_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

template <typename Call>
QString refusalOf(Call call) try {
    call();
    return "";
} catch (const std::runtime_error& refusal) {
    return refusal.what();
}

}  // namespace

class RunLockTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path at(const std::string& name) const {
        const fs::path folder = fs::path(temporary_.path().toStdString()) / name;
        fs::create_directories(folder);
        return folder;
    }

private Q_SLOTS:
    void ASecondWriterIsRefusedByTheProcessOfTheFirst() {
        const fs::path folder = at("run");
        {
            const RunLock first(folder);
            const QString refusal = refusalOf([&] { RunLock second(folder); });
            QVERIFY2(refusal.contains("process " + QString::number(getpid())), qPrintable(refusal));
            QCOMPARE(writerOf(folder), RunWriter::Alive);
        }
        QCOMPARE(writerOf(folder), RunWriter::Nobody);
        QVERIFY(!fs::exists(folder / "writing.lock"));
        QCOMPARE(refusalOf([&] { RunLock again(folder); }), QString());
    }

    void WhatAnEndedProcessLeftBehindIsTakenOver() {
        const fs::path folder = at("left");
        const pid_t child = fork();
        if (child == 0) {
            new RunLock(folder);  // never destroyed: the process is killed while it writes
            kill(getpid(), SIGKILL);
        }
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && fs::exists(folder / "writing.lock"));
        QCOMPARE(writerOf(folder), RunWriter::Nobody);
        QCOMPARE(refusalOf([&] { RunLock taken(folder); }), QString());
    }

    void AnotherProcessThatStillWritesIsNamed() {
        const fs::path folder = at("busy");
        int ready[2], finish[2];
        QVERIFY(pipe(ready) == 0 && pipe(finish) == 0);
        const pid_t child = fork();
        if (child == 0) {
            new RunLock(folder);
            char byte = 0;
            if (write(ready[1], "x", 1) == 1 && read(finish[0], &byte, 1) == 1) _exit(0);
            _exit(1);
        }
        char byte = 0;
        QCOMPARE(read(ready[0], &byte, 1), ssize_t{1});
        const QString refusal = refusalOf([&] { resumeRunFolder(folder, nullptr); });
        QVERIFY2(refusal.contains("process " + QString::number(child)), qPrintable(refusal));
        QCOMPARE(writerOf(folder), RunWriter::Alive);
        QCOMPARE(write(finish[1], "x", 1), ssize_t{1});
        int status = 0;
        waitpid(child, &status, 0);
        QCOMPARE(WEXITSTATUS(status), 0);
        QCOMPARE(refusalOf([&] { RunLock taken(folder); }), QString());
    }

    void ARunThatHasEndedIsNotBeingWrittenThoughItsFolderIsHeld() {
        const fs::path folder = at("ended");
        QVERIFY(!isBeingWritten(folder));
        {
            const RunLock held(folder);
            QVERIFY(isBeingWritten(folder));
            std::ofstream(folder / "events.jsonl") << R"({"step":1,"kind":"end","value":{"phase":"stopped"}})" << '\n';
            QVERIFY(!isBeingWritten(folder));
        }
        QVERIFY(!isBeingWritten(folder));
    }

    void AWriterOnAnotherMachineIsNotJudged() {
        const fs::path folder = at("elsewhere");
        std::ofstream(folder / "writing.lock") << getpid() << " 1 another-machine\n";
        QCOMPARE(writerOf(folder), RunWriter::Unknown);
        std::ofstream(folder / "writing.lock") << getpid() << "\n";  // of an earlier version
        QCOMPARE(writerOf(folder), RunWriter::Unknown);
    }

    void ADamagedNumberOfACheckpointIsNoticed() {
        Checkpoint checkpoint;
        checkpoint.dataFingerprint = "abc";
        StateWriter(checkpoint.state).numbers("bank.embeddings", std::vector<float>(12, 0.5F));
        const fs::path file = at("sum") / "c.safetensors";
        writeCheckpoint(file, checkpoint, 1, 2);
        QCOMPARE(readCheckpoint(file).checkpoint.state.size(), std::size_t{1});
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(-3, std::ios::end);
        stream.put('\x01');
        stream.close();
        const QString refusal = refusalOf([&] { readCheckpoint(file); });
        QVERIFY2(refusal.contains("checksum"), qPrintable(refusal));
    }
};

QTEST_GUILESS_MAIN(RunLockTest)
#include "run_lock_test.moc"
