// A run that another one writes, seen through its folder.

#include "engine/live_points.h"
#include "engine/machine.h"
#include "engine/run_follow.h"
#include "engine/run_resume.h"
#include "engine/storage/growing_lines.h"
#include "engine/viewing/run_events.h"
#include "tests/support/kept_run.h"
#include "tests/support/run_watch.h"
#include "tests/support/small_experiment.h"
#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace embedscope;
using namespace embedscope::test;
namespace fs = std::filesystem;

namespace {

/// Waits for conditions on what a followed run publishes.
class Follower {
public:
    Follower(const fs::path& folder, std::shared_ptr<const DataSet> data) {
        RunStart start;
        start.runId = 5;
        start.data = std::move(data);
        start.wakeUp = [this] {
            const std::lock_guard lock(mutex_);
            told_.notify_all();
        };
        run_ = followRun(std::move(start), folder, describeRun(folder));
    }
    bool waitFor(const std::function<bool(const Snapshot&)>& condition) {
        std::unique_lock lock(mutex_);
        return told_.wait_for(lock, std::chrono::seconds(60), [&] { return condition(*run_->latest()); });
    }
    std::shared_ptr<const Snapshot> latest() const { return run_->latest(); }

private:
    std::mutex mutex_;
    std::condition_variable told_;
    std::unique_ptr<Run> run_;
};

}  // namespace

class FollowedRunTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    fs::path at(const std::string& name) const { return fs::path(temporary_.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() { prepareProcess(); }

    void AFinishedRunIsShownAsItEnded() {
        trainInto(at("ended"), smallExperiment(), syntheticData());
        Follower follower(at("ended"), syntheticData());
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Finished && now.bank; }));
        const auto last = follower.latest();
        QCOMPARE(last->runId, std::uint64_t{5});
        QCOMPARE(last->epoch, 2.0);
        QCOMPARE(last->bank->step, last->step);
        QCOMPARE(last->bank->count(), std::size_t{60});
        QVERIFY(last->distances->dissimilar.count > 0 && !std::isnan(last->history->back().recallAt1));
    }

    void EpochsAppearWhileTheyAreWritten() {
        Experiment experiment = smallExperiment();
        RunStart start;
        start.experiment = experiment;
        const auto data = syntheticData();
        // The recorder is led by hand, so that nothing depends on time.
        const auto recorder = createRunFolder(at("growing"));
        recorder->begin(experiment, *data);
        Follower follower(at("growing"), data);
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Preparing; }));
        BankFrame bank;
        bank.dimension = 2;
        bank.samples = std::make_shared<std::vector<std::int32_t>>(std::vector<std::int32_t>{0, 41, 5});
        bank.embeddings = {1, 2, 3, 4, 5, 6};
        bank.computedAtStep = {0, 0, 0};
        MetricsRow row;
        row.loss = 0.5;
        recorder->report(row);
        recorder->epochEnd(0, bank);
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Running && now.bank; }));
        const auto first = follower.latest();
        bank.embeddings[0] = 7;
        row.step = 8;
        row.epoch = 1;
        recorder->report(row);
        recorder->epochEnd(1, bank);
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.bank && now.bank->embeddings[0] == 7; }));
        const auto second = follower.latest();
        QCOMPARE(second->stepsPerEpoch, std::int64_t{8});
        QCOMPARE(second->bank->step, std::int64_t{8});
        QVERIFY(second->bank->samples == first->bank->samples);  // the same pointer: points glide
        Snapshot end;
        end.step = 8;
        end.phase = RunPhase::Stopped;
        end.message = "stopped by hand";
        recorder->end(end);
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Stopped; }));
        QCOMPARE(follower.latest()->message, std::string("stopped by hand"));
    }

    void ALineTooLongIsLeftOutHoweverItComes() {
        std::ofstream file(at("lines"), std::ios::binary);
        const auto append = [&file](const std::string& text) { file << text << std::flush; };
        GrowingLines lines(at("lines"));
        append("one\n" + std::string(kLongestLine + 1, 'x'));
        QCOMPARE(lines.next(), std::vector<std::string>{"one"});
        append("its end");
        QVERIFY(lines.next().empty());
        append(" at last\ntwo\nto");
        QCOMPARE(lines.next(), std::vector<std::string>{"two"});
        append("rn\n");
        QCOMPARE(lines.next(), std::vector<std::string>{"torn"});
        QVERIFY(!lines.restarted());
    }

    void AChangeInAPauseIsNoEndOfIt() {
        RunEvents events;
        takeEvent(R"({"step":3,"kind":"paused","value":true})", events);
        takeEvent(R"({"step":3,"kind":"learning_rate","value":0.5})", events);
        QCOMPARE(events.phase, RunPhase::Paused);
        takeEvent(R"({"step":3,"kind":"paused","value":false})", events);
        QCOMPARE(events.phase, RunPhase::Running);
        takeEvent(R"({"step":4,"kind":"end","value":{"phase":"failed","message":"why"}})", events);
        QCOMPARE(events.phase, RunPhase::Failed);
        QCOMPARE(events.message, std::string("why"));
        takeEvent(R"({"step":2,"kind":"from_checkpoint","value":2})", events);
        QCOMPARE(events.phase, RunPhase::Running);
        QVERIFY(events.message.empty());
    }

    void PointsMoveBetweenTheEndsOfEpochs() {
        const auto data = syntheticData();
        const fs::path folder = at("live"), file = folder / "live.safetensors";
        const auto recorder = createRunFolder(folder);
        recorder->begin(smallExperiment(), *data);
        BankFrame bank;
        bank.dimension = 2;
        bank.samples = std::make_shared<std::vector<std::int32_t>>(std::vector<std::int32_t>{0, 41, 5});
        bank.embeddings = {1, 2, 3, 4, 5, 6};
        bank.computedAtStep = {0, 0, 0};
        bank.exact = true;
        recorder->epochEnd(0, bank);
        Follower follower(folder, data);
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.bank != nullptr; }));
        const auto first = follower.latest();
        {
            LivePoints live(folder);
            for (const std::int64_t step : {3, 5}) {
                bank.step = step;
                bank.exact = false;
                bank.embeddings[0] = static_cast<float>(step);
                bank.computedAtStep = {step, 1, 0};
                live.offer(std::make_shared<const BankFrame>(bank));
                QVERIFY(follower.waitFor([step](const Snapshot& now) { return now.bank->step == step; }));
                const auto now = follower.latest();
                QVERIFY(now->phase == RunPhase::Running && now->bank->embeddings == bank.embeddings);
                QVERIFY(now->bank->computedAtStep == bank.computedAtStep);
                QVERIFY(!now->bank->exact && now->bank->samples == first->bank->samples);
            }
        }
        QVERIFY(fs::exists(file));  // stopped within an epoch
        {
            LivePoints live(folder);
            QVERIFY(!fs::exists(file));  // a resumed run begins before it
            bank.exact = true;
            live.offer(std::make_shared<const BankFrame>(bank));
        }
        QVERIFY(!fs::exists(file));  // the end of an epoch is kept anyway
    }

    void ARunThatWasCutOffIsNotTraining() {
        trainInto(at("cut"), smallExperiment(), syntheticData());
        std::ifstream events(at("cut/events.jsonl"));
        std::string kept, line;
        while (std::getline(events, line))
            if (line.find("\"end\"") == std::string::npos) kept += line + '\n';
        std::ofstream(at("cut/events.jsonl")) << kept;
        Follower follower(at("cut"), syntheticData());
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Stopped && now.bank; }));
        const std::string message = follower.latest()->message;
        QVERIFY2(message.find("Interrupted at epoch 2") != std::string::npos, message.c_str());
        // Somebody resumes it.
        const ResumePoint point = resumePointOf(at("cut"));
        const auto recorder = resumeRunFolder(at("cut"), point.checkpoint.get());
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Running; }));
        QCOMPARE(follower.latest()->message, std::string());
    }

    void AFolderThatGoesAwayIsASentence() {
        trainInto(at("goes"), smallExperiment(), syntheticData());
        Follower follower(at("goes"), syntheticData());
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.bank != nullptr; }));
        fs::remove_all(at("goes"));
        QVERIFY(follower.waitFor(
            [](const Snapshot& now) { return now.message.find("not there any more") != std::string::npos; }));
        QVERIFY(follower.latest()->bank);
    }

    void ATornTableIsReadAsFarAsItIsWhole() {
        trainInto(at("torn"), smallExperiment(), syntheticData());
        const std::uintmax_t whole = fs::file_size(at("torn/metrics.csv"));
        std::ofstream(at("torn/metrics.csv"), std::ios::app) << "999,3.5,";
        QVERIFY(fs::file_size(at("torn/metrics.csv")) > whole);
        Follower follower(at("torn"), syntheticData());
        QVERIFY(follower.waitFor([](const Snapshot& now) { return now.phase == RunPhase::Finished; }));
        QVERIFY(follower.latest()->step < 999);
    }

    void SamplesWithoutTheirImagesKeepTheirNames() {
        trainInto(at("bare"), smallExperiment(), syntheticData());
        const auto original = syntheticData();
        const auto data = samplesWithoutPictures(at("bare"), describeRun(at("bare")));
        QCOMPARE(data->size(), original->size());
        for (std::size_t i = 0; i < data->size(); ++i) {
            QCOMPARE(data->samples[i].path, original->samples[i].path);
            QCOMPARE(data->samples[i].label, original->samples[i].label);
            QVERIFY(data->samples[i].split == original->samples[i].split);
        }
    }
};

QTEST_GUILESS_MAIN(FollowedRunTest)
#include "followed_run_test.moc"
