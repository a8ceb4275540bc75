// Runs that are cut, damaged or written while every call can fail, and go on from their folder.

#include "engine/run_resume.h"

#include "engine/experiment_file.h"
#include "engine/keep_run.h"
#include "engine/machine.h"
#include "engine/run_list.h"
#include "engine/run_points.h"
#include "engine/storage/checkpoint_file.h"
#include "engine/storage/kept_epochs.h"
#include "engine/storage/npy.h"
#include "engine/storage/write_faults.h"
#include "tests/support/same_record.h"
#include "tests/support/synthetic_data.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <fstream>
#include <functional>
#include <future>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

Experiment smallExperiment() {
    Experiment experiment;
    experiment.name = "resume";
    experiment.data.folder = "/nowhere";
    experiment.encoder = {"small_cnn", {{"width", 8}}};
    experiment.embeddingDimension = 8;
    experiment.loss = {"proxy_anchor", {}};
    experiment.miner = {"all", {}};
    experiment.sampler = {"p_by_k", {{"batch_size", 32}}};
    experiment.epochs = 3;
    experiment.threads = 1;
    experiment.trackedSamples = 60;
    return experiment;
}

std::string textOf(const fs::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

/// Columns that no clock decides.
QStringList rowsOf(const fs::path& folder) {
    QStringList rows = QString::fromStdString(textOf(folder / "metrics.csv")).split('\n');
    for (QString& row : rows) {
        QStringList fields = row.split(',');
        if (fields.size() < 5) continue;
        fields[2].clear();
        fields[3].clear();
        row = fields.join(',');
    }
    return rows;
}

struct Ended {
    RunPhase phase;
    std::string message;
};

/// Trains into a folder to the end. @param steps If not 0, pauses after so many and leaves.
Ended train(Experiment experiment, std::unique_ptr<RunRecorder> recorder, std::shared_ptr<const Checkpoint> from,
            int steps = 0) {
    std::mutex mutex;
    std::condition_variable told;
    std::unique_ptr<Run> run = startTrainingRun({.runId = 1,
                                                 .experiment = std::move(experiment),
                                                 .data = syntheticData(),
                                                 .recorder = std::move(recorder),
                                                 .wakeUp =
                                                     [&] {
                                                         std::lock_guard lock(mutex);
                                                         told.notify_all();
                                                     },
                                                 .from = std::move(from)});
    for (int i = 0; i < steps; ++i) run->post(StepOnce{});
    std::unique_lock lock(mutex);
    const auto there = [&] {
        const auto now = run->latest();
        return now->ended() || (steps > 0 && now->phase == RunPhase::Paused && now->step == steps);
    };
    if (!told.wait_for(lock, std::chrono::seconds(60), there)) qFatal("The run did not end.");
    if (!run->latest()->ended()) {
        run->requestStop();
        told.wait_for(lock, std::chrono::seconds(60), [&] { return run->latest()->ended(); });
    }
    const Ended ended{run->latest()->phase, run->latest()->message};
    lock.unlock();
    run.reset();
    return ended;
}

/// Hands all on, and stops the run at a step.
class StoppingRecorder : public RunRecorder {
public:
    StoppingRecorder(std::unique_ptr<RunRecorder> inner, std::int64_t step, std::function<void()> stop)
        : inner_(std::move(inner)), step_(step), stop_(std::move(stop)) {}
    void begin(const Experiment& experiment, const DataSet& data) override { inner_->begin(experiment, data); }
    void report(const MetricsRow& row) override {
        inner_->report(row);
        if (row.step == step_) stop_();
    }
    void event(std::int64_t step, std::string_view kind, std::string_view json) override {
        inner_->event(step, kind, json);
    }
    void epochEnd(int epoch, const BankFrame& bank) override { inner_->epochEnd(epoch, bank); }
    void weights(const EncoderWeights& weights) override { inner_->weights(weights); }
    void checkpoint(std::shared_ptr<const Checkpoint> checkpoint) override { inner_->checkpoint(checkpoint); }
    void end(const Snapshot& last) override { inner_->end(last); }

private:
    std::unique_ptr<RunRecorder> inner_;
    std::int64_t step_;
    std::function<void()> stop_;
};

/// Trains until it is stopped while it takes a step within an epoch.
void trainUntilStopped(const fs::path& folder, std::int64_t step) {
    std::promise<Run*> made;
    std::unique_ptr<Run> run = startTrainingRun(
        {.runId = 1,
         .experiment = smallExperiment(),
         .data = syntheticData(),
         .recorder = std::make_unique<StoppingRecorder>(
             createRunFolder(folder), step, [ready = made.get_future().share()] { ready.get()->requestStop(); }),
         .wakeUp = [] {}});
    made.set_value(run.get());
    QTRY_VERIFY_WITH_TIMEOUT(run->latest()->ended(), 60'000);
}

std::unique_ptr<Run> unkeptRun() {
    return startTrainingRun(
        {.runId = 1, .experiment = smallExperiment(), .data = syntheticData(), .recorder = nullptr, .wakeUp = [] {}});
}

Ended resume(const fs::path& folder) {
    const ResumePoint point = resumePointOf(folder);
    return train(point.settings, resumeRunFolder(folder, point.checkpoint.get()), point.checkpoint);
}

bool sameRun(const fs::path& a, const fs::path& b) {
    return textOf(a / "weights.safetensors") == textOf(b / "weights.safetensors") && rowsOf(a) == rowsOf(b) &&
           textOf(a / "epochs/epoch_3/embeddings.npy") == textOf(b / "epochs/epoch_3/embeddings.npy");
}

std::string complaint(const std::function<void()>& call) try {
    call();
    return "";
} catch (const std::runtime_error& error) {
    return error.what();
}

}  // namespace

class RunResumeTest : public QObject {
    Q_OBJECT

    /// In memory where that can be: hundreds of runs wait for the disk at each of their files.
    QTemporaryDir temporary_{QFileInfo("/dev/shm").isWritable() ? "/dev/shm/embedscope-XXXXXX"
                                                                : QDir::tempPath() + "/embedscope-XXXXXX"};
    fs::path root_, straight_;
    int made_ = 0;

    fs::path newFolder() { return root_ / std::to_string(++made_); }
    fs::path copy() {
        const fs::path folder = newFolder();
        fs::copy(straight_, folder, fs::copy_options::recursive);
        return folder;
    }

    /// Every file that is there is whole. Files in the making have names of their own.
    static std::string halfFileIn(const fs::path& folder, bool tornTails = false) {
        const std::string found = complaint([&] {
            for (const auto& entry : fs::recursive_directory_iterator(folder)) {
                const fs::path& file = entry.path();
                if (file.extension() == ".npy") readNpy(file);
                if (file.filename() == "weights.safetensors") readWeights(file);
                if (file.parent_path().filename() == "checkpoints" && file.extension() == ".safetensors")
                    readCheckpoint(file);
            }
        });
        if (!found.empty()) return found;
        if (tornTails) return "";
        const std::string events = textOf(folder / "events.jsonl");
        if (!events.empty() && events.back() != '\n') return "events.jsonl ends within a line";
        for (const QByteArray& line : QByteArray::fromStdString(events).split('\n'))
            if (!line.isEmpty() && !QJsonDocument::fromJson(line).isObject())
                return "events.jsonl: " + line.toStdString();
        const std::string metrics = textOf(folder / "metrics.csv");
        if (!metrics.empty() && metrics.back() != '\n') return "metrics.csv ends within a line";
        const QStringList lines = QString::fromStdString(metrics).split('\n', Qt::SkipEmptyParts);
        for (const QString& line : lines)
            if (line.count(',') != lines.first().count(',')) return "metrics.csv: " + line.toStdString();
        return "";
    }

private Q_SLOTS:
    void initTestCase() {
        prepareProcess();
        QVERIFY(temporary_.isValid());
        root_ = temporary_.path().toStdString();
        straight_ = newFolder();
        QCOMPARE(train(smallExperiment(), createRunFolder(straight_), nullptr).phase, RunPhase::Finished);
    }
    void cleanup() { setWriteFault({}); }

    void CheckpointsAreReadAsTheyWereWritten() {
        const ResumePoint point = resumePointOf(straight_);
        QVERIFY(point.notices.empty());
        QCOMPARE(point.checkpoint->step, 12);
        QVERIFY(point.settings == smallExperiment());
        const fs::path copied = newFolder();
        fs::create_directories(copied);
        writeCheckpoint(copied / "x.safetensors", *point.checkpoint, 7, 9);
        const SavedCheckpoint read = readCheckpoint(copied / "x.safetensors");
        QCOMPARE(read.metricsBytes, 7U);
        QCOMPARE(read.eventsBytes, 9U);
        QCOMPARE(read.checkpoint.seconds, point.checkpoint->seconds);
        QCOMPARE(read.checkpoint.dataFingerprint, point.checkpoint->dataFingerprint);
        QCOMPARE(read.checkpoint.state.size(), point.checkpoint->state.size());
        for (std::size_t i = 0; i < read.checkpoint.state.size(); ++i) {
            const TypedTensor &one = read.checkpoint.state[i], &other = point.checkpoint->state[i];
            QVERIFY(one.name == other.name && one.type == other.type && one.shape == other.shape &&
                    one.bytes == other.bytes);
        }
    }

    void EveryCheckpointLeadsToTheSameEnd() {
        for (const std::int64_t epoch : {0, 1, 2}) {
            const fs::path folder = copy();
            for (std::int64_t later = epoch + 1; later <= 3; ++later) fs::remove(checkpointFile(folder, later));
            QCOMPARE(resume(folder).phase, RunPhase::Finished);
            QVERIFY(sameRun(folder, straight_));
            QVERIFY(halfFileIn(folder).empty());
        }
    }

    void TornTailsAreDroppedWithANote() {
        const fs::path folder = copy();
        fs::remove(checkpointFile(folder, 3));
        std::ofstream(folder / "metrics.csv", std::ios::app) << "13,3.2,0.5,1";
        std::ofstream(folder / "events.jsonl", std::ios::app) << "{\"step\": 13, \"ki";
        QCOMPARE(resume(folder).phase, RunPhase::Finished);
        QVERIFY(sameRun(folder, straight_));
        QVERIFY2(halfFileIn(folder).empty(), halfFileIn(folder).c_str());
        QVERIFY(textOf(folder / "events.jsonl").find("\"dropped\"") != std::string::npos);
    }

    void ARunThatEndedBeforeItsFirstCheckpointBeginsAnew() {
        const fs::path folder = copy();
        fs::remove_all(folder / "checkpoints");
        fs::remove_all(folder / "epochs");
        QVERIFY(resumePointOf(folder).checkpoint == nullptr);
        QCOMPARE(resume(folder).phase, RunPhase::Finished);
        QVERIFY(sameRun(folder, straight_));
    }

    void APauseIsNotLostWhenTheProgramEnds() {
        const fs::path folder = newFolder();
        QCOMPARE(train(smallExperiment(), createRunFolder(folder), nullptr, 6).phase, RunPhase::Stopped);
        QCOMPARE(resumePointOf(folder).checkpoint->step, 6);
        QCOMPARE(resume(folder).phase, RunPhase::Finished);
        QVERIFY(sameRun(folder, straight_));
        QVERIFY(!fs::exists(pausedFile(folder)));
    }

    void AStopWithinAnEpochLosesNothing() {
        const fs::path folder = newFolder();
        trainUntilStopped(folder, 6);
        QCOMPARE(resumePointOf(folder).checkpoint->step, 6);
        QCOMPARE(resume(folder).phase, RunPhase::Finished);
        QVERIFY(sameRun(folder, straight_));
        QVERIFY2(halfFileIn(folder).empty(), halfFileIn(folder).c_str());
    }

    void WhatIsBeyondTheStepGoneBackToIsDropped() {
        const fs::path folder = newFolder();
        const auto recorder = createRunFolder(folder);
        recorder->begin(smallExperiment(), *syntheticData());
        const auto stateAt = [&](std::int64_t epoch) {
            return std::make_shared<const Checkpoint>(readCheckpoint(checkpointFile(straight_, epoch)).checkpoint);
        };
        BankFrame bank;
        bank.dimension = 1;
        bank.samples = std::make_shared<const std::vector<std::int32_t>>(1, 0);
        bank.embeddings = {1};
        bank.computedAtStep = {0};
        for (const int epoch : {0, 1, 2, 3}) {
            recorder->epochEnd(epoch, bank);
            recorder->checkpoint(stateAt(epoch));
        }
        QCOMPARE(keptEpochs(folder), (std::vector<std::int64_t>{0, 1, 2, 3}));
        recorder->checkpoint(stateAt(1));
        QCOMPARE(keptEpochs(folder), (std::vector<std::int64_t>{0, 1}));
        QCOMPARE(resumePointOf(folder).checkpoint->step, 4);
    }

    void ARunThatIsKeptLaterGoesOnToTheSameEnd_data() {
        QTest::addColumn<int>("steps");
        QTest::newRow("within an epoch") << 6;
        QTest::newRow("at its end") << 8;
    }
    void ARunThatIsKeptLaterGoesOnToTheSameEnd() {
        QFETCH(int, steps);
        const std::unique_ptr<Run> run = unkeptRun();
        for (int i = 0; i < steps; ++i) run->post(StepOnce{});
        QTRY_VERIFY_WITH_TIMEOUT(run->latest()->phase == RunPhase::Paused && run->latest()->step == steps, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(run->checkpoints().back()->step, std::int64_t{steps}, 60'000);
        const fs::path folder = newFolder();
        keepRun(folder, *syntheticData(), *run->latest(), run->checkpoints().back(), nullptr);
        QVERIFY2(halfFileIn(folder).empty(), halfFileIn(folder).c_str());
        QCOMPARE(resumePointOf(folder).checkpoint->step, std::int64_t{steps});
        QCOMPARE(newestPoints(folder).bank->count(), std::size_t{60});  // the library draws them
        QCOMPARE(keptRuns(folder).front().state, std::string("stopped"));
        QCOMPARE(resume(folder).phase, RunPhase::Finished);
        QVERIFY(sameRun(folder, straight_));
    }

    void WhatCannotBeKeptLeavesNoFolder() {
        const std::unique_ptr<Run> run = unkeptRun();
        QTRY_VERIFY_WITH_TIMEOUT(run->latest()->ended(), 60'000);
        const fs::path folder = newFolder();
        for (int failing = 1; failing < 40; failing += 3) {
            int calls = 0;
            setWriteFault([&](WriteCall, const fs::path&) { return ++calls >= failing ? ENOSPC : 0; });
            const std::string sentence = complaint(
                [&] { keepRun(folder, *syntheticData(), *run->latest(), run->checkpoints().back(), nullptr); });
            setWriteFault({});
            if (sentence.empty()) QVERIFY(calls < failing);
            QCOMPARE(fs::exists(folder), sentence.empty());
            fs::remove_all(folder);
        }
    }

    void ADamagedCheckpointIsToldAndAnOlderOneUsed() {
        const fs::path folder = copy();
        const fs::path newest = checkpointFile(folder, 3);
        write(newest, textOf(newest).substr(0, fs::file_size(newest) / 2));
        const ResumePoint point = resumePointOf(folder);
        QCOMPARE(point.checkpoint->step, 8);
        QCOMPARE(point.notices.size(), 1U);
        QVERIFY(point.notices.front().find("epoch_3") != std::string::npos);
    }

    void ForeignFoldersAreASentence_data() {
        QTest::addColumn<QString>("damage");
        QTest::addColumn<QString>("named");
        QTest::newRow("nothing there") << "empty"
                                       << "holds no run";
        QTest::newRow("no checkpoints kept") << "no checkpoints"
                                             << "kept no checkpoints";
        QTest::newRow("another format") << "format"
                                        << "format \"2\"";
        QTest::newRow("no checkpoint file") << "foreign"
                                            << "checkpoints/epoch_3";
        QTest::newRow("metrics cut") << "metrics"
                                     << "metrics.csv";
    }
    void ForeignFoldersAreASentence() {
        QFETCH(QString, damage);
        QFETCH(QString, named);
        const fs::path folder = copy();
        if (damage == "empty") fs::remove(folder / "experiment.json");
        if (damage == "no checkpoints") fs::remove_all(folder / "checkpoints");
        if (damage == "metrics") fs::resize_file(folder / "metrics.csv", 100);
        for (const std::int64_t epoch : savedEpochs(folder)) {
            std::string text = textOf(checkpointFile(folder, epoch));
            const std::size_t place = text.find("\"checkpoint_format\":\"1\"");
            if (damage == "format") text[place + 21] = '2';
            if (damage == "foreign") text = "PK\3\4 something else altogether";
            write(checkpointFile(folder, epoch), text);
        }
        const std::string sentence = complaint([&] {
            const Ended ended = resume(folder);
            if (ended.phase == RunPhase::Failed) throw std::runtime_error(ended.message);
        });
        QVERIFY2(QString::fromStdString(sentence).contains(named), sentence.c_str());
    }

    void OldCheckpointsAreThinned() {
        using Epochs = std::vector<std::int64_t>;
        QCOMPARE(passingEpochs({}, 4), Epochs{});
        QCOMPARE(passingEpochs({0, 1}, 0), Epochs{});
        QCOMPARE(passingEpochs({0, 1, 2}, 0), Epochs{0});
        QCOMPARE(passingEpochs({0, 1, 2, 3, 4, 5}, 4), Epochs{});
        QCOMPARE(passingEpochs({0, 1, 2, 3, 4, 5, 6}, 4), (Epochs{1, 3}));
        Epochs kept;
        for (std::int64_t epoch = 0; epoch < 1000; ++epoch) {
            kept.push_back(epoch);
            for (const std::int64_t gone : passingEpochs(kept, 16)) std::erase(kept, gone);
            QVERIFY(kept.size() <= 18);
            QCOMPARE(kept.back(), epoch);
            if (epoch > 0) QCOMPARE(kept[kept.size() - 2], epoch - 1);
        }
        QVERIFY(kept.size() > 8);
    }

    void TrainedLongerTheFolderSaysSo() {
        const fs::path folder = copy();
        ResumePoint point = resumePointOf(folder);
        point.settings.epochs = 4;
        QCOMPARE(train(point.settings, resumeRunFolder(folder, point.checkpoint.get()), point.checkpoint).phase,
                 RunPhase::Finished);
        QCOMPARE(readExperiment(folder / "experiment.json").epochs, 4);
        QCOMPARE(resume(folder).phase, RunPhase::Finished);
        QCOMPARE(readExperiment(folder / "experiment.json").epochs, 4);
    }

    /// Every call that writes fails once, or from one on all do; disk full and disk broken in turn.
    void NoFailureToWriteLeavesAHalfFile_data() {
        QTest::addColumn<bool>("forEver");
        QTest::newRow("once") << false;
        QTest::newRow("from then on") << true;
    }
    void NoFailureToWriteLeavesAHalfFile() {
        QFETCH(bool, forEver);
        Experiment experiment = smallExperiment();
        experiment.epochs = 1;
        const fs::path whole = newFolder();
        int calls = 0;
        setWriteFault([&](WriteCall, const fs::path&) { return ++calls, 0; });
        QCOMPARE(train(experiment, createRunFolder(whole), nullptr).phase, RunPhase::Finished);
        const int all = calls;
        QVERIFY(all > 40);
        int finished = 0, resumed = 0;
        for (int failing = 1; failing <= all; ++failing) {
            calls = 0;
            setWriteFault([&](WriteCall, const fs::path&) {
                ++calls;
                const bool fails = calls == failing || (forEver && calls > failing);
                return fails ? (failing % 2 == 0 ? ENOSPC : EIO) : 0;
            });
            const fs::path folder = newFolder();
            Ended ended{RunPhase::Failed, ""};
            const std::string refusal = complaint([&] { ended = train(experiment, createRunFolder(folder), nullptr); });
            setWriteFault({});
            const QString told = QString::fromStdString(refusal + ended.message + textOf(folder / "events.jsonl"));
            QVERIFY2(told.contains("could not be written"), qPrintable(QString::number(failing) + ": " + told));
            if (!fs::exists(folder)) continue;
            // On a disk that fails for ever a torn line cannot be cut off; who reads on drops it.
            const std::string half = halfFileIn(folder, forEver);
            QVERIFY2(half.empty(), half.c_str());
            if (ended.phase != RunPhase::Finished) continue;
            ++finished;
            fs::remove(checkpointFile(folder, 1));
            if (failing % 4 != 0 || !hasCheckpoints(folder)) continue;
            ++resumed;
            QCOMPARE(resume(folder).phase, RunPhase::Finished);
            QVERIFY(textOf(folder / "weights.safetensors") == textOf(whole / "weights.safetensors"));
            QVERIFY2(halfFileIn(folder).empty(), halfFileIn(folder).c_str());
        }
        QVERIFY(finished > all / 2 && resumed > 3);
    }
};

QTEST_GUILESS_MAIN(RunResumeTest)
#include "run_resume_test.moc"
