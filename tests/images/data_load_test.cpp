#include "tests/images/picture_files.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <sched.h>

using namespace embedscope;
namespace fs = std::filesystem;

namespace {

constexpr int kSlowImages = 100;

bool hasEnded(const LoadState& state) {
    return state.phase != LoadPhase::Scanning && state.phase != LoadPhase::Decoding;
}

/// A load and all that it published.
class WatchedLoad {
public:
    explicit WatchedLoad(const fs::path& folder)
        : load_(DataSettings{.folder = folder}, [this] {
              std::lock_guard lock(mutex_);
              ++wakeUps_;
              changed_.notify_all();
          }) {}

    /// The first state published that fulfils the condition; null if the load ends before.
    template <typename Condition>
    std::shared_ptr<const LoadState> waitFor(Condition condition) {
        for (;;) {
            int seen;
            {
                std::lock_guard lock(mutex_);
                seen = wakeUps_;
            }
            const auto state = load_.latest();
            if (condition(*state)) return state;
            if (hasEnded(*state)) return nullptr;
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return wakeUps_ > seen; });
        }
    }
    void requestStop() { load_.requestStop(); }
    int wakeUps() {
        std::lock_guard lock(mutex_);
        return wakeUps_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int wakeUps_ = 0;
    DataLoad load_;  ///< Last: it wakes up with the others.
};

/// Runs on one core while it lives, so that the load has one thread.
class OnOneCore {
public:
    OnOneCore() {
        sched_getaffinity(0, sizeof before_, &before_);
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(sched_getcpu(), &one);
        sched_setaffinity(0, sizeof one, &one);
    }
    ~OnOneCore() { sched_setaffinity(0, sizeof before_, &before_); }
    OnOneCore(const OnOneCore&) = delete;
    OnOneCore& operator=(const OnOneCore&) = delete;

private:
    cpu_set_t before_{};
};

}  // namespace

/// The threads behind an open folder.
class DataLoadTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;
    fs::path slow_;   ///< Takes seconds to decode.
    fs::path quick_;  ///< Small, with unreadable files in it.

private Q_SLOTS:
    void initTestCase() {
        const fs::path root = temporary_.path().toStdString();
        slow_ = root / "slow";
        cv::Mat noise(600, 600, CV_8UC3);
        cv::randu(noise, 0, 255);
        const std::string picture = encoded(noise, ".png");
        fs::create_directories(slow_ / "a");
        fs::create_directories(slow_ / "b");
        writeBytes(slow_ / "a/0.png", picture);
        for (int i = 1; i < kSlowImages; ++i)
            fs::create_hard_link(slow_ / "a/0.png", slow_ / (i % 2 ? "a" : "b") / (std::to_string(i) + ".png"));
        quick_ = root / "quick";
        for (int i = 0; i < 400; ++i) {
            const fs::path file = quick_ / std::to_string(i % 7) / (std::to_string(i) + ".png");
            if (i % 40 == 3)
                writeBytes(file, "broken");
            else
                writePicture(file, {12, 12}, {double(i % 251), double(i % 13), 70});
        }
    }

    void PreviewsComeBeforeAllIsDecoded() {
        WatchedLoad load(slow_);
        const auto state = load.waitFor([](const LoadState& now) { return !now.preview.empty(); });
        QVERIFY(state);
        QCOMPARE(state->phase, LoadPhase::Decoding);
        QVERIFY(state->decoded < std::size_t(kSlowImages));
        QCOMPARE(state->found, std::size_t(kSlowImages));
        QCOMPARE(state->preview[0]->pixels.size(), state->preview[0]->shape.bytes());
    }

    void CancelEndsTheLoad() {
        WatchedLoad load(slow_);
        QVERIFY(load.waitFor([](const LoadState& now) { return now.decoded > 0; }));
        load.requestStop();
        const auto ended = load.waitFor(hasEnded);
        QCOMPARE(ended->phase, LoadPhase::Cancelled);
        QVERIFY(ended->decoded < std::size_t(kSlowImages));
        QVERIFY(!ended->dataSet);
        QVERIFY(ended->message.empty());
    }

    void CancelBeforeAnythingIsDecodedEndsTheLoad() {
        WatchedLoad load(slow_);
        load.requestStop();
        QCOMPARE(load.waitFor(hasEnded)->phase, LoadPhase::Cancelled);
    }

    void DestroyingItCancelsAndWaits() {
        QElapsedTimer clock;
        qint64 whole = 0, cut = 0;
        {
            clock.start();
            WatchedLoad load(slow_);
            load.waitFor(hasEnded);
            whole = clock.elapsed();
        }
        {
            WatchedLoad load(slow_);
            load.waitFor([](const LoadState& now) { return now.decoded > 0; });
            clock.start();
        }
        cut = clock.elapsed();
        QVERIFY2(cut < whole / 4, qPrintable(QString("%1 of %2 ms").arg(cut).arg(whole)));
    }

    void WakeUpsAreAtMostTwentyASecond() {
        QElapsedTimer clock;
        clock.start();
        WatchedLoad load(slow_);
        QCOMPARE(load.waitFor(hasEnded)->phase, LoadPhase::Done);
        // Besides those: what was found, the beginning of decoding and the end.
        QVERIFY(load.wakeUps() <= clock.elapsed() / 50 + 3);
        QVERIFY(load.wakeUps() > 3);
    }

    void LastStateCountsEverything() {
        WatchedLoad load(quick_);
        const auto state = load.waitFor(hasEnded);
        QCOMPARE(state->phase, LoadPhase::Done);
        QCOMPARE(state->found, std::size_t(400));
        QCOMPARE(state->decoded, std::size_t(390));
        QCOMPARE(state->skipped, std::size_t(10));
        QCOMPARE(state->dataSet->size(), std::size_t(390));
        QCOMPARE(state->message, std::string("10 of 400 files were skipped; see the report."));
        QVERIFY(state->imagesPerSecond > 0);
        QVERIFY(state->preview.size() > 40 && state->preview.size() <= 48);
    }

    void FailureReachesTheStateAsASentence() {
        WatchedLoad load(quick_ / "gone");
        const auto state = load.waitFor(hasEnded);
        QCOMPARE(state->phase, LoadPhase::Failed);
        QCOMPARE(state->message, "\"" + (quick_ / "gone").string() + "\" does not exist; check the path.");
    }

    void ResultDoesNotDependOnTheThreads() {
        const auto many = loaded(quick_);
        const OnOneCore one;
        const auto single = loaded(quick_);
        QCOMPARE(listing(*many), listing(*single));
        QCOMPARE(reportOf(*many), reportOf(*single));
        QVERIFY(std::ranges::equal(many->pixels.view(), single->pixels.view()));
        QCOMPARE(many->fingerprint, single->fingerprint);
    }

    void PixelsAreThoseOfTheFiles() {
        const auto data = loaded(quick_);
        for (std::size_t i = 0; i < data->size(); ++i) {
            const int number = std::stoi(fs::path(data->samples[i].path).stem().string());
            QCOMPARE(int(data->image(i)[0]), 70);
            QCOMPARE(int(data->image(i)[2]), number % 251);
            QCOMPARE(data->samples[i].label, number % 7);
        }
    }

    void WakeUpMayStopTheLoad() {
        std::atomic<DataLoad*> self = nullptr;
        DataLoad load(DataSettings{.folder = slow_}, [&] {
            if (DataLoad* running = self) running->requestStop();
        });
        self = &load;
        QTRY_COMPARE(load.latest()->phase, LoadPhase::Cancelled);
    }
};

QTEST_GUILESS_MAIN(DataLoadTest)
#include "data_load_test.moc"
