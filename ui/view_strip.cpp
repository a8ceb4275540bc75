#include "ui/view_strip.h"

#include "engine/augmentation.h"
#include "ui/inspector/pixels.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <random>

namespace embedscope {
namespace {

constexpr int kTile = 88;
constexpr int kGap = 6;
constexpr int kWideGap = 22;  ///< Between the image and its views.

/// Training images of different classes, where there are such.
std::vector<std::size_t> chooseImages(const DataSet& data, std::uint64_t seed) {
    std::vector<std::size_t> training;
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data.samples[i].split == Split::Train) training.push_back(i);
    std::vector<std::size_t> chosen;
    std::mt19937_64 generator(seed);
    constexpr int kAttempts = 50;
    for (int attempt = 0; attempt < kAttempts && !training.empty() && chosen.size() < ViewStrip::kOriginals;
         ++attempt) {
        const std::size_t index = training[generator() % training.size()];
        const bool alike = std::ranges::any_of(
            chosen, [&](std::size_t other) { return data.samples[other].label == data.samples[index].label; });
        if (!alike || attempt == kAttempts - 1) chosen.push_back(index);
    }
    return chosen;
}

std::vector<QImage> rowOf(const DataSet& data, std::size_t index, const Choice& augmentation, std::uint64_t seed,
                          const QSize& tile) {
    std::vector<QImage> row = {fitted(imageFromPixels(data.image(index), data.shape), tile)};
    for (const Image& view : augmentedViews(data, index, augmentation, seed, ViewStrip::kViews))
        row.push_back(fitted(imageFromPixels(view.pixels, view.shape), tile));
    return row;
}

int captionHeight(const QWidget& widget) {
    return widget.fontMetrics().height() + kGap;
}

}  // namespace

ViewStrip::ViewStrip(QWidget* parent)
    : QWidget(parent), task_([this](Rows rows) {
          rows_ = std::move(rows);
          update();
          Q_EMIT drawn();
      }) {
    setObjectName("view_strip");
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(
        tr("Two training images and random views of them. The encoder is trained on such views, never on the "
           "same one twice."));
}

QSize ViewStrip::sizeHint() const {
    return {kTile + kWideGap + 8 * (kTile + kGap), captionHeight(*this) + kOriginals * (kTile + kGap)};
}

QSize ViewStrip::minimumSizeHint() const {
    return {kTile + kWideGap + 3 * (kTile + kGap), sizeHint().height()};
}

void ViewStrip::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    start();
}

void ViewStrip::showViewsOf(const Choice& augmentation) {
    if (augmentation == augmentation_ && !rows_.empty()) return;
    augmentation_ = augmentation;
    start();
}

void ViewStrip::shuffle() {
    ++seed_;
    start();
}

void ViewStrip::start() {
    if (!data_ || data_->size() == 0) return;
    const QSize tile = QSize(kTile, kTile) * devicePixelRatioF();
    task_.start([data = data_, augmentation = augmentation_, seed = seed_, tile] {
        Rows rows;
        for (const std::size_t index : chooseImages(*data, seed))
            rows.push_back(rowOf(*data, index, augmentation, seed, tile));
        return rows;
    });
}

void ViewStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const int ascent = fontMetrics().ascent();
    painter.drawText(0, ascent, tr("Image"));
    painter.drawText(kTile + kWideGap, ascent, tr("Random views of it, as the encoder sees them"));
    const int line = kTile + kWideGap / 2;
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(line, captionHeight(*this), line, height() - kGap);
    int y = captionHeight(*this);
    for (const std::vector<QImage>& row : rows_) {
        int x = 0;
        for (const QImage& image : row) {
            if (x + kTile > width()) break;
            const QSize size = image.size() / devicePixelRatioF();
            painter.drawImage(QRect(QPoint(x + (kTile - size.width()) / 2, y + (kTile - size.height()) / 2), size),
                              image);
            x += kTile + (x == 0 ? kWideGap : kGap);
        }
        y += kTile + kGap;
    }
}

}  // namespace embedscope
