#pragma once

#include <QWidget>

class QLineEdit;

namespace embedscope {

class FlowLayout;
class SelectionActions;

/// Above an embedding view: the tools of the hand, and what the points show.
class ViewBar : public QWidget {
    Q_OBJECT
public:
    explicit ViewBar(QWidget* parent = nullptr);

    /// Puts the tools and the search in; once.
    void addSelection(SelectionActions& actions);

private:
    FlowLayout* row_ = nullptr;
    QLineEdit* search_ = nullptr;
};

}  // namespace embedscope
