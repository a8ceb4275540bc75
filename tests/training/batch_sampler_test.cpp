#include "engine/training/batch_sampler.h"

#include "engine/training/tracked_samples.h"
#include "tests/support/synthetic_data.h"

#include <QTest>

#include <map>
#include <set>

using namespace embedscope;
using namespace embedscope::test;

namespace {

using Batch = std::vector<std::int32_t>;

std::vector<Batch> batches(BatchSampler& sampler, int count) {
    std::vector<Batch> drawn(count);
    for (Batch& batch : drawn) sampler.next(batch);
    return drawn;
}

std::map<std::int32_t, int> perClass(const DataSet& data, const Batch& batch) {
    std::map<std::int32_t, int> counts;
    for (const std::int32_t sample : batch) ++counts[data.samples[sample].label];
    return counts;
}

std::string refusal(const Choice& choice, const DataSet& data) try {
    makeSampler(choice, data, 1);
    return "";
} catch (const std::exception& error) {
    return error.what();
}

}  // namespace

class BatchSamplerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void PByKDrawsKOfEachOfPClasses() {
        const auto data = syntheticData({.classes = 30, .perClass = 20});
        const auto sampler = makeSampler({"p_by_k", {{"batch_size", 32}, {"samples_per_class", 4}}}, *data, 1);
        for (const Batch& batch : batches(*sampler, 50)) {
            QCOMPARE(batch.size(), 32U);
            const auto counts = perClass(*data, batch);
            QCOMPARE(counts.size(), 8U);
            for (const auto& [label, count] : counts) QCOMPARE(count, 4);
        }
    }

    void KGrowsWhereThereAreFewClasses() {
        const auto data = syntheticData({.classes = 10, .perClass = 40});
        const auto sampler = makeSampler({"p_by_k", {{"batch_size", 128}}}, *data, 1);
        for (const Batch& batch : batches(*sampler, 20)) {
            QCOMPARE(batch.size(), 128U);
            const auto counts = perClass(*data, batch);
            QCOMPARE(counts.size(), 10U);
            for (const auto& [label, count] : counts) QVERIFY(count >= 11 && count <= 13);
        }
    }

    void EveryBatchHoldsTwoClasses() {
        const auto data = syntheticData({.classes = 4, .perClass = 200});
        const auto sampler = makeSampler({"p_by_k", {{"batch_size", 32}, {"samples_per_class", 64}}}, *data, 1);
        for (const Batch& batch : batches(*sampler, 20)) QCOMPARE(perClass(*data, batch).size(), 2U);
    }

    void NoSampleIsTwiceInABatch() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 4, .perClass = 9}));
        for (const char* id : {"p_by_k", "shuffle"}) {
            const auto sampler = makeSampler({id, {{"batch_size", 24}}}, *data, 3);
            for (const Batch& batch : batches(*sampler, 40))
                QCOMPARE(std::set(batch.begin(), batch.end()).size(), batch.size());
        }
    }

    void HeldOutSamplesAreNeverDrawn() {
        const auto data = syntheticData();
        for (const char* id : {"p_by_k", "shuffle"}) {
            const auto sampler = makeSampler({id, {{"batch_size", 16}}}, *data, 1);
            for (const Batch& batch : batches(*sampler, 40))
                for (const std::int32_t sample : batch) QCOMPARE(data->samples[sample].split, Split::Train);
        }
    }

    void OnlyShufflingDrawsUnlabelledSamples() {
        auto data = std::make_shared<DataSet>(*syntheticData());
        for (std::size_t i = 0; i < data->size(); i += 2) data->samples[i].label = kUnlabelled;
        const auto unlabelled = [&](const char* id) {
            const auto sampler = makeSampler({id, {{"batch_size", 16}}}, *data, 1);
            int count = 0;
            for (const Batch& batch : batches(*sampler, 20)) count += perClass(*data, batch)[kUnlabelled];
            return count;
        };
        QCOMPARE(unlabelled("p_by_k"), 0);
        QVERIFY(unlabelled("shuffle") > 0);
        for (Sample& sample : data->samples) sample.label = kUnlabelled;
        QVERIFY(refusal({"p_by_k", {}}, *data).find("shuffle") != std::string::npos);
        QCOMPARE(refusal({"shuffle", {}}, *data), "");
    }

    void ShuffledEpochHoldsEverySampleOnce() {
        const auto data = syntheticData({.classes = 4, .perClass = 40});
        const auto sampler = makeSampler({"shuffle", {{"batch_size", 16}}}, *data, 1);
        QCOMPARE(sampler->stepsPerEpoch(), 8);
        std::set<std::int32_t> seen;
        for (const Batch& batch : batches(*sampler, 8)) seen.insert(batch.begin(), batch.end());
        QCOMPARE(seen.size(), 128U);
    }

    void BatchIsNoLargerThanTheTrainingPart() {
        const auto data = syntheticData({.classes = 2, .perClass = 10});
        for (const char* id : {"p_by_k", "shuffle"}) {
            const auto sampler = makeSampler({id, {}}, *data, 1);
            QCOMPARE(sampler->stepsPerEpoch(), 1);
            QCOMPARE(batches(*sampler, 1)[0].size(), 16U);
        }
    }

    void SeedDecidesTheSequence() {
        const auto data = syntheticData();
        for (const char* id : {"p_by_k", "shuffle"}) {
            const auto draw = [&](std::uint64_t seed) {
                return batches(*makeSampler({id, {{"batch_size", 16}}}, *data, seed), 30);
            };
            QCOMPARE(draw(5), draw(5));
            QVERIFY(draw(5) != draw(6));
        }
    }

    void UnknownNamesAreRefusedWithTheKnownOnes() {
        const auto data = syntheticData();
        QVERIFY(refusal({"p_times_k", {}}, *data).find("p_by_k") != std::string::npos);
        QVERIFY(refusal({"p_by_k", {{"size", 1}}}, *data).find("batch_size") != std::string::npos);
    }

    void TrackedSamplesAreTheSameShareOfEveryStratum() {
        const auto data = syntheticData({.classes = 4, .perClass = 100});
        const auto tracked = trackedSamples(*data, 100, 1);
        QCOMPARE(tracked.size(), 100U);
        QCOMPARE(std::set(tracked.begin(), tracked.end()).size(), 100U);
        std::map<std::pair<Split, std::int32_t>, int> strata;
        for (const std::int32_t sample : tracked) ++strata[{data->samples[sample].split, data->samples[sample].label}];
        for (const auto& [stratum, count] : strata)
            QVERIFY(std::abs(count - (stratum.first == Split::Train ? 20 : 5)) <= 1);
        QCOMPARE(tracked, trackedSamples(*data, 100, 1));
        QVERIFY(tracked != trackedSamples(*data, 100, 2));
        QCOMPARE(trackedSamples(*data, 10'000, 1).size(), data->size());
    }

    void RareClassesAreTracked() {
        auto data = std::make_shared<DataSet>(*syntheticData({.classes = 2, .perClass = 200}));
        data->classNames.push_back("rare");
        data->samples[17].label = 2;
        const auto tracked = trackedSamples(*data, 12, 1);
        QVERIFY(std::ranges::find(tracked, 17) != tracked.end());
    }
};

QTEST_GUILESS_MAIN(BatchSamplerTest)
#include "batch_sampler_test.moc"
