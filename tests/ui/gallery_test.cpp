#include "tests/ui/scatter_data.h"
#include "ui/colors.h"
#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/thumbnail_grid.h"
#include "ui/scatter/thumbnail.h"
#include "ui/scatter/thumbnail_store.h"

#include <QComboBox>
#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

#include <numeric>
#include <optional>

namespace embedscope {
namespace {

/// Every picture is of one grey of its own, and so told apart from the others.
std::shared_ptr<const DataSet> greys(std::size_t count, int classes, std::optional<ImageShape> shape = {}) {
    auto data = std::make_shared<DataSet>(*test::makeScatterData(count, classes));
    if (shape) data->shape = *shape;
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(count * data->shape.bytes());
    for (std::size_t i = 0; i < pixels->size(); ++i)
        (*pixels)[i] = static_cast<std::uint8_t>(i / data->shape.bytes() % 251);
    data->pixels = std::move(pixels);
    return data;
}

std::vector<int> allOf(std::size_t count) {
    std::vector<int> samples(count);
    std::iota(samples.begin(), samples.end(), 0);
    return samples;
}

struct Shown {
    std::shared_ptr<const DataSet> data;
    ThumbnailGrid grid;

    explicit Shown(std::size_t count, int classes = 4) : data(greys(count, classes)) {
        grid.resize(400, 300);
        grid.setDataSet(data);
        grid.show();
        grid.setSamples(allOf(count));
    }
    bool isMade() {
        return QTest::qWaitFor([this] { return grid.isComplete(); });
    }
    int greyAt(std::size_t index) {
        const QPoint middle = grid.cellAt(index).center();
        return qGray(grid.viewport()->grab().toImage().pixel(middle));
    }
};

}  // namespace

class GalleryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void EachCellShowsItsOwnPictureInItsClassColour();
    void EveryPlaceBelongsToTheCellThatIsDrawnThere();
    void AHundredThousandPicturesScrollAtOnce();
    void PointingAndClickingTellTheSample();
    void TheCurrentSampleIsScrolledTo();
    void KeysGoFromPictureToPicture();
    void ASmallerSizeKeepsTheFirstPicture();
    void TheStoreStaysWithinItsMemory();
    void ManyLargePicturesAreMadeSmallerSoThatAllArrive();
    void AnotherLevelStandsInUntilItsOwnIsMade();
    void OtherImagesForgetThePictures();
    void ThePanelSortsAndSaysHowToSelect();
    void WhatIsRareAmongTheSelectedComesFirst();
    void TheMenuIsOfThePictureUnderTheMouse();
    void AnEmptyGridTakesTheMouse();
};

void GalleryTest::EachCellShowsItsOwnPictureInItsClassColour() {
    Shown shown(40);
    QVERIFY(shown.isMade());
    for (const std::size_t index : {0U, 1U, 7U, 11U}) {
        QCOMPARE(shown.greyAt(index), static_cast<int>(index));
        const QRect cell = shown.grid.cellAt(index);
        QCOMPARE(QColor(shown.grid.viewport()->grab().toImage().pixel(cell.topLeft())),
                 classColor(static_cast<int>(index) % 4));
    }
}

void GalleryTest::EveryPlaceBelongsToTheCellThatIsDrawnThere() {
    Shown shown(1000);
    for (const int scroll : {0, 37, 1000, shown.grid.verticalScrollBar()->maximum()}) {
        shown.grid.verticalScrollBar()->setValue(scroll);
        for (std::size_t index = 0; index < 1000; ++index)
            QCOMPARE(shown.grid.indexAt(shown.grid.cellAt(index).center()), static_cast<int>(index));
    }
    QCOMPARE(shown.grid.indexAt({399, 10}), -1);
}

