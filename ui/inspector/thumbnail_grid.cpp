#include "ui/inspector/thumbnail_grid.h"

#include "ui/colors.h"
#include "ui/inspector/neighbor_grid.h"
#include "ui/scatter/thumbnail_store.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr int kGap = 6, kFrame = 2;

}  // namespace

ThumbnailGrid::ThumbnailGrid(QWidget* parent)
    : QAbstractScrollArea(parent), pictures_(std::make_unique<ThumbnailStore>()) {
    setObjectName("thumbnail_grid");
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    connect(pictures_.get(), &ThumbnailStore::arrived, viewport(), QOverload<>::of(&QWidget::update));
}

ThumbnailGrid::~ThumbnailGrid() = default;

void ThumbnailGrid::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    current_ = ringed_ = hovered_ = -1;
    setSamples({});
}

void ThumbnailGrid::setLabels(std::shared_ptr<const DataSet> relabelled) {
    data_ = std::move(relabelled);
    layOut();
}

void ThumbnailGrid::setSamples(std::vector<int> samples) {
    samples_ = std::move(samples);
    layOut();
}

void ThumbnailGrid::setCurrentSample(int sample) {
    current_ = sample;
    if (const auto place = std::ranges::find(samples_, sample); sample >= 0 && place != samples_.end())
        scrollTo(static_cast<std::size_t>(place - samples_.begin()));
    viewport()->update();
}

void ThumbnailGrid::setRingedSample(int sample) {
    if (sample == ringed_) return;
    ringed_ = sample;
    viewport()->update();
}

void ThumbnailGrid::setSide(int side) {
    side = std::clamp(side, kLeastSide, kMostSide);
    if (side == side_) return;
    const std::size_t first = shownRange().first;
    side_ = side;
    layOut();
    verticalScrollBar()->setValue(static_cast<int>(first) / columns() * pitch());
}

int ThumbnailGrid::pitch() const {
    return side_ + 2 * kFrame + kGap;
}

int ThumbnailGrid::columns() const {
    return std::max(1, (viewport()->width() - kGap) / pitch());
}

QRect ThumbnailGrid::cellAt(std::size_t index) const {
    const int column = static_cast<int>(index) % columns(), row = static_cast<int>(index) / columns();
    const int cell = side_ + 2 * kFrame;
    return {kGap + column * pitch(), kGap + row * pitch() - verticalScrollBar()->value(), cell, cell};
}

int ThumbnailGrid::indexAt(QPoint place) const {
    const int column = (place.x() - kGap / 2) / pitch();
    const int row = (place.y() + verticalScrollBar()->value() - kGap / 2) / pitch();
    if (place.x() < kGap / 2 || column >= columns() || row < 0) return -1;
    const int index = row * columns() + column;
    return index < static_cast<int>(samples_.size()) ? index : -1;
}

/// From the first cell in view to behind the last.
std::pair<std::size_t, std::size_t> ThumbnailGrid::shownRange() const {
    const int top = verticalScrollBar()->value();
    const auto first = static_cast<std::size_t>(top / pitch() * columns());
    const auto end = static_cast<std::size_t>(((top + viewport()->height()) / pitch() + 1) * columns());
    return {std::min(first, samples_.size()), std::min(end, samples_.size())};
}

bool ThumbnailGrid::isComplete() const {
    const auto [first, end] = shownRange();
    return std::all_of(samples_.begin() + static_cast<std::ptrdiff_t>(first),
                       samples_.begin() + static_cast<std::ptrdiff_t>(end),
                       [this](int sample) { return pictures_->has(sample, devicePixels()); });
}

