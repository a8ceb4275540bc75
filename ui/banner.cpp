#include "ui/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace embedscope {

Banner::Banner(QWidget* parent) : QFrame(parent), text_(new QLabel) {
    setObjectName("banner");
    // Dark on amber reads the same on a light and on a dark window.
    setStyleSheet("#banner { background: #ffe2a8; } #banner QLabel { color: #3d2c00; }");
    text_->setObjectName("banner_text");
    text_->setWordWrap(true);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QPushButton(tr("Close"));
    close->setObjectName("banner_close");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 8, 6);
    layout->addWidget(text_, 1);
    layout->addWidget(close);
    connect(close, &QPushButton::clicked, this, &QWidget::hide);
    hide();
}

void Banner::showSentence(const QString& sentence) {
    text_->setText(sentence);
    show();
}

QString Banner::sentence() const {
    return isHidden() ? QString() : text_->text();
}

}  // namespace embedscope
