// What the embedding view draws around and over its points.
#include "ui/scatter/color_key.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/overlay.h"
#include "ui/scatter/picture.h"
#include "ui/scatter/space_axes.h"

#include <QPainter>
#include <QToolButton>

namespace embedscope {
namespace {

constexpr std::size_t kMostNames = 40;
constexpr std::size_t kFewForShapes = 50'000;

}  // namespace

QImage EmbeddingView::picture(QSize size) const {
    if (!layout_ || !data_) return {};
    return renderPicture(*layout_, *data_, size, palette().color(QPalette::Base).lightness() < 128);
}

void EmbeddingView::paintGround(QPainter& painter) const {
    painter.setFont(font());
    if (!layout_) {
        paintEmpty(painter, size(), tr("The first points appear when the untrained encoder has seen the images."),
                   palette());
        return;
    }
    isInSpace() ? paintSpaceAxes(painter, frame(), palette())
                : paintAxes(painter, camera_, layout_->axisNames, palette());
    paintSphere(painter, frame().screenFrom({0, 0, 0}), layout_->sphereRadius * camera_.pixelsPerUnit, palette());
}

void EmbeddingView::paintOverlay(QPainter& painter) {
    if (!layout_) return;
    painter.setFont(font());
    pictures_.choose(drawn(), *layout_, frame(), data_, devicePixelRatioF());
    pictures_.paint(painter, points_, *layout_);
    painter.setRenderHint(QPainter::Antialiasing);
    paintShapes(painter);
    for (const auto& overlay : overlays_) {
        painter.save();
        overlay->paint(painter, *this);
        painter.restore();
    }
    if (isInSpace()) paintSpaceNames(painter, frame(), layout_->axisNames, palette());
    if (!greysRest_) paintSelected(painter);
    if (proxiesVisible_) proxies_.paint(painter, frame(), palette());
    if (classNames_ && centres_.size() <= kMostNames) paintClassNames(painter, centres_, *data_, frame(), palette());
    const double radius = frame().radius + 4;
    const QColor ink = palette().color(QPalette::Text);
    if (const auto centre = screenPositionOf(selected_)) {
        QColor line = ink;
        line.setAlphaF(0.45F);
        paintLines(painter, *centre, neighbors_, line);
        paintRing(painter, *centre, radius + 1, ink);
    }
    paintLinks(painter);
    paintQuery(painter);
    paintWatchedSamples(painter);
    paintColorKey(painter, colorKey_, size(), followButton_->isVisible() ? followButton_->geometry().bottom() + 8 : 12,
                  palette());
    if (lasso_.isActive()) paintLasso(painter, lasso_, palette());
    if (brush_.isActive()) paintBrush(painter, brush_, palette());
    if (hovered_) {
        const ScatterFrame now = frame();
        const QPointF centre = now.screenFrom(placeNow(*hovered_, now.glide));
        QColor line = ink;
        line.setAlphaF(0.3F);
        paintLines(painter, centre, hoveredNeighbors_, line);
        paintRing(painter, centre, radius, ink);
    }
}

/// Of many points they wait until the points stand still, so that no frame does.
void EmbeddingView::paintShapes(QPainter& painter) {
    if (outline_ == ClassOutline::None && !contoursVisible_) return;
    const SeenPoints now = drawn();
    if (shapesStale_ && (now.points.size() <= kFewForShapes || !(isMoving() || rest_.isActive()))) {
        outlines_ = classOutlines(now, *layout_, *data_, outline_);
        contours_ = contoursVisible_ ? densityContours(now.points) : DensityContours();
        shapesStale_ = false;
    }
    paintClassOutlines(painter, outlines_, camera_);
    paintContours(painter, contours_, camera_, palette());
}

void EmbeddingView::paintLines(QPainter& painter, QPointF centre, const std::vector<int>& ends,
                               const QColor& line) const {
    for (const int neighbor : ends)
        if (const auto end = screenPositionOf(neighbor)) {
            painter.setPen(QPen(line, 1));
            painter.drawLine(centre, *end);
            paintRing(painter, *end, frame().radius + 3, line);
        }
}

}  // namespace embedscope