void ThumbnailGrid::layOut() {
    const int rows = (static_cast<int>(samples_.size()) + columns() - 1) / columns();
    verticalScrollBar()->setRange(0, std::max(0, rows * pitch() + kGap - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(pitch() / 2);
    pictures_->setSource(data_);
    requestShown();
    viewport()->update();
}

void ThumbnailGrid::requestShown() {
    auto [first, end] = shownRange();
    end = std::min(samples_.size(), end + (end - first));  // the page that comes next, too
    pictures_->request(
        {samples_.begin() + static_cast<std::ptrdiff_t>(first), samples_.begin() + static_cast<std::ptrdiff_t>(end)},
        devicePixels());
}

int ThumbnailGrid::devicePixels() const {
    return static_cast<int>(std::lround(side_ * devicePixelRatioF()));
}

void ThumbnailGrid::scrollTo(std::size_t index) {
    const QRect cell = cellAt(index);
    QScrollBar* bar = verticalScrollBar();
    if (cell.top() < 0)
        bar->setValue(bar->value() + cell.top() - kGap);
    else if (cell.bottom() > viewport()->height())
        bar->setValue(bar->value() + cell.bottom() - viewport()->height() + kGap);
}

void ThumbnailGrid::scrollContentsBy(int, int) {
    requestShown();
    viewport()->update();
}

void ThumbnailGrid::resizeEvent(QResizeEvent*) {
    layOut();
}

void ThumbnailGrid::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    const auto [first, end] = shownRange();
    for (std::size_t index = first; index < end; ++index) paintCell(painter, index);
}

void ThumbnailGrid::paintCell(QPainter& painter, std::size_t index) const {
    const int sample = samples_[index];
    const QRect cell = cellAt(index);
    const bool framed = sample == current_ || sample == ringed_ || sample == hovered_;
    if (framed)
        painter.fillRect(cell.adjusted(-kGap / 2, -kGap / 2, kGap / 2, kGap / 2), palette().color(QPalette::Highlight));
    const int label = data_->samples[static_cast<std::size_t>(sample)].label;
    painter.fillRect(cell, classColor(label));
    const QRect inside = cell.adjusted(kFrame, kFrame, -kFrame, -kFrame);
    painter.fillRect(inside, palette().color(QPalette::AlternateBase));
    if (const QImage* picture = pictures_->find(sample, devicePixels()))
        drawThumbnail(painter, roomOf(*picture, inside), *picture);
}

void ThumbnailGrid::setHovered(int sample) {
    if (sample == hovered_) return;
    hovered_ = sample;
    viewport()->update();
    Q_EMIT sampleHovered(sample);
}

bool ThumbnailGrid::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) setHovered(-1);
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = indexAt(help->pos());
    if (index < 0) {
        QToolTip::hideText();
    } else {
        const int sample = samples_[static_cast<std::size_t>(index)];
        const QString path = QString::fromStdString(data_->samples[static_cast<std::size_t>(sample)].path);
        QToolTip::showText(help->globalPos(), className(*data_, sample) + '\n' + path, viewport());
    }
    return true;
}

void ThumbnailGrid::mouseMoveEvent(QMouseEvent* event) {
    const int index = indexAt(event->position().toPoint());
    setHovered(index < 0 ? -1 : samples_[static_cast<std::size_t>(index)]);
}

void ThumbnailGrid::mousePressEvent(QMouseEvent* event) {
    const int index = indexAt(event->position().toPoint());
    if (index >= 0 && event->button() == Qt::LeftButton) activate(index);
}

void ThumbnailGrid::activate(int index) {
    setCurrentSample(samples_[static_cast<std::size_t>(index)]);
    Q_EMIT sampleActivated(current_);
}

void ThumbnailGrid::hideEvent(QHideEvent*) {
    setHovered(-1);
}

void ThumbnailGrid::contextMenuEvent(QContextMenuEvent* event) {
    const int index = indexAt(event->pos());
    if (index < 0) return;
    activate(index);
    setHovered(-1);  // while the menu is open the mouse leaves unseen
    Q_EMIT menuRequested(current_, event->globalPos());
}

void ThumbnailGrid::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(samples_.size()) - 1;
    const auto place = std::ranges::find(samples_, current_);
    int index = place == samples_.end() ? 0 : static_cast<int>(place - samples_.begin());
    switch (event->key()) {
        case Qt::Key_Left:
            --index;
            break;
        case Qt::Key_Right:
            ++index;
            break;
        case Qt::Key_Up:
            index -= columns();
            break;
        case Qt::Key_Down:
            index += columns();
            break;
        default:
            QAbstractScrollArea::keyPressEvent(event);
            return;
    }
    if (last < 0) return;
    activate(std::clamp(index, 0, last));
}

}  // namespace embedscope
