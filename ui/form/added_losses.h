#pragma once

#include "engine/experiment.h"

#include <QWidget>

#include <vector>

class QPushButton;
class QVBoxLayout;

namespace embedscope {

class ChoiceField;
class NumberBox;

/// Further losses on the same batches: rows of a loss and its weight that can be added and taken away.
class AddedLosses : public QWidget {
    Q_OBJECT
public:
    explicit AddedLosses(QWidget* parent = nullptr);

    void setLosses(const std::vector<AddedLoss>& losses);
    std::vector<AddedLoss> losses() const;

Q_SIGNALS:
    void changed();

private:
    struct Row {
        QWidget* widget = nullptr;
        ChoiceField* loss = nullptr;
        NumberBox* weight = nullptr;
    };
    void addRow(const AddedLoss& loss);
    void removeRow(QWidget* widget);
    void offerMore();

    std::vector<Row> rows_;
    QVBoxLayout* list_ = nullptr;
    QPushButton* add_ = nullptr;
};

}  // namespace embedscope
