#include "engine/training/embedding_bank.h"

#include <QTest>

using namespace embedscope;

namespace {

using Indices = std::vector<std::int32_t>;

EmbeddingBank bankOf(Indices samples) {
    return {std::make_shared<const Indices>(std::move(samples)), 10, 2};
}

}  // namespace

class EmbeddingBankTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void TakesTheRowsOfItsOwnSamples() {
        EmbeddingBank bank = bankOf({7, 3});
        bank.put(Indices{3, 5, 7}, std::vector<float>{1, 2, 3, 4, 5, 6}, 9);
        const auto frame = bank.frame(1, 9, true);
        QCOMPARE(frame->embeddings, (std::vector<float>{5, 6, 1, 2}));
        QCOMPARE(frame->computedAtStep, (std::vector<std::int64_t>{9, 9}));
        QVERIFY(frame->exact);
        QVERIFY(bank.holds(3) && !bank.holds(5));
    }

    void StalestComeFirstAndTiesInTheOrderOfRows() {
        EmbeddingBank bank = bankOf({8, 2, 6, 4});
        bank.put(Indices{8, 2, 6, 4}, std::vector<float>(8), 1);
        bank.put(Indices{8}, std::vector<float>(2), 3);
        bank.put(Indices{6}, std::vector<float>(2), 2);
        QCOMPARE(bank.stalest(3), (Indices{2, 4, 6}));
        QCOMPARE(bank.stalest(100), (Indices{2, 4, 6, 8}));
    }

    void AFrameIsACopy() {
        EmbeddingBank bank = bankOf({1});
        bank.put(Indices{1}, std::vector<float>{1, 1}, 1);
        const auto before = bank.frame(1, 1, false);
        bank.put(Indices{1}, std::vector<float>{2, 2}, 2);
        QCOMPARE(before->embeddings, (std::vector<float>{1, 1}));
    }
};

QTEST_GUILESS_MAIN(EmbeddingBankTest)
#include "embedding_bank_test.moc"
