#include "engine/losses/loss.h"
#include "tests/support/batches.h"

#include <QTest>

#include <cmath>

using namespace embedscope;

namespace {

LossSetting setting() {
    LossSetting setting;
    setting.dimension = 8;
    setting.classes = 4;
    return setting;
}

struct Evaluated {
    double loss = 0, active = 0;
    torch::Tensor gradient;
};

Evaluated evaluated(Loss& loss, const Batch& batch) {
    const torch::Tensor rows = batch.embeddings.detach().clone().requires_grad_(true);
    const LossValue value = loss.evaluate(rows, batch.labels, {});
    value.loss.backward();
    return {value.loss.item<double>(), value.activeFraction, rows.grad()};
}

Evaluated evaluated(const Choice& choice, const Batch& batch) {
    return evaluated(*makeLoss(choice, setting()), batch);
}

}  // namespace

class SumLossTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ValueAndGradientAreTheWeightedSums() {
        const Batch batch = seededBatch(24, 8, 4, 3);
        const Choice first{"triplet_margin", {}}, second{"supcon", {}}, third{"contrastive_squared", {}};
        const auto sum = makeLoss(first, {{second, 0.5}, {third, 3}}, setting());
        const Evaluated all = evaluated(*sum, batch), one = evaluated(first, batch), two = evaluated(second, batch),
                        three = evaluated(third, batch);
        QVERIFY(std::abs(all.loss - (one.loss + 0.5 * two.loss + 3 * three.loss)) < 1e-12);
        const torch::Tensor wanted = one.gradient + 0.5 * two.gradient + 3 * three.gradient;
        QVERIFY((all.gradient - wanted).abs().max().item<double>() < 1e-12);
        QCOMPARE(all.active, one.active);
    }
    void WithoutAddedLossesItIsTheLossItself() {
        const Batch batch = seededBatch(24, 8, 4, 3);
        QCOMPARE(evaluated(*makeLoss({"circle", {}}, std::vector<AddedLoss>{}, setting()), batch).loss,
                 evaluated({"circle", {}}, batch).loss);
    }
    void WeightZeroLeavesALossOut() {
        const Batch batch = seededBatch(24, 8, 4, 3);
        const auto sum = makeLoss({"circle", {}}, {{{"supcon", {}}, 0}}, setting());
        QCOMPARE(evaluated(*sum, batch).loss, evaluated({"circle", {}}, batch).loss);
    }
    void EveryLossBringsItsWeightsAndEqualOnesDiffer() {
        const auto sum = makeLoss({"proxy_nca", {}}, {{{"proxy_nca", {}}, 1}, {{"margin_loss", {}}, 1}}, setting());
        const std::vector<torch::Tensor> weights = sum->weights();
        QCOMPARE(weights.size(), 3U);
        QVERIFY(!weights[0].equal(weights[1]));
    }
    void TheFirstGivesMarginMarkAndLiveParameters() {
        const auto sum = makeLoss({"contrastive_squared", {}}, {{{"supcon", {}}, 1}}, setting());
        sum->setParameter("margin", 2.25);
        QCOMPARE(sum->marginMark(0)->distance, 1.5);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, sum->setParameter("temperature", 0.1));
    }
    void ProxiesAreTheUnitVectorsOfTheirClasses() {
        const auto loss = makeLoss({"soft_triple", {{"centers", 3}}}, setting());
        const Proxies proxies = *loss->proxies();
        QCOMPARE(proxies.rows.size(0), 12);
        QCOMPARE(proxies.classes, (std::vector<std::int64_t>{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}));
        QVERIFY((proxies.rows.norm(2, {1}) - 1).abs().max().item<double>() < 1e-6);
        QVERIFY(!proxies.rows.requires_grad());
        QVERIFY(!makeLoss({"supcon", {}}, setting())->proxies());
        QVERIFY(makeLoss({"supcon", {}}, {{{"arcface", {}}, 1}}, setting())->proxies());
    }
};

QTEST_APPLESS_MAIN(SumLossTest)
#include "sum_loss_test.moc"
