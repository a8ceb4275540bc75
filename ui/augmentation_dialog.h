#pragma once

#include "engine/data_set.h"

#include <QDialog>

#include <memory>

namespace embedscope {

class AugmentationField;

/// Changes the augmentation of a run that goes on, beside the picture.
class AugmentationDialog : public QDialog {
    Q_OBJECT
public:
    AugmentationDialog(const Choice& augmentation, std::shared_ptr<const DataSet> dataSet, QWidget* parent);

    /// The chosen row's.
    QString label() const;
    void setRunning(bool running);

public Q_SLOTS:
    void open() override;

Q_SIGNALS:
    void changed(const Choice& augmentation);

private:
    void fitHeight();

    AugmentationField* field_ = nullptr;
};

}  // namespace embedscope
