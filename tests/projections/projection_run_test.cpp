#include "engine/projection.h"
#include "tests/support/random_points.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <limits>
#include <mutex>

using namespace embedscope;

namespace {

std::shared_ptr<const BankFrame> bankOf(std::size_t count, int dimension, std::int64_t step, std::uint64_t seed,
                                        std::uint64_t runId = 1) {
    auto bank = std::make_shared<BankFrame>();
    bank->runId = runId;
    bank->step = step;
    bank->dimension = dimension;
    bank->embeddings = RandomPoints(seed).rows(count, dimension);
    bank->computedAtStep.resize(count);
    bank->samples = std::make_shared<std::vector<std::int32_t>>(count);
    return bank;
}

/// Counts wake-ups; a test waits for a layout, never for a time.
class Follower {
public:
    void wake() {
        std::lock_guard lock(mutex_);
        ++wakeUps_;
        changed_.notify_all();
    }
    std::shared_ptr<const Layout> waitForStep(const ProjectionRun& run, std::int64_t step) {
        std::unique_lock lock(mutex_);
        const auto there = [&] { return run.latest() && run.latest()->step == step; };
        if (!changed_.wait_for(lock, std::chrono::seconds(60), there)) return nullptr;
        return run.latest();
    }
    template <typename Condition>
    std::shared_ptr<const Layout> waitFor(const ProjectionRun& run, Condition condition) {
        std::unique_lock lock(mutex_);
        const auto there = [&] { return run.latest() && condition(*run.latest()); };
        return changed_.wait_for(lock, std::chrono::seconds(60), there) ? run.latest() : nullptr;
    }
    bool waitForWakeUps(int count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return wakeUps_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int wakeUps_ = 0;
};

}  // namespace

class ProjectionRunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void PublishesTheLayoutOfTheBank() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        QVERIFY(!run.latest());
        const auto bank = bankOf(100, 5, 3, 1);
        run.follow(bank);
        const auto layout = follower.waitForStep(run, 3);
        QVERIFY(layout);
        QCOMPARE(layout->runId, 1U);
        QCOMPARE(layout->bank, bank);
        QCOMPARE(layout->samples, bank->samples);
        QCOMPARE(layout->coordinates, projectOnce(bank)->coordinates);
        QCOMPARE(layout->axisNames.size(), 2U);
    }

    void NewestWins() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        for (int step = 1; step <= 300; ++step) run.follow(bankOf(200, 8, step, 1));
        QVERIFY(follower.waitForStep(run, 300));
    }

    void StepsNeverGoBack() {
        std::atomic<bool> ordered = true;
        std::int64_t last = 0;
        Follower follower;
        ProjectionRun* self = nullptr;
        ProjectionRun run([&] {
            if (self) {
                ordered = ordered && self->latest()->step >= last;
                last = self->latest()->step;
            }
            follower.wake();
        });
        self = &run;
        for (int step = 1; step <= 100; ++step) run.follow(bankOf(50, 4, step, 1));
        QVERIFY(follower.waitForStep(run, 100));
        QVERIFY(ordered);
    }

    void BrokenFrameKeepsTheLastLayout() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        run.follow(bankOf(50, 4, 1, 1));
        QVERIFY(follower.waitForStep(run, 1));
        auto broken = std::make_shared<BankFrame>(*bankOf(50, 4, 2, 1));
        broken->embeddings[9] = std::numeric_limits<float>::quiet_NaN();
        run.follow(broken);
        run.follow(bankOf(50, 4, 3, 1));
        const auto layout = follower.waitForStep(run, 3);
        QVERIFY(layout);
        for (const float value : layout->coordinates) QVERIFY(std::isfinite(value));
        QVERIFY(!projectOnce(broken));
    }

    void NewRunStartsFresh() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        run.follow(bankOf(60, 5, 1, 1));
        QVERIFY(follower.waitForStep(run, 1));
        const auto other = bankOf(60, 5, 2, 2, 9);
        run.follow(other);
        const auto layout = follower.waitForStep(run, 2);
        QVERIFY(layout);
        QCOMPARE(layout->coordinates, projectOnce(other)->coordinates);
    }

    void LettingLooseWhilePausedTracksTheNewestFrame() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        run.follow(bankOf(60, 5, 1, 1));
        QVERIFY(follower.waitForStep(run, 1));
        run.setFrozen(true);
        run.follow(bankOf(60, 5, 2, 2));
        const auto frozen = follower.waitForStep(run, 2);
        QVERIFY(frozen && frozen->axisNames[0].starts_with("frozen "));
        run.setFrozen(false);  // no new frame comes
        QVERIFY(follower.waitForWakeUps(3));
        QVERIFY(!run.latest()->axisNames[0].starts_with("frozen "));
    }

    void EveryMethodDrawsTheBankAndSaysWhich() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        auto labels = std::make_shared<std::vector<std::int32_t>>(200);
        for (std::size_t i = 0; i < labels->size(); ++i) (*labels)[i] = static_cast<std::int32_t>(i % 3);
        run.setLabels(labels);
        auto bank = std::make_shared<BankFrame>(*bankOf(200, 6, 1, 1));
        auto samples = std::make_shared<std::vector<std::int32_t>>(200);
        for (std::size_t i = 0; i < samples->size(); ++i) (*samples)[i] = static_cast<std::int32_t>(i);
        bank->samples = samples;
        run.follow(bank);
        for (const CatalogEntry& entry : projectionCatalog()) {
            run.setMethod({entry.id, {}});
            const auto layout = follower.waitFor(run, [&](const Layout& each) { return each.method == entry.id; });
            QVERIFY2(layout && layout->problem.empty(), entry.id.c_str());
            QCOMPARE(layout->coordinates.size(), 400U);
        }
    }

    void EveryMethodDrawsInThreeDimensionsWhenAskedTo() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        auto labels = std::make_shared<std::vector<std::int32_t>>(1);
        auto bank = std::make_shared<BankFrame>(*bankOf(120, 6, 1, 1));
        auto samples = std::make_shared<std::vector<std::int32_t>>(120);
        for (std::size_t i = 0; i < samples->size(); ++i) (*samples)[i] = static_cast<std::int32_t>(i);
        labels->resize(120);
        for (std::size_t i = 0; i < labels->size(); ++i) (*labels)[i] = static_cast<std::int32_t>(i % 4);
        bank->samples = samples;
        run.setLabels(labels);
        run.follow(bank);
        run.setDimensions(3);
        for (const CatalogEntry& entry : projectionCatalog()) {
            run.setMethod({entry.id, {}});
            const auto layout = follower.waitFor(
                run, [&](const Layout& each) { return each.method == entry.id && !each.depths.empty(); });
            QVERIFY2(layout && layout->problem.empty(), entry.id.c_str());
            QCOMPARE(layout->coordinates.size(), 240U);
            QCOMPARE(layout->depths.size(), 120U);
            QCOMPARE(layout->axisNames.size(), 3U);
        }
        run.setDimensions(2);
        QVERIFY(follower.waitFor(run, [](const Layout& each) { return each.depths.empty(); }));
    }

    void NormalisedEmbeddingsOfTwoOrThreeNumbersLieOnTheirSphere() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        const auto sphere = [](int dimension, std::int64_t step) {
            auto bank = std::make_shared<BankFrame>(*bankOf(40, dimension, step, 1));
            for (std::size_t i = 0; i < 40; ++i) {
                const auto row =
                    std::span(bank->embeddings)
                        .subspan(i * static_cast<std::size_t>(dimension), static_cast<std::size_t>(dimension));
                double squared = 0;
                for (const float value : row) squared += static_cast<double>(value) * value;
                for (float& value : row) value /= static_cast<float>(std::sqrt(squared));
            }
            return bank;
        };
        run.follow(sphere(2, 1));
        QVERIFY(std::abs(follower.waitForStep(run, 1)->sphereRadius - 1) < 1e-5);
        run.setMethod({"raw", {}});
        run.follow(sphere(3, 2));
        const auto isRaw = [](const Layout& each) { return each.method == "raw" && each.step == 2; };
        QVERIFY(std::abs(follower.waitFor(run, isRaw)->sphereRadius - 1) < 1e-5);
        run.follow(bankOf(40, 3, 3, 1));
        QCOMPARE(follower.waitForStep(run, 3)->sphereRadius, 0.0);
        run.setMethod({"pca", {}});
        run.follow(sphere(3, 4));  // a plane through the sphere
        QCOMPARE(follower.waitForStep(run, 4)->sphereRadius, 0.0);
    }

    void MapFlowsWithoutANewBankUntilItIsSettledAndMeasured() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        run.setMeasuring(true);
        run.setMethod({"umap", {{"epochs", 100}}});
        run.follow(bankOf(150, 6, 1, 1));
        const auto isDone = [](const Layout& each) {
            return each.method == "umap" && each.settled && each.mapStep > 0 && each.quality &&
                   each.quality->asked == 150;
        };
        const auto settled = follower.waitFor(run, isDone);
        QVERIFY(settled);
        QVERIFY(settled->quality->trustworthiness > 0.5 && settled->quality->pointTrust.size() == 150);
        run.setQuiet(true);
        run.setMethod({"umap", {{"epochs", 1500}}});
        run.startOver();
        QVERIFY(follower.waitFor(run, [](const Layout& each) { return each.mapStep > 0 && !each.settled; }));
        run.settle();
        QVERIFY(follower.waitFor(run, isDone));
    }

    void AMapChosenWhileFrozenFindsItsPlacesAndFollowsNoFurther() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        run.setFrozen(true);
        run.setMethod({"umap", {{"epochs", 50}}});
        run.follow(bankOf(100, 6, 1, 1));
        const auto isPlaced = [](const Layout& each) { return each.mapStep >= 50 && each.settled; };
        const auto placed = follower.waitFor(run, isPlaced);
        QVERIFY(placed);
        run.follow(bankOf(100, 6, 2, 2));
        run.setFrozen(false);
        const auto freed =
            follower.waitFor(run, [](const Layout& each) { return each.step == 2 && each.mapStep > 50; });
        QVERIFY(freed);
    }

    void AMethodThatCannotDrawTheBankSaysWhyAndShowsPca() {
        Follower follower;
        ProjectionRun run([&] { follower.wake(); });
        run.setMethod({"lda", {}});
        run.follow(bankOf(60, 5, 1, 1));
        const auto layout = follower.waitForStep(run, 1);
        QVERIFY(layout && layout->problem.find("labels") != std::string::npos);
        QCOMPARE(layout->method, std::string("pca"));
        QVERIFY(layout->axisNames[0].starts_with("PC"));
    }

    void EndsAtOnceInMidProjection() {
        const auto bank = bankOf(10'000, 512, 1, 1);
        auto run = std::make_unique<ProjectionRun>(nullptr);
        run->follow(bank);
        QElapsedTimer timer;
        timer.start();
        run.reset();
        // To the end it takes seconds; stopped, less than 0.1 s on an idle machine.
        QVERIFY2(timer.elapsed() < 1000, std::to_string(timer.elapsed()).c_str());
        qInfo("ended within %lld ms", timer.elapsed());
    }

    void EndsWithoutAFrame() {
        for (int i = 0; i < 50; ++i) ProjectionRun run(nullptr);
    }
};

QTEST_APPLESS_MAIN(ProjectionRunTest)
#include "projection_run_test.moc"
