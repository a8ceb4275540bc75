#pragma once

#include <QAbstractButton>
#include <QImage>

namespace embedscope {

/// How a neighbour's class relates to the sample's.
enum class Kinship { Same, Other, Unknown };

/// A neighbour: its picture in a frame that says whether the class is the same, and its distance.
class NeighborButton : public QAbstractButton {
    Q_OBJECT
public:
    static constexpr int kWidth = 64;
    static constexpr int kHeight = 84;

    explicit NeighborButton(QWidget* parent);
    void setNeighbor(const QImage& picture, Kinship kinship, float distance);
    Kinship kinship() const { return kinship_; }
    QSize sizeHint() const override { return {kWidth, kHeight}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QColor frameColor() const;

    QImage picture_;
    Kinship kinship_ = Kinship::Unknown;
};

}  // namespace embedscope
