#include "ui/compare/fork_tree.h"

#include <QHelpEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <utility>

namespace embedscope {
namespace {

constexpr double kNames = 190, kRight = 24, kTop = 30, kRow = 30;

QString counted(std::int64_t step) {
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(step));
}

/// 1, 2, 5, 10 ...: the first of which at most `most` fit into `whole`.
std::int64_t niceStride(std::int64_t whole, int most) {
    std::int64_t stride = 1;
    for (int i = 0; whole / stride > most; ++i) stride = i % 3 == 1 ? stride * 5 / 2 : stride * 2;
    return stride;
}

}  // namespace

ForkTree::ForkTree(QWidget* parent) : QWidget(parent) {
    setObjectName("fork_tree");
    setCursor(Qt::PointingHandCursor);
}

void ForkTree::showBranches(std::vector<Branch> branches) {
    branches_ = std::move(branches);
    lastStep_ = 1;
    for (const Branch& branch : branches_) lastStep_ = std::max({lastStep_, branch.end, branch.now});
    updateGeometry();
    update();
}

void ForkTree::setCurrent(std::size_t run) {
    current_ = run;
    update();
}

QSize ForkTree::sizeHint() const {
    return {640, static_cast<int>(kTop + kRow * static_cast<double>(branches_.size()))};
}

double ForkTree::xOf(std::int64_t step) const {
    return kNames + (width() - kNames - kRight) * static_cast<double>(step) / static_cast<double>(lastStep_);
}

double ForkTree::yOf(std::size_t run) const {
    return kTop + kRow * (static_cast<double>(run) + 0.5);
}

QLineF ForkTree::lineOf(std::size_t run) const {
    const Branch& branch = branches_[run];
    return {xOf(branch.begin), yOf(run), xOf(branch.now), yOf(run)};
}

std::optional<std::size_t> ForkTree::runAt(const QPointF& place) const {
    const double row = std::floor((place.y() - kTop) / kRow);
    if (row < 0 || row >= static_cast<double>(branches_.size())) return std::nullopt;
    return static_cast<std::size_t>(row);
}

void ForkTree::drawSteps(QPainter& painter) const {
    const QColor faint = palette().color(QPalette::PlaceholderText), line = palette().color(QPalette::Mid);
    painter.setPen(faint);
    painter.drawText(QRectF(12, 0, kNames - 24, kTop - 6), Qt::AlignLeft | Qt::AlignBottom, tr("training step"));
    for (std::int64_t step = 0; step <= lastStep_; step += niceStride(lastStep_, 10)) {
        const double x = xOf(step);
        painter.setPen(line);
        painter.drawLine(QPointF(x, kTop), QPointF(x, yOf(branches_.size() - 1) + kRow / 2));
        painter.setPen(faint);
        painter.drawText(QRectF(x - 40, 0, 80, kTop - 6), Qt::AlignHCenter | Qt::AlignBottom, counted(step));
    }
}

void ForkTree::drawBranch(QPainter& painter, std::size_t run) const {
    const Branch& branch = branches_[run];
    const QLineF line = lineOf(run);
    const double strength = run == current_ ? 4 : 2;
    painter.setPen(QPen(branch.color, 1, Qt::DotLine));  // what is still to come
    painter.drawLine(line.p2(), QPointF(xOf(std::max(branch.end, branch.now)), line.y1()));
    painter.setPen(QPen(branch.color, strength, Qt::SolidLine, Qt::RoundCap));
    if (branch.parent) painter.drawLine(QPointF(line.x1(), yOf(*branch.parent)), line.p1());
    painter.drawLine(line);
    painter.setBrush(branch.color);
    painter.drawEllipse(line.p1(), 3, 3);
    painter.drawEllipse(line.p2(), 4, 4);
    if (branch.parent) painter.drawEllipse(QPointF(line.x1(), yOf(*branch.parent)), 3, 3);

    painter.setPen(palette().color(QPalette::WindowText));
    const QRectF place(12, yOf(run) - kRow / 2, kNames - 24, kRow);
    const QString text = branch.change.isEmpty() ? branch.name : branch.name + ": " + branch.change;
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(place.width())));
}

void ForkTree::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    if (branches_.empty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    drawSteps(painter);
    for (std::size_t run = 0; run < branches_.size(); ++run) drawBranch(painter, run);
}

void ForkTree::mousePressEvent(QMouseEvent* event) {
    if (const auto run = runAt(event->position())) Q_EMIT clicked(*run);
}

bool ForkTree::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto run = runAt(help->pos());
    if (!run) return true;
    const Branch& branch = branches_[*run];
    QString text = branch.name;
    if (!branch.change.isEmpty()) text += '\n' + branch.change;
    text +=
        '\n' + (branch.parent
                    ? tr("goes on from “%1” after step %2").arg(branches_[*branch.parent].name, counted(branch.begin))
                    : tr("from the beginning"));
    text += '\n' + tr("step %1 of %2").arg(counted(branch.now), counted(branch.end));
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

}  // namespace embedscope
