#pragma once

#include "engine/comparison.h"
#include "engine/run_list.h"
#include "ui/inspector/newest_task.h"

#include <QDialog>
#include <QString>

#include <vector>

class QComboBox;
class QLabel;
class QPushButton;

namespace embedscope {

class ComparisonResults;

/// Runs that are kept, beside each other: the settings in which they differ, their numbers and their curves. Nothing is
/// trained; the folders are read off the UI thread.
class ResultsDialog : public QDialog {
    Q_OBJECT
public:
    explicit ResultsDialog(std::vector<KeptRun> runs, QWidget* parent = nullptr);
    ~ResultsDialog() override;

private:
    struct Courses {
        std::vector<Snapshot> runs;
        QString problem;  ///< Of those that cannot be read.
        std::vector<std::string> names;
    };

    static Courses read(const std::vector<KeptRun>& runs);
    void fill(Courses courses);
    void showAll();
    void copyTable() const;
    std::vector<ComparisonRow> rows() const;

    Courses courses_;
    Comparison comparison_;
    ComparisonResults* results_ = nullptr;
    QComboBox* axis_ = nullptr;
    QLabel* note_ = nullptr;
    QPushButton* copy_ = nullptr;
    NewestTask<Courses> task_;
};

}  // namespace embedscope
