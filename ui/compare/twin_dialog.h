#pragma once

#include "engine/comparison.h"
#include "engine/data_set.h"

#include <QDialog>

#include <functional>
#include <memory>

class QLineEdit;

namespace embedscope {

class ExperimentForm;

/// Asks for the name and the settings of one run of a comparison. Does not block: `take` is called when the user has
/// decided, and the dialog is then closed.
class TwinDialog : public QDialog {
    Q_OBJECT
public:
    struct Texts {
        QString title;
        QString explanation;
        QString start;  ///< Of the button.
    };

    TwinDialog(const Texts& texts, ComparedRun run, std::shared_ptr<const DataSet> images,
               std::function<void(ComparedRun)> take, QWidget* parent);

private:
    void accept() override;

    ComparedRun run_;
    std::function<void(ComparedRun)> take_;
    QLineEdit* name_ = nullptr;
    ExperimentForm* form_ = nullptr;
};

/// A name that no run of the comparison has: the next letter where the runs are called by letters, else "Triplet 2".
std::string freeRunName(const Comparison& comparison, const std::string& like);

}  // namespace embedscope
