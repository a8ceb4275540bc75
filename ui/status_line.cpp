#include "ui/status_line.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace embedscope {

StatusLine::StatusLine(QWidget* parent) : QLabel(parent) {
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setTextFormat(Qt::PlainText);
    end_.setSingleShot(true);
    connect(&end_, &QTimer::timeout, this, &StatusLine::takeBack);
}

void StatusLine::showState(const QString& state, const QString& help) {
    state_ = state;
    help_ = help;
    showWords();
}

void StatusLine::tell(const QString& remark, int milliseconds) {
    told_ = remark;
    milliseconds > 0 ? end_.start(milliseconds) : end_.stop();
    showWords();
}

void StatusLine::takeBack() {
    tell({});
}

void StatusLine::showWords() {
    setText(told_.isEmpty() ? state_ : told_);
}

QSize StatusLine::minimumSizeHint() const {
    return {0, QLabel::minimumSizeHint().height()};
}

void StatusLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRect room = contentsRect();
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(text(), Qt::ElideRight, room.width()));
}

bool StatusLine::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QLabel::event(event);
    const bool cut = fontMetrics().horizontalAdvance(text()) > contentsRect().width();
    const QString all = cut ? "<p>" + text().toHtmlEscaped() + "</p>" : QString();
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), all + (told_.isEmpty() ? help_ : QString()), this);
    return true;
}

}  // namespace embedscope
