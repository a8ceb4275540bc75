// Mouse and keys of the embedding view.
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/hover_card.h"
#include "ui/scatter/relabel_menu.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr double kReach = 12;  // logical pixels around the cursor
constexpr int kDragStarts = 4;
constexpr double kKeyPan = 40;
constexpr double kKeyZoom = 1.25;

}  // namespace

void EmbeddingView::moveCamera(const Camera& camera) {
    camera_ = camera;
    setFollows(false);  // until F
    userClock_.start();
    surface_->widget()->update();
    Q_EMIT cameraMoved();
}

std::optional<std::size_t> EmbeddingView::rowAt(QPointF cursor) {
    // A picture hides the points below it.
    if (const auto row = pictures_.at(cursor); row && *row < points_.size()) return row;
    const SeenPoints now = seen();
    if (std::exchange(gridStale_, false)) grid_.build(now.points);
    const QPointF world = camera_.worldFromScreen(cursor);
    const double unitsPerPixel = 1 / camera_.pixelsPerUnit;
    std::optional<std::size_t> found;
    // In space a near mark covers those behind it.
    if (!now.levelEnds.empty()) {
        const ScatterFrame frame = this->frame();
        const double largest = frame.radius * depthLooks(kDepthLevels - 1, frame.orbit.nearness).size;
        grid_.forEachWithin(now.points, world, largest * unitsPerPixel, [&](std::size_t index, double square) {
            const double radius = frame.radius * now.looksOf(index, frame).size * unitsPerPixel;
            if (square <= radius * radius && (!found || index > *found)) found = index;
        });
    }
    if (!found) found = grid_.nearest(now.points, world, kReach * unitsPerPixel);
    return found ? std::optional<std::size_t>(now.rowOf(*found)) : std::nullopt;
}

void EmbeddingView::setHovered(std::optional<std::size_t> row, QPoint cursor) {
    const bool changed = row != hovered_;
    hovered_ = row;
    if (!row)
        card_->hide();
    else if (changed)
        card_->showPoint(*data_, *layout_, *row, cursor);
    if (!changed) return;
    setCursor(row && tool_ == SelectionTool::Move ? QCursor(Qt::PointingHandCursor) : idleCursor());
    surface_->widget()->update();
    Q_EMIT sampleHovered(row ? (*layout_->samples)[*row] : -1);
}

void EmbeddingView::hover(QPoint cursor) {
    // A proxy lies on top of the samples below it.
    setHovered(hoverProxy(cursor) ? std::nullopt : rowAt(cursor), cursor);
}

/// @return whether the cursor is on a proxy, which then says so.
bool EmbeddingView::hoverProxy(QPoint cursor) {
    const auto proxy = proxiesVisible_ ? proxies_.at(cursor, frame()) : std::nullopt;
    if (proxy && data_) {
        const std::string& name = data_->classNames[static_cast<std::size_t>(proxies_.labelOf(*proxy))];
        QToolTip::showText(mapToGlobal(cursor), tr("Proxy of the class %1").arg(QString::fromStdString(name)), this);
    } else {
        QToolTip::hideText();
    }
    return proxy.has_value();
}

void EmbeddingView::resizeEvent(QResizeEvent*) {
    surface_->widget()->setGeometry(rect());
    camera_.viewport = size();
    followButton_->adjustSize();
    followButton_->move(width() - followButton_->width() - 12, 12);
    if (follows_) fitAll();
}

void EmbeddingView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) surface_->widget()->update();
    QWidget::changeEvent(event);
}

void EmbeddingView::mousePressEvent(QMouseEvent* event) {
    pressed_ = last_ = event->position().toPoint();
    dragging_ = false;
    beginSelecting(event);
}

void EmbeddingView::mouseMoveEvent(QMouseEvent* event) {
    const QPoint cursor = event->position().toPoint();
    if (!(event->buttons() & (Qt::LeftButton | Qt::MiddleButton))) {
        dropDrawing();  // a dialog took the release
        hover(cursor);
        return;
    }
    if (!dragging_ && (cursor - pressed_).manhattanLength() < kDragStarts) return;
    if (!dragging_) setHovered(std::nullopt, cursor);
    dragging_ = true;
    if (isDrawing()) {
        setCursor(brush_.isActive() ? brushCursor(brush_, palette().color(QPalette::Text)) : QCursor(Qt::CrossCursor));
        if (brush_.isActive())
            brush_.moveTo(event->position());
        else
            lasso_.moveTo(event->position());
        surface_->widget()->update();
        return;
    }
    setCursor(Qt::ClosedHandCursor);
    const QPoint way = cursor - std::exchange(last_, cursor);
    const bool turns = isInSpace() && event->buttons() & Qt::LeftButton && !(event->modifiers() & Qt::ControlModifier);
    if (turns) return turnBy(way);
    Camera camera = camera_;
    camera.panBy(way);
    moveCamera(camera);
}

void EmbeddingView::mouseReleaseEvent(QMouseEvent* event) {
    setCursor(idleCursor());
    const bool dabs = brush_.isActive() && tool_ == SelectionTool::Brush;  // a click with it is a stroke too
    const bool selects = dabs || (dragging_ && isDrawing());
    if (selects) endSelecting(event->modifiers());
    endDrawing();
    if (dragging_ || event->button() != Qt::LeftButton || selects) return;
    const std::optional<std::size_t> row = rowAt(event->position());
    if (row && event->modifiers() & (Qt::ShiftModifier | Qt::ControlModifier)) {
        toggleSelected((*layout_->samples)[*row]);
        return;
    }
    Q_EMIT sampleClicked(row ? (*layout_->samples)[*row] : -1);
}

