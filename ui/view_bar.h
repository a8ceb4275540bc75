#pragma once

#include <QWidget>

class QActionGroup;
class QComboBox;
class QLineEdit;

namespace embedscope {

class FlowLayout;
class SelectionActions;
class ViewActions;

/// Above an embedding view: the tools of the hand, and what the points show.
class ViewBar : public QWidget {
    Q_OBJECT
public:
    explicit ViewBar(QWidget* parent = nullptr);

    /// Puts the tools and the search in; once.
    void addSelection(SelectionActions& actions);
    /// Puts in what the points show; once.
    void addLooks(ViewActions& actions);

private:
    static void fillChoice(QComboBox& box, QActionGroup& actions);
    QComboBox* addChoice(const QString& label, QActionGroup& actions, const QString& name);

    FlowLayout* row_ = nullptr;
    QLineEdit* search_ = nullptr;
};

}  // namespace embedscope
