#include "engine/training/shared_batches.h"

#include <QTest>

using namespace embedscope;

namespace {

BatchKey keyOf(std::uint64_t step, std::uint64_t stream = 1) {
    BatchKey key;
    key.kind.stream = stream;
    key.kind.images = 2;
    key.step = step;
    key.samples = {static_cast<std::int32_t>(step), 7};
    return key;
}

torch::Tensor made(std::uint64_t step) {
    return torch::full({2}, static_cast<double>(step));
}

}  // namespace

class SharedBatchesTest : public QObject {
    Q_OBJECT

private:
    static torch::Tensor take(SharedBatches& batches, SharedBatches::Taker taker, std::uint64_t step,
                              std::uint64_t stream = 1) {
        return batches.take(taker, keyOf(step, stream), [step] { return made(step); });
    }

private Q_SLOTS:
    void TwinsInStepGetTheSameTensor() {
        SharedBatches batches;
        const auto a = batches.join(), b = batches.join();
        for (std::uint64_t step = 0; step < 10; ++step)
            QVERIFY(take(batches, a, step).data_ptr() == take(batches, b, step).data_ptr());
        QCOMPARE(batches.counts().made, std::int64_t{10});
        QCOMPARE(batches.counts().taken, std::int64_t{20});
        QCOMPARE(batches.counts().mostKept, std::size_t{1});
    }

    void OneFarAheadFillsNoMemoryAndTheOtherLacksNothing() {
        SharedBatches batches;
        const auto fast = batches.join(), slow = batches.join();
        for (std::uint64_t step = 0; step < 100; ++step) take(batches, fast, step);
        QCOMPARE(batches.counts().mostKept, std::size_t{4});
        for (std::uint64_t step = 0; step < 100; ++step)
            QCOMPARE(take(batches, slow, step)[0].item<double>(), static_cast<double>(step));
        QCOMPARE(batches.counts().made, std::int64_t{100 + 96});
    }

    void NothingIsKeptForThePausedNorForThoseWhoDrawOtherwise() {
        SharedBatches batches;
        const auto a = batches.join(), b = batches.join();
        batches.setPaused(b, true);
        for (std::uint64_t step = 0; step < 5; ++step) take(batches, a, step);
        QCOMPARE(batches.counts().mostKept, std::size_t{0});
        batches.setPaused(b, false);
        for (std::uint64_t step = 5; step < 8; ++step) {  // until it is known what b draws, something may be kept
            take(batches, b, step, 2);
            take(batches, a, step);
        }
        const std::size_t before = batches.counts().mostKept;
        for (std::uint64_t step = 8; step < 50; ++step) {
            take(batches, b, step, 2);
            take(batches, a, step);
        }
        QVERIFY(before <= 2);
        QCOMPARE(batches.counts().mostKept, before);
    }
};

QTEST_GUILESS_MAIN(SharedBatchesTest)
#include "shared_batches_test.moc"
