#include "engine/measures.h"

#include "engine/retrieval.h"
#include "tests/support/random_points.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace embedscope;

namespace {

std::vector<std::int32_t> cyclicLabels(std::size_t count, int classes) {
    std::vector<std::int32_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) labels[i] = std::int32_t(i) % classes;
    return labels;
}

/// Three classes that lie apart, on the unit sphere.
std::vector<float> separated(std::size_t count) {
    std::vector<float> rows = RandomPoints(1).rows(count, 3);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t k = 0; k < 3; ++k) rows[3 * i + k] = 0.02F * rows[3 * i + k] + (i % 3 == k ? 1.0F : 0.0F);
    return rows;
}

/// All measures, the linear probe fitted to other rows of the same kind.
std::map<std::string, double> allOf(const std::vector<float>& rows, const std::vector<std::int32_t>& labels) {
    const std::vector<float> fitted = separated(150);
    const std::vector<std::int32_t> fittedLabels = cyclicLabels(150, 3);
    MeasureOptions options;
    options.fitted = fitted;
    options.fittedLabels = fittedLabels;
    return *measureAll(rows, 3, labels, options);
}

}  // namespace

class MeasuresTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EveryRowOfTheTableIsMeasured() {
        const auto values = *measureAll(separated(90), 3, cyclicLabels(90, 3));
        std::set<std::string> ids;
        for (const MeasureEntry& entry : measureCatalog()) {
            QVERIFY2(ids.insert(entry.id).second, entry.id.c_str());
            QVERIFY(!entry.label.empty() && !entry.group.empty() && !entry.help.empty() && !entry.formula.empty());
            QVERIFY2(values.contains(entry.id), entry.id.c_str());
        }
        QCOMPARE(values.size(), ids.size());
    }

    void ValuesLieInTheirRangeAndNearTheBestWhenClassesLieApart() {
        const auto good = allOf(separated(300), cyclicLabels(300, 3));
        for (const MeasureEntry& entry : measureCatalog()) {
            const double low = std::min(entry.worst, entry.best), high = std::max(entry.worst, entry.best);
            const double value = good.at(entry.id);
            QVERIFY2(value >= low - 1e-9 && value <= high + 1e-9, entry.id.c_str());
            if (entry.group != "Health" && entry.id != "best_threshold")
                QVERIFY2(std::abs(value - entry.best) < 0.1, entry.id.c_str());
        }
    }

    void UnlabelledRowsAreLeftOutOfWhatNeedsLabels() {
        auto rows = separated(300);
        auto labels = cyclicLabels(300, 3);
        const double before = measureAll(rows, 3, labels)->at("ami");
        const auto strangers = RandomPoints(9).rows(50, 3);
        rows.insert(rows.end(), strangers.begin(), strangers.end());
        labels.resize(350, -1);
        const auto values = *measureAll(rows, 3, labels);
        QCOMPARE(values.at("ami"), before);
        QCOMPARE(values.at("recall_at_1"), 1.0);
    }

    void WithoutLabelsOnlyHealthIsANumber() {
        const auto values = *measureAll(separated(60), 3, std::vector<std::int32_t>(60, -1));
        for (const MeasureEntry& entry : measureCatalog()) {
            const bool number = entry.group == "Health" && entry.id != "alignment";
            QVERIFY2(std::isfinite(values.at(entry.id)) == number, entry.id.c_str());
        }
    }

    void SameSeedSameValues() {
        const auto rows = RandomPoints(2).rows(400, 4);
        const auto labels = cyclicLabels(400, 5);
        auto once = *measureAll(rows, 4, labels), again = *measureAll(rows, 4, labels);
        QVERIFY(std::isnan(once.at("linear_probe")));  // nothing was given to fit
        once.erase("linear_probe");
        again.erase("linear_probe");
        QVERIFY(once == again);
        QCOMPARE(measureAll(rows, 4, labels)->at("recall_at_1"), recallAt1(rows, 4, labels));
    }

    void StopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!measureAll(separated(60), 3, cyclicLabels(60, 3), {}, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(MeasuresTest)
#include "measures_test.moc"
