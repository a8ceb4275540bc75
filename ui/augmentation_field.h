#pragma once

#include "engine/data_set.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;

namespace embedscope {

class ViewStrip;

/// Chooses an augmentation and its parameters, and shows at once what they do to images of the data set.
class AugmentationField : public QWidget {
    Q_OBJECT
public:
    explicit AugmentationField(QWidget* parent = nullptr);

    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    void setChoice(const Choice& choice);
    const Choice& choice() const { return choice_; }

Q_SIGNALS:
    void changed();

private:
    QWidget* makeHead();
    void showRow();
    void addParameter(const Parameter& parameter, QGridLayout& grid, int index);
    void showViews();

    Choice choice_{"none", {}};
    QComboBox* list_ = nullptr;
    QLabel* help_ = nullptr;
    QPushButton* shuffle_ = nullptr;
    QWidget* parameters_ = nullptr;
    ViewStrip* views_ = nullptr;
};

}  // namespace embedscope
