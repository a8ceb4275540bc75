#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/scatter/class_outlines.h"
#include "ui/scatter/density_contours.h"
#include "ui/scatter/embedding_view.h"

#include <QFile>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>

#include <cmath>

namespace embedscope {
namespace {

std::vector<QPointF> randomPlaces(std::size_t count, std::uint64_t seed) {
    RandomPoints random(seed);
    std::vector<QPointF> places;
    for (std::size_t i = 0; i < count; ++i) places.emplace_back(random.normal(), random.normal());
    return places;
}

double turn(QPointF a, QPointF b, QPointF c) {
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
}

DrawnPoints pointsAt(const std::vector<QPointF>& places) {
    DrawnPoints points;
    for (const QPointF& place : places) {
        DrawnPoint point;
        point.fromX = point.toX = static_cast<float>(place.x());
        point.fromY = point.toY = static_cast<float>(place.y());
        points.push_back(point);
    }
    return points;
}

}  // namespace

class ScatterShapesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void AHullIsConvexAndHoldsEveryPlace() {
        for (const std::size_t count : {3UL, 10UL, 500UL}) {
            const std::vector<QPointF> places = randomPlaces(count, count);
            const QPolygonF hull = convexHull(places);
            QVERIFY(hull.size() >= 3);
            for (qsizetype i = 0; i < hull.size(); ++i) {
                const QPointF a = hull[i], b = hull[(i + 1) % hull.size()];
                for (const QPointF& place : places) QVERIFY(turn(a, b, place) >= -1e-12);
            }
        }
    }

    void AHullOfALineOrOfOnePlaceDoesNotFail() {
        QCOMPARE(convexHull({{1, 1}, {1, 1}}).size(), 1);
        QVERIFY(convexHull({{0, 0}, {1, 1}, {2, 2}, {3, 3}}).size() <= 3);
        QVERIFY(convexHull({}).isEmpty());
    }

    void AStrayPointDoesNotBlowUpAHull() {
        std::vector<QPointF> places = randomPlaces(100, 7);
        places[40] = {1000, -1000};
        const std::vector<QPointF> kept = nearestToMedian(places, 0.95);
        QCOMPARE(kept.size(), 95U);
        QVERIFY(std::ranges::find(kept, places[40]) == kept.end());
        double farthestKept = 0, nearestLeft = 1e9;
        const QPointF median = [&places] {
            std::vector<double> x, y;
            for (const QPointF& place : places) {
                x.push_back(place.x());
                y.push_back(place.y());
            }
            std::ranges::sort(x);
            std::ranges::sort(y);
            return QPointF(x[50], y[50]);
        }();
        for (const QPointF& place : places) {
            const double far = std::hypot(place.x() - median.x(), place.y() - median.y());
            const bool isKept = std::ranges::find(kept, place) != kept.end();
            (isKept ? farthestKept : nearestLeft) = isKept ? std::max(farthestKept, far) : std::min(nearestLeft, far);
        }
        QVERIFY(farthestKept <= nearestLeft);
        QCOMPARE(nearestToMedian({{0, 0}, {1, 0}, {50, 50}}, 0.95).size(), 3U);  // of few all count
    }

    void AnEllipseHoldsTheShareThatTwoDeviationsDo() {
        const auto data = test::makeScatterData(4000, 1);
        RandomPoints random(5);
        std::vector<float> places;
        for (int i = 0; i < 4000; ++i) {
            const double x = random.normal(), y = random.normal();
            places.push_back(static_cast<float>(3 * x));
            places.push_back(static_cast<float>(x + 0.5 * y));
        }
        const auto layout = test::makeLayout(places);
        const DrawnPoints points = pointsOf(*layout, *data);
        const auto outlines = classOutlines({points, {}, {}, 0}, *layout, *data, ClassOutline::Ellipse);
        QCOMPARE(outlines.size(), 1U);
        int inside = 0;
        for (std::size_t i = 0; i < points.size(); ++i)
            inside += outlines[0].outline.containsPoint({points[i].toX, points[i].toY}, Qt::OddEvenFill);
        QVERIFY2(std::abs(inside / 4000.0 - 0.865) < 0.02, qPrintable(QString::number(inside)));  // 1 - exp(-2)
    }

