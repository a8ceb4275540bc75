#include "ui/inspector/path_label.h"

#include "ui/paths.h"

#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>

namespace embedscope {

PathLabel::PathLabel(QWidget* parent) : QLabel(parent) {
    setTextInteractionFlags(Qt::TextSelectableByMouse);
}

QString PathLabel::plainSelection() const {
    return selectedText().remove(kFold).replace(QChar::ParagraphSeparator, '\n').replace(QChar::LineSeparator, '\n');
}

void PathLabel::copy(QClipboard::Mode mode) const {
    if (hasSelectedText()) QGuiApplication::clipboard()->setText(plainSelection(), mode);
}

void PathLabel::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copy(QClipboard::Clipboard);
    else
        QLabel::keyPressEvent(event);
}

/// On some systems what is selected is copied with it.
void PathLabel::mouseReleaseEvent(QMouseEvent* event) {
    QLabel::mouseReleaseEvent(event);
    if (QGuiApplication::clipboard()->supportsSelection()) copy(QClipboard::Selection);
}

void PathLabel::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* action = menu->addAction(tr("Copy"), this, [this] { copy(QClipboard::Clipboard); });
    action->setEnabled(hasSelectedText());
    menu->popup(event->globalPos());
}

}  // namespace embedscope
