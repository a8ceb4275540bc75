#include "ui/tab_grid.h"

#include "ui/flow_layout.h"
#include "ui/steady_width.h"

#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace embedscope {

TabGrid::TabGrid(QWidget* parent) : QTabWidget(parent), buttons_(new QWidget) {
    buttons_->setObjectName("tab_grid");
    rows_ = new FlowLayout(buttons_, 4, 4);
    rows_->setContentsMargins(8, 6, 8, 4);
    tabBar()->hide();
    connect(this, &QTabWidget::currentChanged, this, &TabGrid::showCurrent);
}

void TabGrid::setTabText(int index, const QString& text) {
    QTabWidget::setTabText(index, text);
    if (index >= 0 && index < count()) buttonOfTab_[static_cast<std::size_t>(index)]->setText(text);
}

void TabGrid::keepRoomFor(int index, const QString& widest) {
    keepWidth(*buttonOfTab_[static_cast<std::size_t>(index)], {widest});
}

void TabGrid::tabInserted(int index) {
    auto* button = new QToolButton;
    button->setText(tabText(index));
    button->setCheckable(true);
    button->setProperty("toggle", true);
    button->setProperty("narrow", true);
    button->setFocusPolicy(Qt::TabFocus);
    rows_->insertWidget(index, button);
    buttonOfTab_.insert(buttonOfTab_.begin() + index, button);
    connect(button, &QToolButton::clicked, this, [this, button] {
        const auto place = std::ranges::find(buttonOfTab_, button);
        setCurrentIndex(static_cast<int>(place - buttonOfTab_.begin()));
        showCurrent(currentIndex());  // a second click leaves it checked
    });
    keepWidth(*button, {tabText(index)});
    showCurrent(currentIndex());
}

void TabGrid::showCurrent(int index) {
    for (std::size_t i = 0; i < buttonOfTab_.size(); ++i) buttonOfTab_[i]->setChecked(static_cast<int>(i) == index);
}

}  // namespace embedscope