void EmbeddingView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (!rowAt(event->position())) fitAll();
}

void EmbeddingView::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (tool_ == SelectionTool::Brush && event->modifiers() & Qt::ShiftModifier) {
        brush_.setRadius(brush_.radius() * std::pow(1.002, event->angleDelta().y()));
        setCursor(idleCursor());
        return;
    }
    Camera camera = camera_;
    camera.zoomAt(event->position(), std::pow(1.0015, event->angleDelta().y()));
    moveCamera(camera);
    hover(event->position().toPoint());
}

void EmbeddingView::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers() & Qt::ControlModifier && turnByKey(event->key())) return;
    Camera camera = camera_;
    const QPointF middle(width() / 2.0, height() / 2.0);
    switch (event->key()) {
        case Qt::Key_Left:
            camera.panBy({kKeyPan, 0});
            break;
        case Qt::Key_Right:
            camera.panBy({-kKeyPan, 0});
            break;
        case Qt::Key_Up:
            camera.panBy({0, kKeyPan});
            break;
        case Qt::Key_Down:
            camera.panBy({0, -kKeyPan});
            break;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            camera.zoomAt(middle, kKeyZoom);
            break;
        case Qt::Key_Minus:
            camera.zoomAt(middle, 1 / kKeyZoom);
            break;
        case Qt::Key_F:
            fitAll();
            return;
        case Qt::Key_A:
            selectVisible();
            return;
        case Qt::Key_P:
            if (meantSample() >= 0) Q_EMIT pinRequested(meantSample());
            return;
        case Qt::Key_I:
            invertSelection();
            return;
        case Qt::Key_Escape:
            selectNothing();
            return;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    moveCamera(camera);
}

/// @return whether the key turns points in space.
bool EmbeddingView::turnByKey(int key) {
    if (!isInSpace()) return false;
    if (key == Qt::Key_Left || key == Qt::Key_Right)
        turnBy({key == Qt::Key_Left ? -kKeyPan : kKeyPan, 0});
    else if (key == Qt::Key_Up || key == Qt::Key_Down)
        turnBy({0, key == Qt::Key_Up ? -kKeyPan : kKeyPan});
    else
        return false;
    return true;
}

void EmbeddingView::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show all points and follow them"), QKeySequence(Qt::Key_F), this, &EmbeddingView::fitAll);
    QAction* names = menu->addAction(tr("Names of the classes"), this, &EmbeddingView::setClassNamesVisible);
    names->setCheckable(true);
    names->setChecked(classNames_);
    QAction* proxies = menu->addAction(tr("Proxies of the loss"), this, &EmbeddingView::setProxiesVisible);
    proxies->setObjectName("view_proxies");
    proxies->setCheckable(true);
    proxies->setChecked(proxiesVisible_);
    proxies->setEnabled(!proxies_.empty());
    const int meant = meantSample();
    const bool pinned = std::ranges::find(watched_, meant) != watched_.end();
    QAction* pin = menu->addAction(pinned ? tr("Unpin this image") : tr("Pin this image and watch its distances"),
                                   QKeySequence(Qt::Key_P), this, [this, meant] { Q_EMIT pinRequested(meant); });
    pin->setObjectName("view_pin");
    pin->setEnabled(meant >= 0);
    if (relabelling_ && data_ && meant >= 0) {
        QMenu* relabel = menu->addMenu(tr("Relabel this image"));
        relabel->setObjectName("view_relabel");
        fillRelabelMenu(*relabel, data_, 1, [this, meant](int label) { Q_EMIT relabelRequested({meant}, label); });
    }
    menu->addSeparator();
    menu->addActions(actions());  // of whoever shows the view
    menu->addSeparator();
    QAction* clear =
        menu->addAction(tr("Select nothing"), QKeySequence(Qt::Key_Escape), this, &EmbeddingView::selectNothing);
    clear->setEnabled(selected_ >= 0 || !picked_.selected.empty());
    menu->addAction(tr("Select all that is shown"), QKeySequence(Qt::Key_A), this, &EmbeddingView::selectVisible);
    menu->addAction(tr("Invert the selection"), QKeySequence(Qt::Key_I), this, &EmbeddingView::invertSelection);
    for (QAction* action : {menu->addAction(tr("Show only the selection"), this, &EmbeddingView::isolateSelection),
                            menu->addAction(tr("Hide the selection"), this, &EmbeddingView::hideSelection)})
        action->setEnabled(!picked_.selected.empty());
    menu->addAction(tr("Show what was hidden"), this, &EmbeddingView::showHidden)->setEnabled(!picked_.hidden.empty());
    menu->popup(event->globalPos());
}

/// Also takes the hand off the tool: what is drawn just now is dropped, and dragging moves the picture again.
void EmbeddingView::selectNothing() {
    endDrawing();
    setSelectionTool(SelectionTool::Move);
    setSelection({});
    Q_EMIT sampleClicked(-1);
}

void EmbeddingView::leaveEvent(QEvent*) {
    setHovered(std::nullopt, {});
}

/// The mouse will be released elsewhere.
void EmbeddingView::hideEvent(QHideEvent* event) {
    dropDrawing();
    QWidget::hideEvent(event);
}

}  // namespace embedscope
