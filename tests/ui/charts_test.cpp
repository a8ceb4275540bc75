#include "engine/measures.h"
#include "engine/threshold_rates.h"
#include "tests/support/kept_picture.h"
#include "tests/ui/charts_synthetic.h"
#include "ui/charts/chart_theme.h"
#include "ui/charts/distance_panel.h"
#include "ui/charts/distance_strip.h"
#include "ui/charts/measures_panel.h"
#include "ui/charts/training_curves.h"

#include <qcustomplot.h>

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTableWidget>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace embedscope;

namespace {

QString textOf(const QWidget& widget, const char* name) {
    return widget.findChild<QLabel*>(name)->text();
}

QCustomPlot& plotOf(const QWidget& widget, const char* name) {
    return *widget.findChild<QCustomPlot*>(name);
}

/// Draws at once what a plot would draw on its next turn.
void keepPicture(QWidget& panel, const QString& name) {
    for (QCustomPlot* plot : panel.findChildren<QCustomPlot*>()) plot->replot();
    test::keepPicture(panel, name);
}

template <typename Item>
std::vector<const Item*> items(const QCustomPlot& plot) {
    std::vector<const Item*> found;
    for (int i = 0; i < plot.itemCount(); ++i)
        if (const auto* item = qobject_cast<const Item*>(plot.item(i))) found.push_back(item);
    return found;
}

/// Moves the mouse over the plot to where the x axis shows `value`.
void hover(QCustomPlot& plot, double value) {
    const QPointF at(plot.xAxis->coordToPixel(value), plot.axisRect()->center().y());
    QMouseEvent move(QEvent::MouseMove, at, plot.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&plot, &move);
}

}  // namespace

class ChartsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void MeasuresShowNowBestAndChange() {
        MeasuresPanel panel;
        panel.resize(420, 600);
        panel.show();
        auto* table = panel.findChild<QTableWidget*>("measures");
        const auto rowOf = [](std::string_view id) {
            const auto& all = measureCatalog();
            return static_cast<int>(std::ranges::find(all, id, &MeasureEntry::id) - all.begin());
        };
        QVERIFY(!panel.findChild<QPushButton*>("measure_now")->isEnabled());
        Snapshot snapshot = test::snapshotAt(0);
        auto history = std::make_shared<std::vector<MetricsRow>>();
        const double recall[] = {0.5, 0.75, 0.7}, eer[] = {0.3, 0.1, 0.2};
        for (int epoch = 0; epoch < 3; ++epoch) {
            history->push_back(test::rowAt(100 * epoch));
            history->back().measures = std::make_shared<const std::map<std::string, double>>(
                std::map<std::string, double>{{"recall_at_1", recall[epoch]}, {"eer", eer[epoch]}});
        }
        snapshot.history = history;
        panel.showSnapshot(snapshot);
        const auto text = [&](int row, int column) { return table->item(row, column)->text(); };
        const int first = rowOf("recall_at_1"), error = rowOf("eer");
        QCOMPARE(text(first, 1), percentText(0.7));
        QCOMPARE(text(first, 2), percentText(0.75));
        QCOMPARE(text(first, 3), QString(QChar(0x2212)) + "5.0");
        QCOMPARE(text(error, 2), percentText(0.1));  // lower is better
        QCOMPARE(text(error, 3), QString("+10.0"));
        QVERIFY(table->item(error, 0)->toolTip().contains("FMR(t) = FNMR(t)"));
        table->selectRow(error);
        const auto points = plotOf(panel, "measureCurvePlot").graph(0)->data();
        QCOMPARE(points->size(), 3);
        QCOMPARE(points->at(1)->value, 10.0);
        QSignalSpy wanted(&panel, &MeasuresPanel::measureRequested);
        panel.findChild<QPushButton*>("measure_now")->click();
        QCOMPARE(wanted.count(), 1);
        keepPicture(panel, "measures_light");
    }

    void DistancePanelDrawsTheSharesOfTheSnapshot() {
        DistancePanel panel;
        panel.resize(420, 260);
        panel.show();
        const Snapshot snapshot = test::snapshotAt(600);
        panel.showSnapshot(snapshot);
        const QCustomPlot& plot = plotOf(panel, "distancePlot");
        QCOMPARE(plot.graphCount(), 4);
        const auto similar = plot.graph(1)->data();
        QCOMPARE(similar->size(), kHistogramBins + 2);
        for (int bin = 0; bin < kHistogramBins; ++bin) {
            QCOMPARE(similar->at(bin + 1)->key, 2.0 * bin / kHistogramBins);
            QCOMPARE(similar->at(bin + 1)->value, 100.0 * snapshot.distances->similar.share[bin]);
        }
        keepPicture(panel, "distances_light");
    }

    void CaptionNamesMeansAndAucAndItsTipTheGap() {
        DistancePanel panel;
        panel.show();
        Snapshot snapshot = test::snapshotAt(0);
        auto distances = *snapshot.distances;
        distances.similar.mean = 0.41;
        distances.dissimilar.mean = 1.21;
        distances.auc = 0.937;
        snapshot.distances = std::make_shared<const DistanceStatistics>(distances);
        panel.showSnapshot(snapshot);
        const QString caption = textOf(panel, "distanceCaption");
        for (const char* part : {"0.410", "1.21", "0.937"}) QVERIFY2(caption.contains(part), part);
        QVERIFY(panel.findChild<QLabel*>("distanceCaption")->toolTip().contains("their gap is 0.800"));
    }

    void MarginBeyondTheLastBinWidensTheAxis() {
        DistancePanel panel;
        panel.show();
        Snapshot snapshot = test::snapshotAt(100);
        snapshot.marginMark = MarginMark{2.4, "margin"};
        panel.showSnapshot(snapshot);
        QVERIFY(plotOf(panel, "distancePlot").xAxis->range().upper > 2.4);
        snapshot.marginMark->distance = 0.5;
        panel.clear();
        panel.showSnapshot(snapshot);
        QTRY_COMPARE(plotOf(panel, "distancePlot").xAxis->range().upper, 2.0);
    }

    void ADraggedThresholdTellsItsErrors() {
        DistancePanel panel;
        panel.resize(420, 260);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        const Snapshot snapshot = test::snapshotAt(600);
        panel.showSnapshot(snapshot);
        QCustomPlot& plot = plotOf(panel, "distancePlot");
        plot.replot();
        const double best = panel.threshold();
        QCOMPARE(best, bestThreshold(*snapshot.distances));
        QVERIFY(textOf(panel, "distanceRates").contains("best threshold"));
        const auto at = [&](double x) {
            return QPoint(static_cast<int>(plot.xAxis->coordToPixel(x)), plot.axisRect()->center().y());
        };
        QTest::mousePress(&plot, Qt::LeftButton, {}, at(best));
        QTest::mouseMove(&plot, at(0.4));
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, at(0.4));
        QVERIFY(std::abs(panel.threshold() - 0.4) < 0.02);
        const ThresholdRates rates = ratesAt(*snapshot.distances, panel.threshold());
        QVERIFY(textOf(panel, "distanceRates").contains(percentText(rates.fmr)));
        QVERIFY(textOf(panel, "distanceRates").contains(percentText(rates.fnmr)));
        QTest::mouseDClick(&plot, Qt::LeftButton, {}, at(panel.threshold()));
        QCOMPARE(panel.threshold(), best);
    }

    void ADraggedMarginIsToldOnceAndOnlyWhereItMayBe() {
        DistancePanel panel;
        panel.resize(420, 260);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        Snapshot snapshot = test::snapshotAt(600);
        snapshot.marginMark = MarginMark{1.7, "margin"};
        panel.showSnapshot(snapshot);
        QCustomPlot& plot = plotOf(panel, "distancePlot");
        plot.replot();
        QSignalSpy dragged(&panel, &DistancePanel::marginDragged);
        const auto drag = [&](double from, double to) {
            const auto at = [&](double x) {
                return QPoint(static_cast<int>(plot.xAxis->coordToPixel(x)), plot.axisRect()->center().y());
            };
            QTest::mousePress(&plot, Qt::LeftButton, {}, at(from));
            QTest::mouseMove(&plot, at(to));
            QTest::mouseRelease(&plot, Qt::LeftButton, {}, at(to));
        };
        drag(1.7, 1.2);
        QCOMPARE(dragged.count(), 0);
        panel.setMarginDraggable(true);
        drag(1.7, 1.7);
        drag(1.7, 1.2);
        QVERIFY(dragged.count() >= 1);
        QVERIFY(std::abs(dragged.back().front().toDouble() - 1.2) < 0.02);
    }

    void TheStripKeepsDistancesOfLongRunsInBoundedMemory() {
        DistanceStrip strip;
        const Snapshot early = test::snapshotAt(0), late = test::snapshotAt(5000);
        for (std::int64_t step = 0; step < 5000; ++step)
            strip.add(step, step < 2500 ? *early.distances : *late.distances);
        QVERIFY(strip.columns() <= DistanceStrip::kMostColumns);
        for (const bool similar : {true, false}) {
            const auto& first = similar ? early.distances->similar : early.distances->dissimilar;
            const auto& last = similar ? late.distances->similar : late.distances->dissimilar;
            for (int bin = 0; bin < kHistogramBins; ++bin) {
                const double distance = (bin + 0.5) * 2 / kHistogramBins;
                QVERIFY(std::abs(strip.shareAt(100, distance, similar) - first.share[bin]) < 1e-6);
                QVERIFY(std::abs(strip.shareAt(4900, distance, similar) - last.share[bin]) < 1e-6);
            }
        }
        strip.add(3, *early.distances);  // the run went back
        QVERIFY(strip.columns() <= 2);
        DistancePanel panel;
        panel.setViewsOffered(true);
        panel.setView(DistanceView::OverTime);
        panel.resize(420, 260);
        panel.show();
        for (std::int64_t step = 0; step < 1200; step += 10) panel.showSnapshot(test::snapshotAt(step));
        keepPicture(panel, "distances_over_time");
    }

    void PanelsSayWhatTheyWaitFor() {
        DistancePanel distances;
        TrainingCurves curves;
        QVERIFY(textOf(distances, "distanceNote").contains("when training starts"));
        QVERIFY(textOf(curves, "curvesNote").contains("when training starts"));
        distances.show();
        Snapshot unlabelled = test::snapshotAt(100);
        unlabelled.distances = std::make_shared<const DistanceStatistics>();
        distances.showSnapshot(unlabelled);
        QVERIFY(textOf(distances, "distanceNote").contains("No image has a label"));
        keepPicture(distances, "distances_empty");
    }

    void CurvesHoldEveryMeasuredRow() {
        TrainingCurves curves;
        curves.resize(420, 520);
        curves.show();
        curves.showSnapshot(test::snapshotAt(840));
        const QCustomPlot& recall = plotOf(curves, "recallCurvePlot");
        QCOMPARE(recall.graph(0)->data()->size(), 9);  // steps 0, 100 ... 800
        QCOMPARE(recall.graph(0)->data()->at(8)->value, 100 * test::rowAt(800).recallAt1);
        const QCustomPlot& distance = plotOf(curves, "distanceCurvesPlot");
        QCOMPARE(distance.graph(2)->data()->size(), 211);
        QCOMPARE(distance.graph(2)->data()->at(210)->value, test::rowAt(840).similarMean);
        keepPicture(curves, "curves_light");
    }

    void HoverShowsTheValuesOfThatStepInAllCharts() {
        TrainingCurves curves;
        curves.resize(420, 520);
        curves.show();
        QVERIFY(QTest::qWaitForWindowExposed(&curves));
        curves.showSnapshot(test::snapshotAt(840));
        plotOf(curves, "lossCurvesPlot").replot();
        hover(plotOf(curves, "lossCurvesPlot"), 401);
        QVERIFY(textOf(curves, "curvesCaption").contains(">400<"));
        QVERIFY(textOf(curves, "lossCurvesHead").contains(shortNumber(test::rowAt(400).loss)));
        QVERIFY(textOf(curves, "distanceCurvesHead").contains(shortNumber(test::rowAt(400).similarMean)));
        QVERIFY(textOf(curves, "recallCurveHead").contains(percentText(test::rowAt(400).recallAt1)));
        keepPicture(curves, "curves_hover");
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(&plotOf(curves, "lossCurvesPlot"), &leave);
        QVERIFY(textOf(curves, "lossCurvesHead").contains(shortNumber(test::rowAt(840).loss)));
    }

    void ALiveChangeIsMarkedAndToldUnderTheCursor() {
        TrainingCurves curves;
        curves.resize(420, 520);
        curves.show();
        QVERIFY(QTest::qWaitForWindowExposed(&curves));
        Snapshot snapshot = test::snapshotAt(400);
        snapshot.settings.loss = {"triplet_margin", {{"margin", 0.2}}};
        curves.showSnapshot(snapshot);
        snapshot = test::snapshotAt(600);
        snapshot.settings.loss = {"triplet_margin", {{"margin", 0.5}}};
        curves.showSnapshot(snapshot);
        QCustomPlot& plot = plotOf(curves, "lossCurvesPlot");
        QTRY_VERIFY(std::ranges::any_of(items<QCPItemLine>(plot), [](const QCPItemLine* line) {
            return line->start->coords().x() == 600 && line->pen().style() == Qt::DotLine;
        }));
        plot.replot();
        hover(plot, 600);
        QVERIFY(textOf(curves, "curvesCaption").contains("Margin 0.2 → 0.5"));
        hover(plot, 300);
        QVERIFY(!textOf(curves, "curvesCaption").contains("Margin"));
        keepPicture(curves, "curves_changed");

        snapshot = test::snapshotAt(20);
        snapshot.runId += 1;
        curves.showSnapshot(snapshot);
        QTRY_VERIFY(std::ranges::none_of(items<QCPItemLine>(plot),
                                         [](const QCPItemLine* line) { return line->pen().style() == Qt::DotLine; }));
    }

    /// Another loss has another size and another margin: the axis fits it, and its margin is not drawn over the old
    /// one.
    void AnotherLossGetsItsOwnAxisAndMargin() {
        TrainingCurves curves;
        curves.resize(420, 520);
        curves.show();
        QVERIFY(QTest::qWaitForWindowExposed(&curves));
        Snapshot snapshot = test::snapshotAt(400);
        snapshot.settings.loss = {"supcon", {}};
        curves.showSnapshot(snapshot);
        QCustomPlot& plot = plotOf(curves, "lossCurvesPlot");
        QTRY_VERIFY(plot.yAxis->range().upper > test::rowAt(20).loss);
        snapshot = test::snapshotAt(800);
        snapshot.step = 400;  // when it was changed
        snapshot.settings.loss = {"triplet_margin", {}};
        snapshot.marginMark = MarginMark{0.7, "margin"};
        auto rows = *snapshot.history;
        for (MetricsRow& row : rows)
            if (row.step > 400) row.loss = 0.01;
        snapshot.history = std::make_shared<const std::vector<MetricsRow>>(rows);
        curves.showSnapshot(snapshot);
        QTRY_VERIFY(plot.yAxis->range().upper < 0.02);
        QVERIFY(std::ranges::any_of(items<QCPItemLine>(plotOf(curves, "distanceCurvesPlot")), [](const auto* line) {
            return line->pen().style() == Qt::DashLine && line->start->coords() == QPointF(400, 0.7);
        }));
    }

    void ManySnapshotsAreDrawnSeldomAndTheNewestAlways() {
        TrainingCurves curves;
        curves.show();
        QVERIFY(QTest::qWaitForWindowExposed(&curves));
        QCustomPlot& plot = plotOf(curves, "lossCurvesPlot");
        int drawn = 0;
        connect(&plot, &QCustomPlot::beforeReplot, this, [&drawn] { ++drawn; });
        QElapsedTimer clock;
        clock.start();
        for (int step = 4; step <= 800; step += 4) curves.showSnapshot(test::snapshotAt(step));
        QTRY_COMPARE(plot.graph(1)->data()->size(), 201);
        QTRY_VERIFY(drawn > 0);
        const auto most = 2 + clock.elapsed() * kFramesPerSecond / 1000;
        QVERIFY2(drawn <= most, qPrintable(QString("%1 drawn, %2 allowed").arg(drawn).arg(most)));
    }

    void EveryThemeHasItsColours() {
        DistancePanel distances;
        TrainingCurves curves;
        for (QWidget* panel : {static_cast<QWidget*>(&distances), static_cast<QWidget*>(&curves)}) {
            panel->resize(380, panel == &distances ? 240 : 480);
            panel->show();
        }
        distances.showSnapshot(test::snapshotAt(600));
        curves.showSnapshot(test::snapshotAt(600));
        const QColor light = plotOf(distances, "distancePlot").graph(0)->pen().color();
        distances.setPalette(test::darkPalette());
        curves.setPalette(test::darkPalette());
        QVERIFY(plotOf(distances, "distancePlot").graph(0)->pen().color() != light);
        QCOMPARE(plotOf(curves, "lossCurvesPlot").xAxis->tickLabelColor(), chartTheme(curves).faint);
        keepPicture(distances, "distances_dark");
        keepPicture(curves, "curves_dark");
    }

    void NumbersAreShort() {
        QCOMPARE(shortNumber(0.41234), "0.412");
        QCOMPARE(shortNumber(1.239), "1.24");
        QCOMPARE(shortNumber(12.34), "12.3");
        QCOMPARE(shortNumber(1612.4), "1,612");
        QCOMPARE(shortNumber(0.000123), "0.00012");
        QCOMPARE(shortNumber(0), "0.000");
        QCOMPARE(shortNumber(MetricsRow::kNone), "–");
        QCOMPARE(percentText(0.8581), "85.8 %");
    }

private:
    static constexpr int kFramesPerSecond = 15;
};

QTEST_MAIN(ChartsTest)
#include "charts_test.moc"
