#include "engine/losses/distances.h"
#include "engine/losses/loss_table.h"
#include "engine/losses/triplet_sum.h"
#include "engine/losses/two_view_table.h"
#include "engine/miners/miner.h"
#include "tests/support/batches.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <QTest>

#include <cmath>

using namespace embedscope;

namespace {

constexpr int kClasses = 4;

std::unique_ptr<Loss> made(const LossRow& row, std::int64_t dimension) {
    LossSetting setting;
    setting.dimension = static_cast<int>(dimension);
    setting.classes = kClasses;
    auto loss = row.make({row.entry, completed(row.entry, {}), setting});
    for (torch::Tensor weight : loss->weights()) weight.set_data(weight.to(torch::kFloat64));
    return loss;
}

std::vector<LossRow> everyRow() {
    std::vector<LossRow> rows = lossTable();
    rows.insert(rows.end(), twoViewLossTable().begin(), twoViewLossTable().end());
    return rows;
}

double slopeAlong(Loss& loss, const Batch& batch, const torch::Tensor& direction) {
    constexpr double kStep = 1e-6;
    const auto at = [&](double step) {
        const torch::Tensor moved = (batch.embeddings.detach() + step * direction).requires_grad_(true);
        return loss.evaluate(moved, batch.labels, {}).loss.item<double>();
    };
    return (at(kStep) - at(-kStep)) / (2 * kStep);
}

/// Sum, selected and counted of a window, triplet by triplet.
struct Enumerated {
    double sum = 0;
    std::int64_t selected = 0, counted = 0;
};

template <typename Scalar>
Enumerated enumerated(const torch::Tensor& distances, const torch::Tensor& window, const torch::Tensor& labels,
                      const Tuples& tuples, double margin) {
    Enumerated result;
    const auto d = distances.accessor<Scalar, 2>(), w = window.accessor<Scalar, 2>();
    const auto y = labels.accessor<std::int64_t, 1>();
    const std::int64_t count = labels.size(0);
    for (std::int64_t a = 0; a < count; ++a)
        for (std::int64_t p = 0; p < count; ++p) {
            if (p == a || y[p] != y[a] || y[a] < 0) continue;
            for (std::int64_t n = 0; n < count; ++n) {
                if (y[n] == y[a] || y[n] < 0) continue;
                const Scalar gap = w[a][n] - w[a][p];
                if (!(gap > static_cast<Scalar>(tuples.above) && gap <= static_cast<Scalar>(tuples.upTo))) continue;
                const Scalar term = d[a][p] - d[a][n] + static_cast<Scalar>(margin);
                ++result.selected;
                if (term > 0) ++result.counted, result.sum += term;
            }
        }
    return result;
}

Tuples semiHardWindow(double margin) {
    Tuples tuples;
    tuples.kind = Tuples::Kind::Window;
    tuples.upTo = margin;
    return tuples;
}

}  // namespace

class LossesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void GradientsAgreeWithFiniteDifferences() {
        const Batch batch = seededBatch(16, 6, kClasses, 3);
        at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{5});
        const torch::Tensor direction = torch::randn({16, 6}, generator, torch::kFloat64);
        for (const LossRow& row : everyRow()) {
            // Their gradients hold a part constant, so they are no derivatives; see view_losses_test.
            if (row.entry.id == "circle" || row.entry.id == "byol" || row.entry.id == "simsiam" ||
                row.entry.id == "moco")
                continue;
            const auto loss = made(row, 6);
            const torch::Tensor rows = batch.embeddings.detach().clone().requires_grad_(true);
            loss->evaluate(rows, batch.labels, {}).loss.backward();
            const double expected = slopeAlong(*loss, batch, direction);
            const double actual = (rows.grad() * direction).sum().item<double>();
            QVERIFY2(std::abs(actual - expected) <= 1e-5 * (1 + std::abs(expected)),
                     qPrintable(QString::fromStdString(row.entry.id) + ": " + QString::number(actual) + " and " +
                                QString::number(expected)));
        }
    }

    void NoGradientIsEverNaN() {
        const torch::Tensor zeros = torch::zeros({8, 4}, torch::kFloat32);
        const torch::Tensor equal = torch::ones({8, 4}, torch::kFloat32);
        const torch::Tensor twins = torch::tensor({1.F, 0.F, 0.F, 0.F, 0.F, 1.F, 0.F, 0.F}).view({2, 4}).repeat({4, 1});
        for (const torch::Tensor& values : {zeros, equal, twins}) {
            for (const torch::Tensor& labels :
                 {torch::arange(8) % 2, torch::arange(8) % 4, torch::zeros({8}, torch::kInt64),
                  torch::full({8}, -1, torch::kInt64)}) {
                for (const LossRow& row : everyRow()) {
                    LossSetting setting;
                    setting.dimension = 4;
                    setting.classes = kClasses;
                    const auto loss = row.make({row.entry, completed(row.entry, {}), setting});
                    const torch::Tensor rows = values.clone().requires_grad_(true);
                    const LossValue value = loss->evaluate(rows, labels, {});
                    value.loss.backward();
                    QVERIFY2(std::isfinite(value.loss.item<double>()), row.entry.id.c_str());
                    QVERIFY2(rows.grad().isfinite().all().item<bool>(), row.entry.id.c_str());
                    for (const torch::Tensor& weight : loss->weights())
                        QVERIFY2(!weight.grad().defined() || weight.grad().isfinite().all().item<bool>(),
                                 row.entry.id.c_str());
                }
            }
        }
    }

    void UnlabelledRowsChangeNothing() {
        const Batch batch = seededBatch(12, 5, kClasses, 9);
        const Batch strangers = seededBatch(5, 5, 1, 10);
        const torch::Tensor more = torch::cat({batch.embeddings.detach(), strangers.embeddings.detach()});
        const torch::Tensor labels = torch::cat({batch.labels, torch::full({5}, -1, torch::kInt64)});
        for (const LossRow& row : lossTable()) {
            const auto loss = made(row, 5);
            const double without = loss->evaluate(batch.embeddings, batch.labels, {}).loss.item<double>();
            const double with = loss->evaluate(more, labels, {}).loss.item<double>();
            QVERIFY2(std::abs(with - without) <= 1e-12 * (1 + std::abs(without)), row.entry.id.c_str());
        }
    }

    void EveryLossTakesTheTuplesOfEveryFittingMiner() {
        const Batch batch = seededBatch(24, 6, kClasses, 21);
        for (const LossRow& row : lossTable()) {
            for (const CatalogEntry& miner : minerCatalog()) {
                if (!overlaps(miner.grouping, row.entry.grouping)) continue;
                const Tuples tuples = makeMiner({miner.id, {}}, 1)->mine(batch.embeddings, batch.labels);
                const torch::Tensor rows = batch.embeddings.detach().clone().requires_grad_(true);
                const LossValue value = made(row, 6)->evaluate(rows, batch.labels, tuples);
                value.loss.backward();
                const std::string both = row.entry.id + " with " + miner.id;
                QVERIFY2(std::isfinite(value.loss.item<double>()), both.c_str());
                QVERIFY2(rows.grad().isfinite().all().item<bool>(), both.c_str());
                QVERIFY2(!(value.activeFraction < 0 || value.activeFraction > 1), both.c_str());
            }
        }
    }

    void SemiHardTripletsOfALargeBatchEqualATripleLoop() {
        const Batch batch = seededBatch(1024, 32, 256, 7, torch::kFloat32);
        const torch::Tensor unit = normalizedRows(batch.embeddings);
        const torch::Tensor squares = squaredDistances(unit), plain = distances(normalizedRows(unit.detach()));
        const Tuples tuples = semiHardWindow(0.2);
        const TripletSum ours = sumTriplets(unit, batch.labels, tuples, {.margin = 0.2});
        const Enumerated literal = enumerated<float>(squares.detach(), plain, batch.labels, tuples, 0.2);
        QVERIFY(literal.selected > 1000);
        QCOMPARE(ours.selected, literal.selected);
        QCOMPARE(ours.counted, literal.counted);
        QVERIFY(std::abs(ours.sum.item<double>() - literal.sum) <= 1e-5 * literal.sum);
    }

    void AWindowCountsThePairsOfItsTriplets() {
        const Batch batch = seededBatch(20, 4, 5, 8);
        const torch::Tensor plain = distances(normalizedRows(batch.embeddings.detach()));
        const PairWeights pairs = windowPairCounts(batch.embeddings, batch.labels, semiHardWindow(0.3));
        const std::int64_t selected = enumerated<double>(plain, plain, batch.labels, semiHardWindow(0.3), 0).selected;
        QVERIFY(selected > 0);
        QCOMPARE(pairs.similar.sum().item<double>(), static_cast<double>(selected));
        QCOMPARE(pairs.dissimilar.sum().item<double>(), static_cast<double>(selected));
    }

    /// So many rows that each loop takes all threads. Sums that torch itself makes differ in their last bits.
    void TheSameOnAnyNumberOfThreads() {
        const int before = at::get_num_threads();
        for (const LossRow& row : everyRow()) {
            std::vector<torch::Tensor> gradients, losses;
            for (const int threads : {1, 2, 3}) {
                at::set_num_threads(threads);
                const Batch batch = seededBatch(384, 32, kClasses, 4, torch::kFloat32);
                LossSetting setting;
                setting.dimension = 32;
                setting.classes = kClasses;
                const torch::Tensor loss = row.make({row.entry, completed(row.entry, {}), setting})
                                               ->evaluate(batch.embeddings, batch.labels, semiHardWindow(0.2))
                                               .loss;
                loss.backward();
                losses.push_back(loss.detach());
                gradients.push_back(batch.embeddings.grad());
            }
            for (const std::size_t other : {1, 2}) {
                QVERIFY2(at::allclose(losses[0], losses[other], 1e-5, 1e-7), row.entry.id.c_str());
                QVERIFY2(at::allclose(gradients[0], gradients[other], 1e-4, 1e-7), row.entry.id.c_str());
            }
        }
        at::set_num_threads(before);
    }

    void IdenticalRowsAreAtDistanceZero() {
        const Batch batch = seededBatch(6, 64, 3, 2, torch::kFloat32);
        const torch::Tensor twice = torch::cat({batch.embeddings.detach(), batch.embeddings.detach() * 1});
        const torch::Tensor squares = squaredDistances(normalizedRows(twice));
        QCOMPARE(squares.diagonal(6).abs().max().item<double>(), 0.0);
        QVERIFY(at::equal(squares, squares.t()));
    }

    void ClassVectorsFollowTheSeed() {
        LossSetting setting;
        setting.classes = 3;
        const auto first = makeLoss({"proxy_nca", {}}, setting), same = makeLoss({"proxy_nca", {}}, setting);
        setting.seed = 2;
        const auto other = makeLoss({"proxy_nca", {}}, setting);
        QVERIFY(at::equal(first->weights()[0], same->weights()[0]));
        QVERIFY(!at::equal(first->weights()[0], other->weights()[0]));
    }

    void WrongSettingsAreRefusedBySentence() {
        LossSetting setting;
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, makeLoss({"triplet", {}}, setting));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, makeLoss({"triplet_margin", {{"m", 1}}}, setting));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, makeLoss({"arcface", {}}, setting));
        const auto loss = makeLoss({"triplet_margin", {}}, setting);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, loss->setParameter("distance", 1));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, loss->setParameter("margin", -1));
        loss->setParameter("margin", 0.5);
        QCOMPARE(loss->marginMark(0)->distance, 0.5);
    }
};

QTEST_GUILESS_MAIN(LossesTest)
#include "losses_test.moc"
