#include "ui/inspector/upright_header.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionHeader>

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kPad = 4, kLongest = 100;  // logical pixels

}  // namespace

UprightHeader::UprightHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {}

QString UprightHeader::textOf(int section) const {
    return model()->headerData(section, Qt::Horizontal).toString();
}

QSize UprightHeader::sectionSizeFromContents(int section) const {
    return {fontMetrics().height() + 2 * kPad,
            std::min(kLongest, fontMetrics().horizontalAdvance(textOf(section))) + 3 * kPad};
}

void UprightHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    QStyleOptionHeader option;
    initStyleOption(&option);
    option.rect = rect;
    option.section = section;
    style()->drawControl(QStyle::CE_HeaderSection, &option, painter, this);
    painter->save();
    painter->translate(rect.bottomLeft());
    painter->rotate(-90);
    const QRect upright(kPad, 0, rect.height() - 2 * kPad, rect.width());
    painter->setPen(palette().color(QPalette::ButtonText));
    painter->drawText(upright, Qt::AlignLeft | Qt::AlignVCenter,
                      fontMetrics().elidedText(textOf(section), Qt::ElideRight, upright.width()));
    painter->restore();
}

}  // namespace embedscope
