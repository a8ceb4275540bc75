#include "ui/map_bar.h"

#include "ui/scatter/points.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <limits>

using namespace embedscope;

namespace {

Layout layoutOf(std::size_t count) {
    Layout layout;
    layout.samples = std::make_shared<std::vector<std::int32_t>>(count);
    layout.coordinates.assign(2 * count, 0);
    return layout;
}

template <typename Widget>
Widget* find(MapBar& bar, const char* name) {
    return bar.findChild<Widget*>(name);
}

/// As a hand does it.
void choose(MapBar& bar, const char* id) {
    auto* box = find<QComboBox>(bar, "map_method");
    box->setCurrentIndex(box->findData(id));
    Q_EMIT box->activated(box->currentIndex());
}

}  // namespace

class MapBarTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void OffersEveryMethodAndItsLiveParameters() {
        MapBar bar;
        for (const CatalogEntry& entry : projectionCatalog()) {
            choose(bar, entry.id.c_str());
            QCOMPARE(bar.method().id, entry.id);
            for (const Parameter& parameter : entry.parameters) {
                const bool offered = parameter.changesLive && parameter.id != "z_axis";
                QCOMPARE(bar.findChild<QWidget*>("map_" + QString::fromStdString(parameter.id)) != nullptr, offered);
            }
        }
    }

    void ChosenValuesAreSentAndRemembered() {
        MapBar bar;
        std::vector<Choice> sent;
        connect(&bar, &MapBar::methodChanged, this, [&](const Choice& method) { sent.push_back(method); });
        choose(bar, "tsne");
        auto* perplexity = find<QWidget>(bar, "map_perplexity");
        QVERIFY(perplexity->setProperty("value", 50.0));
        QCOMPARE(sent.back().parameters.at("perplexity"), 50.0);
        choose(bar, "pca");
        choose(bar, "tsne");
        QCOMPARE(sent.back().parameters.at("perplexity"), 50.0);
        QCOMPARE(find<QWidget>(bar, "map_perplexity")->property("value").toDouble(), 50.0);
    }

    void ButtonsAskAndOnlyMapsThatFlowHaveThem() {
        MapBar bar;
        bar.show();
        QVERIFY(!find<QToolButton>(bar, "map_settle")->isVisible());
        choose(bar, "umap");
        QVERIFY(find<QToolButton>(bar, "map_settle")->isVisible());
        QSignalSpy settle(&bar, &MapBar::settleRequested), over(&bar, &MapBar::startOverRequested);
        QSignalSpy trust(&bar, &MapBar::trustToggled);
        find<QToolButton>(bar, "map_settle")->click();
        find<QToolButton>(bar, "map_start_over")->click();
        find<QToolButton>(bar, "map_trust")->click();
        QCOMPARE(settle.size(), 1);
        QCOMPARE(over.size(), 1);
        QCOMPARE(trust.size(), 1);
    }

    void QualityIsCalledAnEstimateUntilAllPointsWereAsked() {
        Layout layout = layoutOf(100);
        QVERIFY(qualityText(layout).isEmpty());
        auto quality = std::make_shared<MapQuality>();
        quality->trustworthiness = 0.9;
        quality->k = 12;
        quality->asked = 64;
        layout.quality = quality;
        QVERIFY(qualityText(layout).contains("64"));
        auto all = std::make_shared<MapQuality>(*quality);
        all->asked = 100;
        layout.quality = all;
        QVERIFY(!qualityText(layout).contains("100"));
    }

    void ProblemsAreShown() {
        MapBar bar;
        Layout layout = layoutOf(3);
        layout.problem = "Label some images.";
        bar.showLayout(layout);
        QCOMPARE(find<QLabel>(bar, "map_note")->text(), QString("Label some images."));
    }

    void AFrozenMapIsNotCalledSettled() {
        MapBar bar;
        Layout layout = layoutOf(3);
        layout.mapStep = 7;
        layout.settled = true;
        bar.showLayout(layout);
        QCOMPARE(find<QLabel>(bar, "map_note")->text(), QString("settled after 7 map iterations"));
        bar.setFrozen(true);
        QCOMPARE(find<QLabel>(bar, "map_note")->text(), QString("frozen at map iteration 7"));
    }

    void PointsPaleWithTheirTrust() {
        Layout layout = layoutOf(3);
        auto quality = std::make_shared<MapQuality>();
        quality->pointTrust = {1, 0.5F, std::numeric_limits<float>::quiet_NaN()};
        layout.quality = quality;
        DrawnPoints points(3);
        for (DrawnPoint& point : points) point.red = 10;
        paleByTrust(points, layout, 0xffffffff);
        QCOMPARE(int(points[0].red), 10);
        QVERIFY(points[1].red > 150);
        QCOMPARE(int(points[2].red), 10);
    }
};

QTEST_MAIN(MapBarTest)
#include "map_bar_test.moc"