    void HiddenPointsAndSmallClassesHaveNoOutline() {
        const auto data = test::makeScatterData(8, 3);  // three, three and two points
        const auto layout = test::makeLayout(test::classClouds(*data, 1));
        DrawnPoints points = pointsOf(*layout, *data);
        const SeenPoints seen{points, {}, {}, 0};
        QCOMPARE(classOutlines(seen, *layout, *data, ClassOutline::Hull).size(), 2U);
        points[0].style |= kHiddenStyle;
        QCOMPARE(classOutlines(seen, *layout, *data, ClassOutline::Hull).size(), 1U);
        QVERIFY(classOutlines(seen, *layout, *data, ClassOutline::None).empty());
    }

    void ContoursSurroundTheCrowd() {
        std::vector<QPointF> places = randomPlaces(20'000, 7);
        const DensityContours contours = densityContours(pointsAt(places));
        double before = 1e9;
        for (const std::vector<QLineF>& lines : contours.lines) {
            QVERIFY(lines.size() > 8);
            double radius = 0;
            for (const QLineF& line : lines) radius += std::hypot(line.x1(), line.y1());
            radius /= static_cast<double>(lines.size());
            QVERIFY(radius < before);  // denser lines lie inside
            before = radius;
        }
        // A Gaussian has a third of its highest density at 1.45 deviations.
        double radius = 0;
        for (const QLineF& line : contours.lines[2]) radius += std::hypot(line.x1(), line.y1());
        radius /= static_cast<double>(contours.lines[2].size());
        QVERIFY2(std::abs(radius - 1.45) < 0.15, qPrintable(QString::number(radius)));
    }

    void ContoursOfNothingAreNothing() {
        for (const auto& lines : densityContours({}).lines) QVERIFY(lines.empty());
    }

    void TheViewDrawsThemInPlaneAndSpace() {
        const auto data = test::makeScatterData(300, 3);
        auto layout = std::make_shared<Layout>(*test::makeLayout(test::classClouds(*data, 2)));
        EmbeddingView view;
        view.resize(500, 400);
        view.setDataSet(data);
        view.show();
        view.showLayout(layout);
        QVERIFY(test::rests(view));
        const QImage plain = view.seenPicture(1);
        view.setClassOutline(ClassOutline::Hull);
        QVERIFY(view.seenPicture(1) != plain);
        view.setClassOutline(ClassOutline::None);
        QCOMPARE(view.seenPicture(1), plain);
        view.setContoursVisible(true);
        QVERIFY(view.seenPicture(1) != plain);
        auto space = std::make_shared<Layout>(*layout);
        space->depths.assign(300, 0.1F);
        view.showLayout(space);
        QVERIFY(test::rests(view));
        QVERIFY(!view.seenPicture(1).isNull());
    }

    void AnSvgHoldsThePointsAsShapes() {
        const auto data = test::makeScatterData(40, 4);
        EmbeddingView view;
        view.resize(500, 400);
        view.setDataSet(data);
        view.show();
        view.showLayout(test::makeLayout(test::classClouds(*data, 2)));
        view.setColorBy(ColorBy::Age);  // a gradient
        QVERIFY(test::rests(view));
        QTemporaryDir folder;
        const QString file = folder.filePath("view.svg");
        view.savePicture(file);
        QFile saved(file);
        QVERIFY(saved.open(QFile::ReadOnly));
        QXmlStreamReader reader(&saved);
        int paths = 0, texts = 0;
        while (!reader.atEnd()) {
            if (reader.readNext() != QXmlStreamReader::StartElement) continue;
            paths += reader.name() == QLatin1String("path");
            if (reader.name() != QLatin1String("text")) continue;
            ++texts;
            QVERIFY(reader.attributes().value("font-family").endsWith(QLatin1String(", sans-serif")));
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY(paths >= 40);
        QVERIFY(texts >= 4);  // the axes and the classes
    }
};

}  // namespace embedscope

QTEST_MAIN(embedscope::ScatterShapesTest)
#include "scatter_shapes_test.moc"
