#pragma once

#include <QHeaderView>

namespace embedscope {

/// Column headings that are written upwards, so that a column need not be as wide as its name.
class UprightHeader : public QHeaderView {
public:
    explicit UprightHeader(QWidget* parent = nullptr);

protected:
    QSize sectionSizeFromContents(int section) const override;
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;

private:
    QString textOf(int section) const;
};

}  // namespace embedscope
