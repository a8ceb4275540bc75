#include "engine/evaluation/linear_probe.h"

#include "tests/support/random_points.h"

#include <QTest>

#include <cmath>

using namespace embedscope;

namespace {

struct Rows {
    std::vector<float> embeddings;
    std::vector<std::int32_t> labels;
    LabelledRows view() const { return {embeddings, labels}; }
};

/// Classes along a line of three dimensions; `noise` blurs them. A line apart, but of very different scale, is noise.
Rows along(std::size_t count, int classes, float noise, std::uint64_t seed) {
    Rows rows{RandomPoints(seed).rows(count, 3), {}};
    for (std::size_t i = 0; i < count; ++i) {
        const auto label = static_cast<std::int32_t>(i) % classes;
        rows.labels.push_back(label);
        const auto angle = 2 * 3.14159265F * static_cast<float>(label) / static_cast<float>(classes);
        float* row = rows.embeddings.data() + 3 * i;
        row[0] = std::cos(angle) + noise * row[0];
        row[1] = std::sin(angle) + noise * row[1];
        row[2] *= 100;
    }
    return rows;
}

}  // namespace

class LinearProbeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ClassesThatALineCutsAreFound() {
        const double share = *linearProbe(along(600, 4, 0.1F, 1).view(), along(200, 4, 0.1F, 2).view(), 3);
        QVERIFY2(share > 0.98, qPrintable(QString::number(share)));
    }
    void ShuffledLabelsAreFoundByChanceOnly() {
        Rows fitted = along(600, 4, 0.1F, 1);
        for (std::size_t i = 0; i < fitted.labels.size(); ++i)
            fitted.labels[i] = static_cast<std::int32_t>((i * 2654435761U >> 7) % 4);
        const double share = *linearProbe(fitted.view(), along(400, 4, 0.1F, 2).view(), 3);
        QVERIFY2(share < 0.6, qPrintable(QString::number(share)));
    }
    void AClassThatWasNotFittedIsLeftOut() {
        const Rows fitted = along(300, 3, 0.05F, 1);
        Rows tested = along(90, 3, 0.05F, 2);
        const double before = *linearProbe(fitted.view(), tested.view(), 3);
        for (std::size_t i = 0; i < 20; ++i) {
            tested.labels.push_back(i % 2 == 0 ? 7 : -1);
            tested.embeddings.insert(tested.embeddings.end(), {0, 0, 0});
        }
        QCOMPARE(*linearProbe(fitted.view(), tested.view(), 3), before);
    }
    void WithoutTwoClassesThereIsNoNumber() {
        const Rows one = along(30, 1, 0.1F, 1), three = along(30, 3, 0.1F, 1);
        QVERIFY(std::isnan(*linearProbe(one.view(), three.view(), 3)));
        QVERIFY(std::isnan(*linearProbe({}, three.view(), 3)));
        QVERIFY(std::isnan(*linearProbe(three.view(), {}, 3)));
    }
    void RowsWithoutSpreadDoNotSpoilTheNumber() {
        Rows flat = along(60, 2, 0.1F, 1);
        for (std::size_t i = 2; i < flat.embeddings.size(); i += 3) flat.embeddings[i] = 5;
        QVERIFY(*linearProbe(flat.view(), flat.view(), 3) > 0.98);
    }
    void StopEndsIt() {
        std::stop_source stop;
        stop.request_stop();
        const Rows rows = along(60, 2, 0.1F, 1);
        QVERIFY(!linearProbe(rows.view(), rows.view(), 3, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(LinearProbeTest)
#include "linear_probe_test.moc"
