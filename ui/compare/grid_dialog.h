#pragma once

#include "engine/comparison.h"

#include <QDialog>

#include <functional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace embedscope {

/// One setting × values × seeds. Up to kMostPanes runs become panes; more can be saved and run without a window. Does
/// not block: `take` is called with the comparison that the user decided on.
class GridDialog : public QDialog {
    Q_OBJECT
public:
    GridDialog(Experiment experiment, std::function<void(Comparison)> take, QWidget* parent);

    /// Asks for the name of a file to write; tests answer it themselves. An empty answer is a cancel.
    std::function<QString(const QString& proposed)> askForSaveName;

private:
    QWidget* makeFields();
    QWidget* makeCommand();
    QWidget* makeFooter();
    void proposeValues();
    void check();
    void save();
    void accept() override;
    Comparison grid() const;

    Experiment experiment_;
    std::function<void(Comparison)> take_;
    QComboBox* setting_ = nullptr;
    QLineEdit *values_ = nullptr, *command_ = nullptr;
    QSpinBox* seeds_ = nullptr;
    QLabel* summary_ = nullptr;
    QWidget* withoutWindow_ = nullptr;
    QPushButton* start_ = nullptr;
};

}  // namespace embedscope
