#pragma once

#include <QTabWidget>

#include <vector>

class QToolButton;

namespace embedscope {

class FlowLayout;

/// Pages whose names stand in as many rows as they need, where a tab bar would hide some behind arrows.
class TabGrid : public QTabWidget {
    Q_OBJECT
public:
    explicit TabGrid(QWidget* parent = nullptr);

    /// The names; goes above the pages.
    QWidget* buttons() const { return buttons_; }
    /// Hides QTabWidget's: the button says it, too.
    void setTabText(int index, const QString& text);
    /// For a text that may come to be, so that the other buttons stay where they are.
    void keepRoomFor(int index, const QString& widest);

protected:
    void tabInserted(int index) override;

private:
    void showCurrent(int index);

    QWidget* buttons_ = nullptr;
    FlowLayout* rows_ = nullptr;
    std::vector<QToolButton*> buttonOfTab_;
};

}  // namespace embedscope
