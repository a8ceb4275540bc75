#include "engine/projections/projection_worker.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <numeric>
#include <utility>

using namespace embedscope;

namespace {

constexpr std::size_t kCount = 200;

/// @param first Width of the first number; that of the second is 3, of the others 1.
std::shared_ptr<const BankFrame> bankOf(std::uint64_t seed, std::int64_t step, float first = 6) {
    auto bank = std::make_shared<BankFrame>();
    bank->runId = 1;
    bank->step = step;
    bank->dimension = 6;
    bank->embeddings = RandomPoints(seed).rows(kCount, 6);
    for (std::size_t i = 0; i < kCount; ++i) {
        bank->embeddings[6 * i] *= first;
        bank->embeddings[6 * i + 1] *= 3;
    }
    bank->computedAtStep.resize(kCount);
    auto samples = std::make_shared<std::vector<std::int32_t>>(kCount);
    std::iota(samples->begin(), samples->end(), 0);
    bank->samples = std::move(samples);
    return bank;
}

ProjectionRequests following(std::shared_ptr<const BankFrame> bank, bool quiet) {
    ProjectionRequests requests;
    requests.bank = std::move(bank);
    requests.quiet = quiet;
    return requests;
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
        beside.take(following(bankOf(1, 1), true));
        worked(beside);
        beside.take(following(bankOf(1, 2, 12), true));
        worked(beside);
        beside.take(following(nullptr, false));
        const auto last = worked(beside);
        alone.take(following(bankOf(1, 2, 12), false));
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
            ProjectionRequests requests = following(bankOf(static_cast<std::uint64_t>(step), step), true);
            requests.method = Choice{"lda", {}};
            requests.labels = labels;
            worker.take(std::move(requests));
            const auto layout = worked(worker);
            QVERIFY(layout);
            QCOMPARE(layout->step, step);
            QVERIFY(!layout->problem.empty());
        }
    }
};

QTEST_APPLESS_MAIN(ProjectionWorkerTest)
#include "projection_worker_test.moc"
