#include "engine/projections/live_map.h"

#include "engine/faithfulness.h"
#include "engine/projections/alignment.h"
#include "engine/projections/frame_glide.h"
#include "engine/projections/map_measure.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace embedscope;

namespace {

constexpr int kDimension = 8;
constexpr std::size_t kCount = 600;

/// An embedding that forms: noise at first, five classes at the end, each point on a straight way. Rows of length 1.
std::shared_ptr<const BankFrame> formingBank(double share, std::int64_t step, std::size_t count = kCount) {
    RandomPoints random(3);
    const std::vector<float> centres = random.rows(5, kDimension), start = random.rows(count, kDimension);
    const std::vector<float> noise = random.rows(count, kDimension);
    auto bank = std::make_shared<BankFrame>();
    bank->runId = 1;
    bank->step = step;
    bank->dimension = kDimension;
    bank->computedAtStep.assign(count, step);
    bank->samples = std::make_shared<std::vector<std::int32_t>>(count);
    for (std::size_t i = 0; i < start.size(); ++i) {
        const float end = 2 * centres[i / kDimension % 5 * kDimension + i % kDimension] + 0.3F * noise[i];
        bank->embeddings.push_back(static_cast<float>((1 - share) * start[i] + share * end));
    }
    for (std::size_t i = 0; i < count; ++i) {
        const auto row = std::span(bank->embeddings).subspan(i * kDimension, kDimension);
        double square = 0;
        for (const float value : row) square += static_cast<double>(value) * value;
        for (float& value : row) value /= static_cast<float>(std::sqrt(square));
    }
    return bank;
}

std::vector<float> settledFrame(LiveMap& map, std::vector<float> drawn, int most = 2000) {
    for (int i = 0; i < most && (i == 0 || !map.settled()); ++i) {
        map.work(0, {});
        drawn = map.frame(drawn);
    }
    return drawn;
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

}  // namespace

class LiveMapTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AlignmentTurnsMirrorsAndScalesBack() {
        const std::vector<float> before = RandomPoints(1).rows(50, 2);
        std::vector<float> turned(before.size());
        for (std::size_t i = 0; i < before.size(); i += 2) {
            turned[i] = 5 + 3 * (0.6F * before[i] + 0.8F * before[i + 1]);
            turned[i + 1] = -3 * (-0.8F * before[i] + 0.6F * before[i + 1]);
        }
        double radius = 0;
        float meanX = 0, meanY = 0;
        for (std::size_t i = 0; i < before.size(); i += 2) {
            meanX += before[i] / 50;
            meanY += before[i + 1] / 50;
        }
        for (std::size_t i = 0; i < before.size(); i += 2)
            radius += (std::pow(before[i] - meanX, 2) + std::pow(before[i + 1] - meanY, 2)) / 50;
        const std::vector<float> back = alignedMap(turned, before, std::sqrt(radius));
        QVERIFY(meanDisplacement(back, before) < 1e-5);
        QVERIFY(alignedMap({}, {}, 1).empty());
        for (const float value : alignedMap(std::vector<float>(8, 2.F), {}, 1)) QCOMPARE(value, 0.F);
    }

    void AlignmentTurnsMirrorsAndScalesBackInSpace() {
        const std::vector<float> before = alignedMap(RandomPoints(2).rows(60, 3), {}, 2, 3);
        std::vector<float> turned(before.size());
        for (std::size_t i = 0; i < before.size(); i += 3) {
            turned[i] = 4 * before[i + 2] - 1;
            turned[i + 1] = 4 * (0.6F * before[i] + 0.8F * before[i + 1]) + 7;
            turned[i + 2] = 4 * (-0.8F * before[i] + 0.6F * before[i + 1]);
        }
        QVERIFY(meanDisplacement(alignedMap(turned, before, 2, 3), before, 3) < 1e-5);
    }

