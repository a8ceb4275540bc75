// The samplers beyond P x K and shuffling.

#include "engine/training/batch_sampler.h"
#include "engine/training/embedding_bank.h"
#include "tests/support/synthetic_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <map>
#include <set>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Batch = std::vector<std::int32_t>;

std::string refusal(const Choice& choice, const DataSet& data) try {
    makeSampler(choice, data, 1);
    return "";
} catch (const std::exception& error) {
    return error.what();
}

/// Every sample on the unit circle: classes follow each other, so that a class's nearest strangers are at its borders.
EmbeddingBank circleOf(const DataSet& data) {
    auto samples = std::make_shared<std::vector<std::int32_t>>();
    std::vector<float> rows;
    for (std::size_t i = 0; i < data.size(); ++i) {
        samples->push_back(static_cast<std::int32_t>(i));
        const double angle = 5.0 * static_cast<double>(i) / static_cast<double>(data.size());
        rows.insert(rows.end(), {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))});
    }
    EmbeddingBank bank(samples, data.size(), 2);
    bank.put(*samples, rows, 0);
    return bank;
}

}  // namespace

class SamplersTest : public QObject {
    Q_OBJECT

    QTemporaryDir temporary_;

    std::filesystem::path pairsOf(const std::string& text) {
        const std::filesystem::path file = std::filesystem::path(temporary_.path().toStdString()) / "pairs.csv";
        std::ofstream(file) << text;
        return file;
    }

private Q_SLOTS:
    void RareClassesAreDrawnAsOftenAsCommonOnes() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 3, .perClass = 100, .heldOutEvery = 0}));
        for (std::size_t i = 0; i < 80; ++i) data->samples[i].label = 1;  // class 0 keeps 20
        const auto sampler = makeSampler({"balanced", {{"batch_size", 30}}}, *data, 1);
        std::map<std::int32_t, int> drawn;
        Batch batch;
        for (int i = 0; i < 200; ++i) {
            sampler->next(batch);
            QCOMPARE(batch.size(), 30U);
            QCOMPARE(std::set(batch.begin(), batch.end()).size(), batch.size());
            for (const std::int32_t sample : batch) ++drawn[data->samples[sample].label];
        }
        for (const auto& [label, count] : drawn)
            QVERIFY2(std::abs(count - 2000) < 200, qPrintable(QString::number(count)));
    }

    void HierarchicalBatchesHoldRelatives() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 6, .perClass = 30, .heldOutEvery = 0}));
        data->classNames = {"red_fox", "grey_fox", "barn_owl", "snowy_owl", "blue_whale", "grey_whale"};
        const auto sampler = makeSampler(
            {"hierarchical", {{"batch_size", 24}, {"superclass", 2}, {"superclasses", 1}, {"samples_per_class", 4}}},
            *data, 1);
        std::set<std::int32_t> met;
        Batch batch;
        for (int i = 0; i < 30; ++i) {
            sampler->next(batch);
            QCOMPARE(batch.size(), 24U);
            std::set<std::int32_t> kinds;
            for (const std::int32_t sample : batch) kinds.insert(data->samples[sample].label / 2);
            QCOMPARE(kinds.size(), 1U);
            met.insert(kinds.begin(), kinds.end());
        }
        QCOMPARE(met.size(), 3U);
        QVERIFY(refusal({"hierarchical", {{"superclass", 0}}}, *data).find("superclasses") != std::string::npos);
    }

    void FoldersAboveTheClassAreSuperclasses() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 4, .perClass = 20, .heldOutEvery = 0}));
        data->classNames = {"cat", "dog", "oak", "elm"};
        for (Sample& sample : data->samples)
            sample.path = (sample.label < 2 ? "animals/" : "trees/") + data->classNames[sample.label] + "/x.png";
        const auto sampler = makeSampler({"hierarchical", {{"batch_size", 16}, {"superclasses", 1}}}, *data, 1);
        Batch batch;
        for (int i = 0; i < 20; ++i) {
            sampler->next(batch);
            std::set<std::int32_t> labels;
            for (const std::int32_t sample : batch) labels.insert(data->samples[sample].label);
            QVERIFY(labels == (std::set<std::int32_t>{0, 1}) || labels == (std::set<std::int32_t>{2, 3}));
        }
    }

    void PairsAreDealtOnceAnEpochWithTheirY() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 2, .perClass = 10, .heldOutEvery = 0}));
        data->classNames.clear();
        for (Sample& sample : data->samples) sample.label = kUnlabelled;
        std::string text = "first,second,y\n";
        for (int i = 0; i < 9; ++i) text += "0/" + std::to_string(i) + ".png,1/" + std::to_string(i + 1) + ".png,1\n";
        text += "0/0.png,0/1.png,0\n0/1.png,0/0.png,0\nno.png,0/1.png,0\n";
        const auto sampler = makeSampler({"pairs", {{"batch_size", 4}}}, *data, 1, pairsOf(text));
        QCOMPARE(sampler->stepsPerEpoch(), 5);
        QVERIFY(sampler->remark().find("\"no.png\"") != std::string::npos);
        QVERIFY(sampler->remark().starts_with("2 of 12 pairs"));
        std::set<std::set<std::int32_t>> met;
        Batch batch;
        for (int i = 0; i < 5; ++i) {
            sampler->next(batch);
            QCOMPARE(std::set(batch.begin(), batch.end()).size(), batch.size());
            for (const GivenPair& pair : *sampler->pairs()) {
                const std::int32_t a = batch[pair.first], b = batch[pair.second];
                QCOMPARE(pair.similar, a < 10 && b < 10);
                met.insert({a, b});
            }
        }
        QCOMPARE(met.size(), 10U);
    }

    void MinedBatchesHoldNearestStrangers() {
        const auto data = syntheticData({.classes = 4, .perClass = 40});
        const EmbeddingBank bank = circleOf(*data);
        const Choice choice{"hard_negatives",
                            {{"batch_size", 16}, {"mined_share", 1}, {"candidates", 4}, {"refresh_every", 2}}};
        const auto sampler = makeSampler(choice, *data, 1);
        Batch batch;
        for (std::int64_t step = 0; step < 20; ++step) {
            sampler->follow(bank, step, {});
            sampler->next(batch);
            QCOMPARE(std::set(batch.begin(), batch.end()).size(), batch.size());
            for (std::size_t i = 0; i + 1 < batch.size(); ++i) QCOMPARE(data->samples[batch[i]].split, Split::Train);
            // Anchor, positive, two strangers: of the four training samples next to the class on the circle.
            const std::int32_t anchor = batch[0], label = data->samples[anchor].label;
            QCOMPARE(data->samples[batch[1]].label, label);
            for (const std::int32_t stranger : {batch[2], batch[3]}) {
                QVERIFY(data->samples[stranger].label != label);
                const int away = std::min(std::abs(stranger - 40 * label), std::abs(stranger - (40 * label + 39)));
                QVERIFY2(away <= 6, qPrintable(QString::number(away)));
            }
        }
        QCOMPARE(sampler->mining()->indexedAtStep, 16);  // begun at 16, used from 18 on
        QCOMPARE(sampler->mining()->indexed, 128U);
        QCOMPARE(sampler->mining()->recallAt10, 1.0);
        QCOMPARE(sampler->mining()->guardedShare, 0.0);
    }

    void GuardsLeaveOutWhatIsTooNear() {
        const auto data = syntheticData({.classes = 4, .perClass = 40});
        const EmbeddingBank bank = circleOf(*data);
        const auto guardedBy = [&](ParameterValues values) {
            values.insert({{"batch_size", 16}, {"mined_share", 1}});
            const auto sampler = makeSampler({"hard_negatives", values}, *data, 1);
            sampler->follow(bank, 0, {});
            Batch batch;
            sampler->next(batch);
            QTest::qCompare(batch.size(), std::size_t{16}, "size", "16", __FILE__, __LINE__);  // filled up nevertheless
            return sampler->mining()->guardedShare;
        };
        QCOMPARE(guardedBy({{"maximum_score", -1}}), 1.0);
        QVERIFY(guardedBy({{"maximum_score", 0.9}}) < 1.0);
        QCOMPARE(guardedBy({{"margin_rule", 1}, {"guard_margin", 2}}), 1.0);
        QVERIFY(guardedBy({{"margin_rule", 1}, {"guard_margin", 0}}) > 0.0);
    }
};

QTEST_APPLESS_MAIN(SamplersTest)
#include "samplers_test.moc"
