// Embeddings of past batches as partners, against loops over the formulas.

#include "engine/training/partner_memory.h"

#include "engine/losses/loss.h"
#include "tests/support/batches.h"

#include <ATen/Functions.h>

#include <QTest>

#include <cmath>

using namespace embedscope;

namespace {

std::unique_ptr<Encoder> smallEncoder() {
    return makeEncoder({"small_cnn", {{"width", 8}}}, {.channels = 1, .dimension = 6, .seed = 3});
}

std::unique_ptr<PartnerMemory> memoryOf(const Choice& choice) {
    static const std::unique_ptr<Encoder> kEncoder = smallEncoder();
    return makeMemory(choice, {*kEncoder, smallEncoder});
}

/// A batch and what is left of two earlier ones below it.
struct Joined {
    Batch now = seededBatch(10, 6, 4, 1);
    Batch older = seededBatch(8, 6, 4, 2), old = seededBatch(12, 6, 4, 3);
    Partners partners;

    explicit Joined(double size = 15) {
        const auto memory = memoryOf({"queue", {{"size", size}, {"start", 0}}});
        memory->remember({}, older.embeddings, older.labels, {});
        memory->remember({}, old.embeddings, old.labels, {});
        partners = memory->join(now.embeddings, now.labels);
    }
};

double squareBetween(const torch::Tensor& rows, std::int64_t a, std::int64_t b) {
    return (rows[a] - rows[b]).square().sum().item<double>();
}

struct Mean {
    double sum = 0;
    std::int64_t count = 0;
    void add(double term) { sum += term, ++count; }
    double value() const { return count > 0 ? sum / static_cast<double>(count) : 0; }
};

/// Calls use(anchor, positive, negative) for each anchor of the batch and partners of batch and memory.
template <typename Use>
void forTriplets(const Partners& all, Use use) {
    const auto label = all.labels.accessor<std::int64_t, 1>();
    for (std::int64_t a = 0; a < all.anchors; ++a)
        for (std::int64_t p = 0; p < label.size(0); ++p)
            for (std::int64_t n = 0; n < label.size(0); ++n)
                if (p != a && label[p] == label[a] && label[n] != label[a]) use(a, p, n);
}

double lossOf(const Choice& loss, const Choice& miner, const Partners& partners) {
    const auto mine = makeMiner(miner, 1);
    LossSetting setting;
    setting.dimension = 6;
    setting.classes = 4;
    return makeLoss(loss, setting)
        ->evaluate(partners.embeddings, partners.labels, mineFor(partners, *mine))
        .loss.item<double>();
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-9 * std::max(1.0, std::abs(b));
}

}  // namespace

class PartnerMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void OldestLeaveFirst() {
        const Joined joined(15);
        QCOMPARE(joined.partners.labels.size(0), 10 + 15);
        QCOMPARE(joined.partners.anchors, 10);
        const torch::Tensor kept = torch::cat({joined.older.embeddings.slice(0, 5), joined.old.embeddings}).detach();
        QVERIFY(torch::equal(joined.partners.embeddings.slice(0, 10).detach(), kept));
        QVERIFY(torch::equal(joined.partners.labels.slice(0, 10),
                             torch::cat({joined.older.labels.slice(0, 5), joined.old.labels})));
    }

    void AnEmptyQueueIsRestoredEmpty() {
        const Batch batch = seededBatch(8, 6, 4, 2, torch::kFloat);
        for (const char* id : {"queue", "momentum_queue"}) {
            const auto memory = memoryOf({id, {{"start", 0}}});
            std::vector<TypedTensor> before;
            memory->save(StateWriter(before));
            const torch::Tensor images = torch::zeros({8, 1, 12, 12});
            memory->remember(images, batch.embeddings, batch.labels, {});
            QVERIFY(memory->join(batch.embeddings, batch.labels).fromMemory());
            memory->load(StateReader(before));
            QVERIFY(!memory->join(batch.embeddings, batch.labels).fromMemory());
        }
    }

    void ContrastiveIsTheMeanOverPairsOfAnchorsAndPartners() {
        const Joined joined;
        Mean mean;
        const auto label = joined.partners.labels.accessor<std::int64_t, 1>();
        for (std::int64_t a = 0; a < joined.partners.anchors; ++a)
            for (std::int64_t b = 0; b < label.size(0); ++b) {
                if (a == b) continue;
                const double square = squareBetween(joined.partners.embeddings, a, b);
                mean.add(label[a] == label[b] ? square : std::max(0.0, 9 - square));
            }
        QVERIFY(near(lossOf({"contrastive_squared", {{"margin", 9}}}, {"all", {}}, joined.partners), mean.value()));
    }

    void TripletsHaveTheirAnchorsInTheBatch() {
        const Joined joined;
        const torch::Tensor rows = joined.partners.embeddings.detach();
        const torch::Tensor unit = rows / rows.norm(2, {1}, true);
        Mean all, semiHard;
        forTriplets(joined.partners, [&](std::int64_t a, std::int64_t p, std::int64_t n) {
            const double term = std::max(0.0, squareBetween(rows, a, p) - squareBetween(rows, a, n) + 0.2);
            all.add(term);
            const double gap = std::sqrt(squareBetween(unit, a, n)) - std::sqrt(squareBetween(unit, a, p));
            if (gap > 0 && gap <= 0.2) semiHard.add(term);
        });
        QVERIFY(semiHard.count > 0 && semiHard.count < all.count);
        QVERIFY(near(lossOf({"triplet_squared", {}}, {"all", {}}, joined.partners), all.value()));
        QVERIFY(near(lossOf({"triplet_squared", {}}, {"semi_hard", {}}, joined.partners), semiHard.value()));
    }

    void BatchHardLooksIntoTheMemory() {
        const Joined joined;
        const torch::Tensor rows = joined.partners.embeddings.detach();
        const torch::Tensor unit = rows / rows.norm(2, {1}, true);
        std::vector<double> farthest(10, -1), nearest(10, 9), pull(10), push(10);
        forTriplets(joined.partners, [&](std::int64_t a, std::int64_t p, std::int64_t n) {
            if (const double d = squareBetween(unit, a, p); d > farthest[a])
                farthest[a] = d, pull[a] = squareBetween(rows, a, p);
            if (const double d = squareBetween(unit, a, n); d < nearest[a])
                nearest[a] = d, push[a] = squareBetween(rows, a, n);
        });
        Mean mean;
        for (int a = 0; a < 10; ++a) mean.add(std::max(0.0, pull[a] - push[a] + 0.2));
        QVERIFY(near(lossOf({"triplet_squared", {}}, {"batch_hard", {}}, joined.partners), mean.value()));
    }

    void SoftmaxLossesAverageOverTheBatchOnly() {
        const Joined joined;
        const torch::Tensor rows = joined.partners.embeddings.detach();
        const torch::Tensor unit = rows / rows.norm(2, {1}, true);
        const auto label = joined.partners.labels.accessor<std::int64_t, 1>();
        Mean mean;
        for (std::int64_t a = 0; a < 10; ++a) {
            double everyone = 0, similar = 0;
            int positives = 0;
            for (std::int64_t b = 0; b < label.size(0); ++b) {
                if (a == b) continue;
                const double score = unit[a].dot(unit[b]).item<double>() / 0.1;
                everyone += std::exp(score);
                if (label[a] == label[b]) similar += score, ++positives;
            }
            mean.add(positives > 0 ? std::log(everyone) - similar / positives : 0);
        }
        const Choice khosla{"supcon_khosla", {{"temperature", 0.1}, {"base_temperature", 0.1}}};
        QVERIFY(near(lossOf(khosla, {"all", {}}, joined.partners), mean.value()));
    }

    void OnlyTheBatchHasAGradientWhateverTheLossAndMiner() {
        for (const CatalogEntry& loss : lossCatalog()) {
            if (!overlaps(loss.grouping, Grouping::Pairs | Grouping::Triplets)) continue;
            for (const CatalogEntry& miner : minerCatalog()) {
                if (miner.id == "hard_distance_cascade") continue;
                const Joined joined;
                LossSetting setting;
                setting.dimension = 6;
                setting.classes = 4;
                const auto mine = makeMiner({miner.id, {}}, 1);
                const Tuples tuples = mineFor(joined.partners, *mine);
                makeLoss({loss.id, {}}, setting)
                    ->evaluate(joined.partners.embeddings, joined.partners.labels, tuples)
                    .loss.backward();
                QVERIFY2(joined.now.embeddings.grad().isfinite().all().item<bool>(), loss.id.c_str());
                QVERIFY2(!joined.old.embeddings.grad().defined(), loss.id.c_str());
                QVERIFY2(!joined.older.embeddings.grad().defined(), loss.id.c_str());
            }
        }
    }

    void NothingIsKeptBeforeTheStartAndUnlabelledRowsNever() {
        const auto memory = memoryOf({"queue", {{"size", 64}, {"start", 2}}});
        const Batch batch = seededBatch(6, 6, 3, 4);
        const torch::Tensor labels = torch::tensor({0, -1, 1, 2, -1, 0}, torch::kLong);
        for (const std::int64_t rows : {6, 6, 6, 10, 14}) {
            QCOMPARE(memory->join(batch.embeddings, labels).labels.size(0), rows);
            memory->remember({}, batch.embeddings, labels, {});
        }
    }

    void MomentumCopyFollowsSlowly() {
        const auto encoder = smallEncoder();
        const auto memory =
            makeMemory({"momentum_queue", {{"size", 64}, {"momentum", 0.75}}}, {*encoder, smallEncoder});
        const auto expected = smallEncoder();
        const torch::NoGradGuard noGradient;
        const torch::Tensor weight = encoder->weights()[0].tensor;
        weight.add_(1);
        expected->weights()[0].tensor.add_(0.25);
        const torch::Tensor images = torch::arange(4 * 64, torch::kFloat).view({4, 1, 8, 8}).sin();
        const torch::Tensor labels = torch::tensor({0, 1, 0, 1}, torch::kLong);
        const torch::Tensor embeddings = torch::zeros({4, 6});
        memory->remember(images, embeddings, labels, {});
        const torch::Tensor kept = memory->join(embeddings, labels).embeddings.slice(0, 4);
        QVERIFY(torch::allclose(kept, expected->embed(images, {Pass::Mode::Train, {}}), 1e-5, 1e-6));
        QVERIFY(!torch::allclose(kept, encoder->embed(images, {Pass::Mode::Train, {}}), 1e-3, 1e-3));
    }
};

QTEST_APPLESS_MAIN(PartnerMemoryTest)
#include "partner_memory_test.moc"
