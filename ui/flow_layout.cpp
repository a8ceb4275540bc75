#include "ui/flow_layout.h"

#include <QWidget>

#include <algorithm>

namespace embedscope {

FlowLayout::FlowLayout(QWidget* parent, int gap, int rowGap) : QLayout(parent), gap_(gap), rowGap_(rowGap) {}

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item) {
    items_.emplace_back(item);
}

void FlowLayout::insertWidget(int index, QWidget* widget) {
    addChildWidget(widget);
    items_.emplace(items_.begin() + index, std::make_unique<QWidgetItem>(widget));
    invalidate();
}

int FlowLayout::count() const {
    return static_cast<int>(items_.size());
}

QLayoutItem* FlowLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? items_[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
    if (!itemAt(index)) return nullptr;
    QLayoutItem* taken = items_[static_cast<std::size_t>(index)].release();
    items_.erase(items_.begin() + index);
    return taken;
}

template <typename Place>
int FlowLayout::flow(const QRect& area, Place place) const {
    const QRect inside = area.marginsRemoved(contentsMargins());
    int x = inside.left(), rowBegin = 0;
    int top = inside.top(), rowHeight = 0;
    const auto placeRow = [&](int end) {
        for (int i = rowBegin, left = inside.left(); i < end; ++i) {
            if (itemAt(i)->isEmpty()) continue;  // hidden
            const QSize size = itemAt(i)->sizeHint();
            place(*itemAt(i), QRect(QPoint(left, top + (rowHeight - size.height()) / 2), size));
            left += size.width() + gap_;
        }
    };
    for (int i = 0; i < count(); ++i) {
        if (itemAt(i)->isEmpty()) continue;
        const QSize size = itemAt(i)->sizeHint();
        if (i > rowBegin && x + size.width() > inside.left() + inside.width()) {
            placeRow(i);
            rowBegin = i;
            x = inside.left();
            top += rowHeight + rowGap_;
            rowHeight = 0;
        }
        x += size.width() + gap_;
        rowHeight = std::max(rowHeight, size.height());
    }
    placeRow(count());
    return top + rowHeight - inside.top() + contentsMargins().top() + contentsMargins().bottom();
}

int FlowLayout::heightForWidth(int width) const {
    return flow({0, 0, width, 0}, [](QLayoutItem&, const QRect&) {});
}

QSize FlowLayout::minimumSize() const {
    QSize widest;
    for (const auto& item : items_) widest = widest.expandedTo(item->minimumSize());
    return widest.grownBy(contentsMargins());
}

void FlowLayout::setGeometry(const QRect& area) {
    QLayout::setGeometry(area);
    flow(area, [](QLayoutItem& item, const QRect& place) { item.setGeometry(place); });
}

}  // namespace embedscope
