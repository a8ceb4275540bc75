#include "engine/projections/projection_worker.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <numeric>

using namespace embedscope;

namespace {

constexpr std::size_t kCount = 200;

std::shared_ptr<const BankFrame> bankOf(std::uint64_t seed, std::int64_t step) {
    auto bank = std::make_shared<BankFrame>();
    bank->runId = 1;
    bank->step = step;
    bank->dimension = 6;
    bank->embeddings = RandomPoints(seed).rows(kCount, 6);
    bank->computedAtStep.resize(kCount);
    auto samples = std::make_shared<std::vector<std::int32_t>>(kCount);
    std::iota(samples->begin(), samples->end(), 0);
    bank->samples = std::move(samples);
    return bank;
}

/// The newest layout of what the worker does until nothing is left; frames come when they are due.
std::shared_ptr<const Layout> worked(ProjectionWorker& worker) {
    std::shared_ptr<const Layout> newest;
    while (worker.hasWork())
        if (auto layout = worker.work({})) newest = std::move(layout);
    return newest;
}

}  // namespace

class ProjectionWorkerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Beside a run axes are fitted only now and then; what stays when the run rests has axes of its own.
    void PictureOfARestingRunIsOnItsOwnAxes() {
        ProjectionWorker beside, alone;
        beside.take({.bank = bankOf(1, 1), .quiet = true});
        worked(beside);
        beside.take({.bank = bankOf(2, 2), .quiet = true});
        worked(beside);
        beside.take({.quiet = false});
        const auto last = worked(beside);
        alone.take({.bank = bankOf(2, 2)});
        const auto expected = worked(alone);
        QVERIFY(last);
        QCOMPARE(last->step, 2);
        QCOMPARE(last->axisNames, expected->axisNames);
    }

    /// Every picture of it says so, not every other.
    void AMethodThatCannotDrawSaysSoForEachBank() {
        ProjectionWorker worker;
        const auto labels = std::make_shared<const std::vector<std::int32_t>>(kCount, 0);  // one class
        for (int step = 1; step <= 4; ++step) {
            worker.take({.bank = bankOf(static_cast<std::uint64_t>(step), step),
                         .method = Choice{"lda", {}},
                         .labels = labels,
                         .quiet = true});
            const auto layout = worked(worker);
            QVERIFY(layout);
            QCOMPARE(layout->step, step);
            QVERIFY(!layout->problem.empty());
        }
    }
};

QTEST_APPLESS_MAIN(ProjectionWorkerTest)
#include "projection_worker_test.moc"
