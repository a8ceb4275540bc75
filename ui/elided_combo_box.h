#pragma once

#include <QComboBox>

namespace embedscope {

/// A list that may be narrower than what is chosen: that then ends in "…", and the tooltip begins with all of it.
class ElidedComboBox : public QComboBox {
    Q_OBJECT
public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    /// Of the text, without frame and arrow.
    int room() const;
};

}  // namespace embedscope