void GalleryTest::AHundredThousandPicturesScrollAtOnce() {
    Shown shown(100'000);
    QScrollBar* bar = shown.grid.verticalScrollBar();
    for (int i = 0; i <= 20; ++i) bar->setValue(bar->maximum() / 20 * i);
    QVERIFY(shown.isMade());
    const int last = shown.grid.indexAt(shown.grid.cellAt(99'999).center());
    QCOMPARE(last, 99'999);
    QVERIFY(shown.grid.viewport()->rect().contains(shown.grid.cellAt(99'999)));
    QCOMPARE(shown.greyAt(99'999), 99'999 % 251);
}

void GalleryTest::PointingAndClickingTellTheSample() {
    Shown shown(50);
    shown.grid.setSamples({9, 4, 30});
    QSignalSpy hovered(&shown.grid, &ThumbnailGrid::sampleHovered);
    QSignalSpy activated(&shown.grid, &ThumbnailGrid::sampleActivated);
    QTest::mouseMove(shown.grid.viewport(), shown.grid.cellAt(1).center());
    QCOMPARE(hovered.value(0).value(0).toInt(), 4);
    QTest::mouseClick(shown.grid.viewport(), Qt::LeftButton, {}, shown.grid.cellAt(2).center());
    QCOMPARE(activated.value(0).value(0).toInt(), 30);
    QCOMPARE(shown.grid.currentSample(), 30);
    QTest::mouseMove(shown.grid.viewport(), {390, 290});
    QCOMPARE(hovered.last().value(0).toInt(), -1);
}

void GalleryTest::TheCurrentSampleIsScrolledTo() {
    Shown shown(5000);
    shown.grid.setCurrentSample(4321);
    QVERIFY(shown.grid.viewport()->rect().contains(shown.grid.cellAt(4321)));
    const int value = shown.grid.verticalScrollBar()->value();
    shown.grid.setRingedSample(3);
    QCOMPARE(shown.grid.verticalScrollBar()->value(), value);
    shown.grid.setCurrentSample(17);
    QVERIFY(shown.grid.viewport()->rect().contains(shown.grid.cellAt(17)));
}

void GalleryTest::KeysGoFromPictureToPicture() {
    Shown shown(100);
    shown.grid.setCurrentSample(10);
    QSignalSpy activated(&shown.grid, &ThumbnailGrid::sampleActivated);
    QTest::keyClick(&shown.grid, Qt::Key_Right);
    QCOMPARE(shown.grid.currentSample(), 11);
    QTest::keyClick(&shown.grid, Qt::Key_Down);
    QVERIFY(shown.grid.currentSample() > 12);
    for (int i = 0; i < 40; ++i) QTest::keyClick(&shown.grid, Qt::Key_Down);
    QCOMPARE(shown.grid.currentSample(), 99);
    QCOMPARE(activated.size(), 42);
}

void GalleryTest::ASmallerSizeKeepsTheFirstPicture() {
    Shown shown(3000);
    shown.grid.verticalScrollBar()->setValue(2000);
    const int first = shown.grid.indexAt({20, 20});
    shown.grid.setSide(40);
    QVERIFY(std::abs(shown.grid.indexAt({20, 20}) - first) < 10);
    QVERIFY(shown.isMade());
    shown.grid.setSide(1);
    QCOMPARE(shown.grid.side(), ThumbnailGrid::kLeastSide);
}

void GalleryTest::TheStoreStaysWithinItsMemory() {
    const auto data = greys(1000, 2, ImageShape{256, 200, 1});
    ThumbnailStore store;
    store.setSource(data);
    for (int first = 0; first < 1000; first += 100) {
        std::vector<int> some(100);
        std::iota(some.begin(), some.end(), first);
        store.request(some, 192);
        QTRY_VERIFY(store.has(first + 99, 192));
    }
    QVERIFY(store.bytes() <= ThumbnailStore::kMostBytes);
    QVERIFY(store.bytes() > ThumbnailStore::kMostBytes / 2);
    QVERIFY(!store.find(0, 192));  // asked for longest ago
    QCOMPARE(qGray(store.find(999, 192)->pixel(96, 96)), 999 % 251);
}

void GalleryTest::ManyLargePicturesAreMadeSmallerSoThatAllArrive() {
    ThumbnailStore store;
    store.setSource(greys(100, 2, ImageShape{400, 400, 1}));
    std::vector<int> all(100);
    std::iota(all.begin(), all.end(), 0);
    store.request(all, 512);
    QTRY_VERIFY(std::ranges::all_of(all, [&](int sample) { return store.has(sample, 512); }));
    QCOMPARE(store.find(99, 512)->width(), 256);
    store.request({7}, 512);
    QTRY_VERIFY(store.has(7, 512));
    QCOMPARE(store.find(7, 512)->width(), 400);
}

void GalleryTest::AnotherLevelStandsInUntilItsOwnIsMade() {
    ThumbnailStore store;
    store.setSource(greys(10, 2, ImageShape{100, 300, 1}));
    store.request({3, 4}, 40);
    QTRY_VERIFY(store.has(3, 40) && store.has(4, 40));
    QCOMPARE(store.find(3, 40)->size(), QSize(64, 21));  // the level above 40
    QVERIFY(!store.has(3, 200));
    QCOMPARE(store.find(3, 200), store.find(3, 40));
    store.request({3}, 200);
    QTRY_VERIFY(store.has(3, 200));
    QCOMPARE(store.find(3, 200)->width(), 256);
    QCOMPARE(store.find(3, 40)->width(), 64);
    store.request({3, 5}, 1000);  // larger than the image: as it is
    QTRY_VERIFY(store.has(5, 1000));
    QCOMPARE(store.find(5, 1000)->size(), QSize(300, 100));
    QCOMPARE(store.find(5, 10)->size(), QSize(300, 100));
}

void GalleryTest::OtherImagesForgetThePictures() {
    ThumbnailStore store;
    store.setSource(greys(10, 2));
    store.request({3}, 32);
    QTRY_VERIFY(store.find(3, 32));
    store.setSource(greys(4, 2));
    QVERIFY(!store.find(3, 32));
    store.request({3}, 64);
    QTRY_VERIFY(store.find(3, 64));
    QCOMPARE(qGray(store.find(3, 64)->pixel(1, 1)), 3);
}

void GalleryTest::ThePanelSortsAndSaysHowToSelect() {
    GalleryPanel panel;
    panel.setDataSet(greys(8, 2));
    panel.show();
    QVERIFY(panel.findChild<QLabel*>("gallery_note")->isVisible());
    panel.setSamples({0, 1, 2, 3});
    QTRY_COMPARE(panel.grid()->samples(), (std::vector<int>{0, 2, 1, 3}));
    QVERIFY(!panel.findChild<QLabel*>("gallery_note")->isVisible());
    panel.findChild<QComboBox*>("gallery_order")->setCurrentIndex(2);
    QTRY_COMPARE(panel.grid()->samples(), (std::vector<int>{0, 1, 2, 3}));
    panel.setDataSet(greys(2, 2));
    QVERIFY(panel.grid()->samples().empty());
}

void GalleryTest::WhatIsRareAmongTheSelectedComesFirst() {
    GalleryPanel panel;
    panel.setDataSet(greys(12, 3));
    panel.setSamples({0, 3, 4, 5, 6, 8});  // classes 0, 0, 1, 2, 0, 2
    QTRY_COMPARE(panel.grid()->samples(), (std::vector<int>{4, 5, 8, 0, 3, 6}));
    panel.findChild<QComboBox*>("gallery_order")->setCurrentIndex(1);
    QTRY_COMPARE(panel.grid()->samples(), (std::vector<int>{0, 3, 6, 4, 5, 8}));
}

void GalleryTest::TheMenuIsOfThePictureUnderTheMouse() {
    Shown shown(20);
    QSignalSpy hovered(&shown.grid, &ThumbnailGrid::sampleHovered);
    QSignalSpy menu(&shown.grid, &ThumbnailGrid::menuRequested);
    const QPoint place = shown.grid.cellAt(2).center();
    QTest::mouseMove(shown.grid.viewport(), place);
    QCOMPARE(hovered.last().value(0).toInt(), 2);
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, shown.grid.viewport()->mapToGlobal(place));
    QCoreApplication::sendEvent(shown.grid.viewport(), &event);
    QCOMPARE(menu.size(), 1);
    QCOMPARE(menu.last().value(0).toInt(), 2);
    QCOMPARE(shown.grid.currentSample(), 2);
    QCOMPARE(hovered.last().value(0).toInt(), -1);  // it does not stay pointed at while the menu is open
}

void GalleryTest::AnEmptyGridTakesTheMouse() {
    ThumbnailGrid grid;
    grid.resize(200, 200);
    grid.show();
    QSignalSpy activated(&grid, &ThumbnailGrid::sampleActivated);
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, {20, 20});
    QTest::keyClick(&grid, Qt::Key_Down);
    QVERIFY(!grid.grab().isNull());
    QCOMPARE(activated.size(), 0);
}

}  // namespace embedscope

QTEST_MAIN(embedscope::GalleryTest)
#include "gallery_test.moc"
