#pragma once

#include "engine/data_set.h"

#include <QDialog>

#include <functional>

namespace embedscope {

/// The files that could not be read, each with its reason; can be copied and saved.
class SkippedReport : public QDialog {
    Q_OBJECT
public:
    SkippedReport(const std::vector<SkippedFile>& skipped, QWidget* parent);

    /// Asks for a path; tests answer it themselves. An empty answer is a cancel.
    std::function<QString()> askForSaveName;

private:
    void saveList(const QString& text);
};

}  // namespace embedscope
