#pragma once

#include <QLayout>

#include <memory>
#include <vector>

namespace embedscope {

/// Puts widgets beside each other and goes on in a new row where the width ends, as words do in a text.
class FlowLayout : public QLayout {
public:
    /// @param gap,rowGap Pixels between widgets of a row and between rows.
    FlowLayout(QWidget* parent, int gap, int rowGap);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    /// @param index 0..count().
    void insertWidget(int index, QWidget* widget);
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override;
    void setGeometry(const QRect& area) override;

private:
    /// Calls `place` with every item and where it goes. @return The height that is needed.
    template <typename Place>
    int flow(const QRect& area, Place place) const;

    int gap_, rowGap_;
    std::vector<std::unique_ptr<QLayoutItem>> items_;
};

}  // namespace embedscope
