#pragma once

#include "engine/data_set.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace embedscope {

class ChoiceField;
class FormCard;
class LearningRateField;
class NumberBox;
class SeedField;

/// Every setting of an experiment, with good defaults and one Start button. Settings that cannot work are named below
/// it, and Start waits.
class ExperimentForm : public QWidget {
    Q_OBJECT
public:
    explicit ExperimentForm(QWidget* parent = nullptr);

    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    void setExperiment(const Experiment& experiment);
    Experiment experiment() const;
    bool keepsRun() const;

Q_SIGNALS:
    void startRequested();
    void backRequested();
    /// Image size or channels were changed: the folder has to be read again.
    void reloadRequested(const DataSettings& settings);

private:
    FormCard* makeLearningCard();
    FormCard* makeEncoderCard();
    FormCard* makeTrainingCard();
    FormCard* makeImagesCard();
    QVBoxLayout* makeColumn(std::vector<FormCard*> cards);
    QWidget* makeFooter();
    void showMore(bool more);
    void connectChanges();
    void fill(const Experiment& experiment);
    void check();
    void describeData();
    DataSettings dataSettings() const;

    std::shared_ptr<const DataSet> data_;
    Experiment base_;  ///< Settings that the form does not show.
    QLabel* title_ = nullptr;
    QLabel* summary_ = nullptr;
    ChoiceField* loss_ = nullptr;
    ChoiceField* miner_ = nullptr;
    ChoiceField* sampler_ = nullptr;
    ChoiceField* encoder_ = nullptr;
    ChoiceField* optimizer_ = nullptr;
    QSpinBox* dimension_ = nullptr;
    QCheckBox* normalize_ = nullptr;
    LearningRateField* learningRate_ = nullptr;
    QSpinBox* epochs_ = nullptr;
    SeedField* seed_ = nullptr;
    QSpinBox* threads_ = nullptr;
    QSpinBox* tracked_ = nullptr;
    QComboBox* device_ = nullptr;
    QSpinBox* imageSize_ = nullptr;
    QComboBox* channels_ = nullptr;
    QComboBox* holdOut_ = nullptr;
    NumberBox* holdOutShare_ = nullptr;
    QCheckBox* keep_ = nullptr;
    QLabel* problems_ = nullptr;
    QPushButton* more_ = nullptr;
    QPushButton* start_ = nullptr;
    std::vector<FormCard*> cards_;
    bool filling_ = false;
};

}  // namespace embedscope
