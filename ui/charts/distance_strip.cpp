#include "ui/charts/distance_strip.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/density_curve.h"

#include <QEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kLeft = 38, kBottom = 18, kTop = 8, kRight = 8;  // logical pixels

QColor mixed(const QColor& ground, const QColor& ink, double share) {
    const auto part = [share](int from, int to) { return static_cast<int>(std::lround(from + share * (to - from))); };
    return {part(ground.red(), ink.red()), part(ground.green(), ink.green()), part(ground.blue(), ink.blue())};
}

}  // namespace

DistanceStrip::DistanceStrip(QWidget* parent) : QWidget(parent) {
    setObjectName("distanceStrip");
    fillWithGround(*this);
    setToolTip(
        tr("How the distances of similar and dissimilar pairs have moved: the stronger the colour, the more pairs "
           "at this distance. Lines: the two means."));
}

void DistanceStrip::addTo(Side& side, const DistanceDistribution& pairs) {
    if (pairs.count == 0) return;
    const std::vector<double> bars = barsOf(pairs);
    for (std::size_t bin = 0; bin < bars.size(); ++bin) side.share[bin] += bars[bin];
    side.mean += pairs.mean;
    side.any = true;
}

/// Bins of another axis are not moved: the axis of a run changes in its first steps only.
void DistanceStrip::merge(Column& into, const Column& from) {
    for (const auto side : {&Column::similar, &Column::dissimilar}) {
        for (std::size_t bin = 0; bin < kHistogramBins; ++bin) (into.*side).share[bin] += (from.*side).share[bin];
        (into.*side).mean += (from.*side).mean;
        (into.*side).any |= (from.*side).any;
    }
    into.snapshots += from.snapshots;
    into.upperEdge = std::max(into.upperEdge, from.upperEdge);
}

void DistanceStrip::add(std::int64_t step, const DistanceStatistics& distances) {
    if (distances.similar.count + distances.dissimilar.count == 0) return;
    const std::int64_t number = step / stepsPerColumn_;
    while (!columns_.empty() && columns_.back().number > number) columns_.pop_back();
    if (columns_.empty() || columns_.back().number < number || columns_.back().upperEdge != distances.upperEdge) {
        if (!columns_.empty() && columns_.back().number == number) columns_.pop_back();  // another axis: begun anew
        columns_.push_back({});
        columns_.back().number = number;
        columns_.back().upperEdge = distances.upperEdge;
    }
    Column& column = columns_.back();
    column.snapshots += 1;
    addTo(column.similar, distances.similar);
    addTo(column.dissimilar, distances.dissimilar);
    while (columns_.back().number >= static_cast<std::int64_t>(kMostColumns)) widenColumns();
    image_ = {};
    update();
}

void DistanceStrip::widenColumns() {
    stepsPerColumn_ *= 2;
    std::vector<Column> wider;
    for (Column& column : columns_) {
        column.number /= 2;
        if (!wider.empty() && wider.back().number == column.number && wider.back().upperEdge == column.upperEdge)
            merge(wider.back(), column);
        else if (!wider.empty() && wider.back().number == column.number)
            wider.back() = column;
        else
            wider.push_back(column);
    }
    columns_ = std::move(wider);
}

void DistanceStrip::clear() {
    columns_.clear();
    stepsPerColumn_ = 1;
    image_ = {};
    update();
}

double DistanceStrip::shareIn(const Column& column, const Side& side, double distance) {
    if (distance < 0 || distance >= column.upperEdge || column.snapshots == 0) return 0;
    const auto bin = static_cast<std::size_t>(distance / column.upperEdge * kHistogramBins);
    return side.share[std::min<std::size_t>(bin, kHistogramBins - 1)] / column.snapshots;
}

double DistanceStrip::shareAt(std::int64_t step, double distance, bool similar) const {
    const auto after = std::ranges::upper_bound(columns_, step / stepsPerColumn_, {}, &Column::number);
    if (after == columns_.begin()) return 0;
    const Column& column = *(after - 1);
    return shareIn(column, similar ? column.similar : column.dissimilar, distance);
}

