#include "ui/scatter/point_pictures.h"

#include "tests/ui/scatter_data.h"
#include "tests/ui/view_hand.h"
#include "ui/scatter/embedding_view.h"

#include <QSignalSpy>
#include <QtTest>

#include <set>

namespace embedscope {
namespace {

/// Pictures of one grey each.
std::shared_ptr<const DataSet> greys(std::size_t count) {
    auto data = std::make_shared<DataSet>(*test::makeScatterData(count, 5));
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(count * data->shape.bytes());
    for (std::size_t i = 0; i < pixels->size(); ++i)
        (*pixels)[i] = static_cast<std::uint8_t>(i / data->shape.bytes() % 200);
    data->pixels = std::move(pixels);
    return data;
}

ScatterFrame frameOf(double pixelsPerUnit) {
    ScatterFrame frame;
    frame.camera.viewport = {600, 500};
    frame.camera.pixelsPerUnit = pixelsPerUnit;
    return frame;
}

struct Cloud {
    std::shared_ptr<const DataSet> data;
    std::shared_ptr<const Layout> layout;
    DrawnPoints points;
    PointPictures pictures;

    explicit Cloud(std::size_t count) : data(greys(count)), layout(test::makeLayout(test::classClouds(*data, 2))) {
        points = pointsOf(*layout, *data);
    }
    void choose(const ScatterFrame& frame) { pictures.choose(SeenPoints{points, {}, {}, 0}, *layout, frame, data, 1); }
    std::set<std::uint32_t> rows() const {
        std::set<std::uint32_t> rows;
        for (const PointPictures::Placed& one : pictures.placed()) rows.insert(one.row);
        return rows;
    }
};

}  // namespace

class PointPicturesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void NoPictureCoversAnotherAndEachLiesAtItsPoint() {
        Cloud cloud(20'000);
        cloud.pictures.setMode(PictureMode::Always);
        for (const double zoom : {100.0, 250.0, 2000.0}) {
            const ScatterFrame frame = frameOf(zoom);
            cloud.choose(frame);
            const auto& placed = cloud.pictures.placed();
            QVERIFY(placed.size() > 5);
            for (std::size_t i = 0; i < placed.size(); ++i) {
                const QPointF centre = frame.camera.screenFromWorld(positionOf(cloud.points[placed[i].row], 1));
                QVERIFY(QLineF(placed[i].place.center(), centre).length() < 1e-6);
                for (std::size_t k = i + 1; k < placed.size(); ++k)
                    QVERIFY(!placed[i].place.intersects(placed[k].place));
            }
        }
    }