    /// The measure: mean displacement per frame relative to the map's size while an embedding forms.
    void WarmStartMovesTenTimesLessThanFreshStarts() {
        for (const char* method : {"tsne", "umap"}) {
            Workers workers(2);
            LiveMap live({method, {}}, 2, workers);
            QVERIFY(live.follow(formingBank(0.5, 0), {}));
            std::vector<float> drawn = settledFrame(live, {}), fresh;
            std::vector<double> warmMoves, freshMoves;
            for (int frame = 1; frame <= 24; ++frame) {
                const auto bank = formingBank(0.5 + 0.01 * frame, frame);
                QVERIFY(live.follow(bank, {}));
                for (int i = 0; i < 12; ++i) {
                    live.work(0, {});
                    std::vector<float> next = live.frame(drawn);
                    warmMoves.push_back(meanDisplacement(drawn, next));
                    drawn = std::move(next);
                }
                if (frame % 8 != 0) continue;
                LiveMap other({method, {}}, 2, workers);
                QVERIFY(other.follow(bank, {}));
                std::vector<float> next = settledFrame(other, fresh, 600);
                if (!fresh.empty()) freshMoves.push_back(meanDisplacement(fresh, next));
                fresh = std::move(next);
            }
            const double warm = median(warmMoves), start = median(freshMoves);
            qInfo("%s: %.4f of the radius a frame warm, %.4f with fresh starts", method, warm, start);
            QVERIFY(warm * 10 <= start);
        }
    }

    void FollowsToTheEndAndStaysTrue() {
        Workers workers(2);
        for (const char* method : {"tsne", "umap"}) {
            LiveMap live({method, {}}, 2, workers);
            QVERIFY(live.follow(formingBank(0, 0), {}));
            std::vector<float> drawn;
            for (int frame = 1; frame <= 20; ++frame) {
                QVERIFY(live.follow(formingBank(0.05 * frame, frame), {}));
                for (int i = 0; i < 15; ++i) live.work(0, {});
                drawn = live.frame(drawn);
            }
            drawn = settledFrame(live, drawn);
            QCOMPARE(live.bank()->step, 20);
            const auto bank = formingBank(1, 20);
            const auto trust = faithfulness(bank->embeddings, kDimension, drawn, 2);
            qInfo("%s: trustworthiness %.4f", method, trust->trustworthiness);
            QVERIFY(trust->trustworthiness > 0.95);
        }
    }

