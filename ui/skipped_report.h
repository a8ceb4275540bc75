#pragma once

#include "engine/data_set.h"

#include <QDialog>

namespace embedscope {

/// The files that could not be read, each with its reason; can be copied.
class SkippedReport : public QDialog {
    Q_OBJECT
public:
    SkippedReport(const std::vector<SkippedFile>& skipped, QWidget* parent);
};

}  // namespace embedscope