    void WhereThereIsRoomAPointNearIsShown() {
        Cloud cloud(20'000);
        cloud.pictures.setMode(PictureMode::Always);
        const ScatterFrame frame = frameOf(400);
        cloud.choose(frame);
        // Every point in view has a picture within reach: the picture of its cell, or the one that was in its way.
        for (std::size_t row = 0; row < cloud.points.size(); row += 37) {
            const QPointF at = frame.camera.screenFromWorld(positionOf(cloud.points[row], 1));
            if (!QRectF(0, 0, 600, 500).contains(at)) continue;
            const bool near = std::ranges::any_of(cloud.pictures.placed(), [&](const PointPictures::Placed& one) {
                return std::abs(one.place.center().x() - at.x()) < 100 &&
                       std::abs(one.place.center().y() - at.y()) < 100;
            });
            QVERIFY(near);
        }
    }

    void PicturesStayWhileThePictureIsDragged() {
        Cloud cloud(20'000);
        cloud.pictures.setMode(PictureMode::Always);
        ScatterFrame frame = frameOf(250);
        cloud.choose(frame);
        const std::set<std::uint32_t> before = cloud.rows();
        frame.camera.panBy({7, -5});
        cloud.choose(frame);
        std::size_t kept = 0;
        for (const std::uint32_t row : cloud.rows()) kept += before.contains(row);
        QVERIFY2(kept + 3 >= before.size() * 9 / 10, qPrintable(QString("%1 of %2").arg(kept).arg(before.size())));
    }

    void UpCloseShowsPicturesOnlyWhereFewPointsAre() {
        Cloud cloud(20'000);
        cloud.pictures.setMode(PictureMode::UpClose);
        cloud.choose(frameOf(200));
        QVERIFY(cloud.pictures.placed().empty());
        ScatterFrame close = frameOf(20'000);
        close.camera.centre = positionOf(cloud.points[11], 1);
        cloud.choose(close);
        QVERIFY(cloud.rows().contains(11));
        cloud.pictures.setMode(PictureMode::Points);
        cloud.choose(close);
        QVERIFY(cloud.pictures.placed().empty());
    }

    void TheFewerPointsTheLargerThePicturesAndPanningKeepsTheirSize() {
        Cloud cloud(20'000);
        cloud.pictures.setMode(PictureMode::Always);
        int before = 0;
        std::set<int> sides;
        for (const double zoom : {100.0, 1'000.0, 5'000.0, 20'000.0, 100'000.0}) {
            ScatterFrame frame = frameOf(zoom);
            frame.camera.centre = positionOf(cloud.points[11], 1);
            cloud.choose(frame);
            QVERIFY(cloud.pictures.side() >= before);
            before = cloud.pictures.side();
            sides.insert(before);
            QCOMPARE(cloud.pictures.placed().front().place.width(), before);
        }
        QCOMPARE(*sides.begin(), PointPictures::kSides.front());
        QCOMPARE(*sides.rbegin(), PointPictures::kSides.back());
        // A few points more do not shrink them, many more do.
        Cloud few(40);
        few.pictures.setMode(PictureMode::Always);
        ScatterFrame all = frameOf(100);
        for (std::size_t i = 5; i < 40; ++i) few.points[i].style |= kHiddenStyle;
        few.choose(all);
        const int side = few.pictures.side();
        few.points[5].style &= static_cast<std::uint8_t>(~kHiddenStyle);
        few.choose(all);
        QCOMPARE(few.pictures.side(), side);
        for (DrawnPoint& point : few.points) point.style &= static_cast<std::uint8_t>(~kHiddenStyle);
        few.choose(all);
        QVERIFY(few.pictures.side() < side);
    }

    void HiddenAndDimmedPointsHaveNoPicture() {
        Cloud cloud(50);
        cloud.pictures.setMode(PictureMode::Always);
        cloud.points[3].style |= kHiddenStyle;
        cloud.points[4].style |= kDimmedStyle;
        ScatterFrame close = frameOf(30'000);
        for (const std::size_t row : {3U, 4U}) {
            close.camera.centre = positionOf(cloud.points[row], 1);
            cloud.choose(close);
            QVERIFY(!cloud.rows().contains(static_cast<std::uint32_t>(row)));
        }
    }

    void TheViewDrawsThePictureAndFindsItsSample() {
        const auto data = greys(5);
        EmbeddingView view;
        view.resize(600, 500);
        view.setDataSet(data);
        view.setClassNamesVisible(false);
        view.setPictureMode(PictureMode::Always);
        view.show();
        view.showLayout(test::makeLayout({-1, -1, 1, -1, -1, 1, 1, 1, 0, 0}));
        QVERIFY(test::rests(view));
        QSignalSpy clicked(&view, &EmbeddingView::sampleClicked);
        for (int sample = 0; sample < 5; ++sample) {
            const QPoint at = view.screenPositionOf(sample)->toPoint() + QPoint(14, -13);
            QTRY_COMPARE(qGray(view.grab().toImage().pixel(at)), sample);
            QTest::mouseClick(&view, Qt::LeftButton, {}, at);  // beyond the reach of the point itself
            QCOMPARE(clicked.last().value(0).toInt(), sample);
        }
        view.setDataSet(greys(2));
        QTest::mouseClick(&view, Qt::LeftButton, {}, {300, 250});
        QCOMPARE(clicked.last().value(0).toInt(), -1);
    }
};

}  // namespace embedscope

QTEST_MAIN(embedscope::PointPicturesTest)
#include "point_pictures_test.moc"