    /// While a training goes on, neighbours are looked for among some candidates: after it, among everybody.
    void MapThatIsNoLongerRoughHasTheTrueNeighbors() {
        constexpr std::size_t kMany = 3'000;  // more than there are candidates
        Workers workers(2);
        LiveMap live({"tsne", {}}, 2, workers);
        live.setRough(true);
        QVERIFY(live.follow(formingBank(0, 0, kMany), {}));
        QVERIFY(live.follow(formingBank(0.1, 1, kMany), {}));
        for (int i = 0; i < 2'000 && live.bank()->step == 0; ++i) live.work(0, {});
        const auto bank = live.bank();
        QCOMPARE(bank->step, 1);
        const NeighborGraph expected = *exactNeighborGraph({bank->embeddings, kDimension}, 90, workers);
        QVERIFY(live.graph().rows != expected.rows);  // else this shows nothing
        live.setRough(false);
        QVERIFY(!live.settled());
        for (int i = 0; i < 2'000 && live.graph().rows != expected.rows; ++i) live.work(0, {});
        QCOMPARE(live.graph().rows, expected.rows);
    }

    void MovingMapKeepsItsSizeAndFrozenOneItsPlaces() {
        Workers workers(1);
        LiveMap live({"tsne", {}}, 2, workers);
        QVERIFY(live.follow(formingBank(0.5, 0), {}));
        live.work(0, {});
        const std::vector<float> before = live.frame({});
        live.setFrozen(true);
        QVERIFY(live.follow(formingBank(0.6, 1), {}));
        QVERIFY(live.settled());
        live.work(0, {});
        QVERIFY(meanDisplacement(live.frame(before), before) < 1e-6);
        live.setFrozen(false);
        QVERIFY(!live.settled());
    }

    /// As after PCA, or another method: the picture flows into the map instead of being replaced by it.
    void FirstFramesFlowFromThePictureBefore() {
        Workers workers(2);
        for (const char* method : {"tsne", "umap"})
            for (const int dims : {2, 3}) {
                LiveMap live({method, {}}, dims, workers);
                QVERIFY(live.follow(formingBank(0.8, 0), {}));
                std::vector<float> drawn = RandomPoints(5).rows(kCount, dims);
                for (float& value : drawn) value *= 0.02F;
                const std::vector<float> first = drawn;
                const double size = radiusOf(drawn, dims);
                for (int frame = 0; frame < 300; ++frame) {
                    live.work(0, {});
                    std::vector<float> next = live.frame(drawn);
                    const double move = meanDisplacement(drawn, next, dims) * radiusOf(next, dims) / size;
                    QVERIFY2(move < 0.0401, std::to_string(move).c_str());
                    drawn = std::move(next);
                }
                QVERIFY(meanDisplacement(first, drawn, dims) > 0.5);
            }
    }

    void ParametersLetTheMapFlow() {
        Workers workers(2);
        LiveMap live({"tsne", {{"perplexity", 10}}}, 2, workers);
        QVERIFY(live.follow(formingBank(0.8, 0), {}));
        std::vector<float> drawn = settledFrame(live, {});
        QVERIFY(live.settled());
        live.setParameters({{"perplexity", 40}, {"exaggeration", 2}});
        QVERIFY(!live.settled());
        double furthest = 0;
        for (int i = 0; i < 60; ++i) {
            live.work(0, {});
            std::vector<float> next = live.frame(drawn);
            furthest = std::max(furthest, meanDisplacement(drawn, next));
            drawn = std::move(next);
        }
        QVERIFY2(furthest > 1e-4 && furthest < 0.08, std::to_string(furthest).c_str());
    }

    void FramesInBetweenComeWherePlacesComeSeldom() {
        FrameGlide glide;
        QVERIFY(glide.arrived());
        glide.aim({0, 0}, 10);
        QVERIFY(glide.arrived());
        glide.aim({8, 4}, 10.2);  // two pieces, as places come every 0.2 s
        QVERIFY(!glide.arrived());
        QCOMPARE(glide.places(), (std::vector<float>{4, 2}));
        QVERIFY(std::abs(glide.nextAt() - 10.3) < 1e-9);
        glide.advance();
        QVERIFY(glide.arrived());
        QCOMPARE(glide.places(), (std::vector<float>{8, 4}));
        glide.aim({0, 0}, 10.4);
        glide.aim({10, 10}, 10.45);  // sooner than they usually do: from where the picture is
        QCOMPARE(glide.places(), (std::vector<float>{7, 6}));
        glide.arrive();
        QCOMPARE(glide.places(), (std::vector<float>{10, 10}));
        glide.aim({1, 2, 3, 4}, 10.6);
        QVERIFY(glide.arrived());
        QCOMPARE(glide.places(), (std::vector<float>{1, 2, 3, 4}));
        glide.clear();
        glide.aim({5, 5, 5, 5}, 10.8);
        QVERIFY(glide.arrived());
    }

    void PlacesThatComeOftenHaveNoFramesInBetweenAndLateOnesNoLongWay() {
        FrameGlide often, seldom;
        for (int i = 0; i < 20; ++i) {
            often.aim({static_cast<float>(i)}, 0.09 * i);
            QVERIFY(often.arrived());
            seldom.aim({static_cast<float>(i)}, 1.9 * i);
        }
        int pieces = 1;
        for (; !seldom.arrived(); ++pieces) seldom.advance();
        QCOMPARE(pieces, 10);  // of a tenth of a second
        often.aim({7}, 60);    // after a pause
        QVERIFY(often.arrived());
    }

    void MeasureOfAllPointsIsTheFaithfulness() {
        const auto bank = formingBank(0.7, 0);
        const std::vector<float> map = RandomPoints(4).rows(kCount, 2);
        MapMeasure measure;
        QVERIFY(!measure.quality());
        measure.ask({bank->embeddings, kDimension}, map, 2, 100, {});
        QCOMPARE(measure.quality()->asked, 100U);
        while (!measure.complete()) measure.ask({bank->embeddings, kDimension}, map, 2, 64, {});
        const auto quality = measure.quality();
        const auto expected = faithfulness(bank->embeddings, kDimension, map, 2);
        QCOMPARE(quality->asked, kCount);
        QVERIFY(std::abs(quality->trustworthiness - expected->trustworthiness) < 1e-6);
        QVERIFY(std::abs(quality->continuity - expected->continuity) < 1e-6);
        QVERIFY(std::abs(quality->neighborPreservation - expected->neighbourPreservation) < 1e-6);
    }
};

QTEST_APPLESS_MAIN(LiveMapTest)
#include "live_map_test.moc"
