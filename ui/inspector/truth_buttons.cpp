#include "ui/inspector/truth_buttons.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace embedscope {

TruthButtons::TruthButtons(int row, QWidget* parent) : QWidget(parent) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(2, 0, 2, 0);
    layout->setSpacing(1);
    const auto add = [&](const char* name, const QString& text, const QString& help, MarkKind kind) {
        auto* button = new QToolButton;
        button->setObjectName(QString("%1_%2").arg(name).arg(row));
        button->setText(text);
        button->setToolTip(help);
        button->setAutoRaise(true);
        button->setFixedWidth(kButton);
        button->setCheckable(true);
        buttons_[static_cast<std::size_t>(kind)] = button;
        connect(button, &QToolButton::clicked, this, [this] { showMarks(shown_); });  // the marks say, not the click
        connect(
            button, &QToolButton::clicked, this, [this, kind, button] { Q_EMIT pressed(kind, button); },
            Qt::QueuedConnection);
        layout->addWidget(button);
    };
    add("really_similar", "≈",
        tr("Really similar: the anchor and the image called dissimilar belong together. Again: takes the mark back"),
        MarkKind::Similar);
    add("really_dissimilar", "≠",
        tr("Really dissimilar: the anchor and the image called similar do not belong together. Again: takes the mark "
           "back"),
        MarkKind::Dissimilar);
    add("wrong_label", "⚑", tr("Wrong label of one of the three"), MarkKind::Label);
    add("ignore", "⊘", tr("Leave one of the three out of the training"), MarkKind::Ignored);
}

void TruthButtons::enterEvent(QEnterEvent* event) {
    QWidget::enterEvent(event);
    Q_EMIT entered();
}

void TruthButtons::showMarks(const TupleMarks& marks) {
    shown_ = marks;
    for (const MarkKindEntry& entry : markKinds())
        buttons_[static_cast<std::size_t>(entry.kind)]->setChecked(marks.of(entry.kind));
}

}  // namespace embedscope
