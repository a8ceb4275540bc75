#pragma once

#include <QSlider>
#include <QString>

#include <utility>
#include <vector>

namespace embedscope {

/// A slider with marks at some of its values, which say what they are when pointed at.
class MarkedSlider : public QSlider {
public:
    explicit MarkedSlider(QWidget* parent = nullptr) : QSlider(Qt::Horizontal, parent) {}
    void setMarks(std::vector<std::pair<int, QString>> marks);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    int placeOf(int value) const;
    std::vector<std::pair<int, QString>> marks_;
};

}  // namespace embedscope