double DistanceStrip::highestEdge() const {
    double highest = 0;
    for (const Column& column : columns_) highest = std::max(highest, column.upperEdge);
    return highest;
}

QRectF DistanceStrip::plotArea() const {
    return QRectF(rect()).adjusted(kLeft, kTop, -kRight, -kBottom);
}

/// One pixel a column of the picture and half a bin a row; the painter stretches it.
void DistanceStrip::redraw(QSize size) {
    const ChartTheme theme = chartTheme(*this);
    image_ = QImage(size, QImage::Format_RGB32);
    image_.fill(theme.ground);
    const double edge = highestEdge();
    const std::int64_t last = columns_.back().number;
    double most = 1e-9;
    for (const Column& column : columns_)
        for (const Side* side : {&column.similar, &column.dissimilar})
            most = std::max(most, *std::ranges::max_element(side->share) / column.snapshots);
    for (int x = 0; x < size.width(); ++x) {
        const auto number =
            static_cast<std::int64_t>(static_cast<double>(x) / size.width() * static_cast<double>(last + 1));
        const auto after = std::ranges::upper_bound(columns_, number, {}, &Column::number);
        if (after == columns_.begin()) continue;
        const Column& column = *(after - 1);
        for (int y = 0; y < size.height(); ++y) {
            const double distance = edge * (1 - (y + 0.5) / size.height());
            const double similar = std::sqrt(shareIn(column, column.similar, distance) / most);
            const double dissimilar = std::sqrt(shareIn(column, column.dissimilar, distance) / most);
            const QColor color = mixed(mixed(theme.ground, theme.dissimilar, 0.85 * std::min(1.0, dissimilar)),
                                       theme.similar, 0.85 * std::min(1.0, similar));
            image_.setPixelColor(x, y, color);
        }
    }
}

void DistanceStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ChartTheme theme = chartTheme(*this);
    const QRectF area = plotArea();
    painter.setFont(theme.small);
    painter.setPen(theme.faint);
    if (columns_.empty() || area.width() < 20 || area.height() < 20) {
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("The distances over the steps appear here when training starts."));
        return;
    }
    if (image_.isNull()) redraw(QSize(std::min(static_cast<int>(area.width()), 400), 2 * kHistogramBins));
    painter.drawImage(area, image_);
    painter.setRenderHint(QPainter::Antialiasing);
    const double edge = highestEdge(), last = static_cast<double>(columns_.back().number + 1);
    for (const auto side : {&Column::similar, &Column::dissimilar}) {
        QPainterPath path;
        for (const Column& column : columns_) {
            if (!(column.*side).any) continue;
            const QPointF point(area.left() + (static_cast<double>(column.number) + 0.5) / last * area.width(),
                                area.bottom() - (column.*side).mean / column.snapshots / edge * area.height());
            path.elementCount() == 0 ? path.moveTo(point) : path.lineTo(point);
        }
        const QColor color = side == &Column::similar ? theme.similar : theme.dissimilar;
        painter.setPen(QPen(theme.ground, 3.5));
        painter.drawPath(path);
        painter.setPen(QPen(color, 1.6));
        painter.drawPath(path);
    }
    painter.setPen(theme.faint);
    painter.drawRect(area);
    for (const double share : {0.0, 0.5, 1.0}) {
        const double y = area.bottom() - share * area.height();
        painter.drawText(QRectF(0, y - 8, kLeft - 4, 16), Qt::AlignRight | Qt::AlignVCenter, shortNumber(share * edge));
    }
    painter.drawText(QRectF(area.left(), area.bottom() + 1, area.width(), kBottom), Qt::AlignLeft, tr("step 0"));
    painter.drawText(QRectF(area.left(), area.bottom() + 1, area.width(), kBottom), Qt::AlignRight,
                     QLocale().toString(static_cast<qlonglong>(columns_.back().number * stepsPerColumn_)));
}

void DistanceStrip::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) image_ = {};
    QWidget::changeEvent(event);
}

}  // namespace embedscope
