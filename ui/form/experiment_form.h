#pragma once

#include "engine/data_set.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace embedscope {

class ImagesCard;
class SettingsCard;
class TrainingCard;

/// Every setting of an experiment, with good defaults and one Start button. Settings that cannot work are named below
/// it, and Start waits.
class ExperimentForm : public QWidget {
    Q_OBJECT
public:
    explicit ExperimentForm(QWidget* parent = nullptr);

    void setDataSet(std::shared_ptr<const DataSet> dataSet);
    std::shared_ptr<const DataSet> dataSet() const { return data_; }
    void setExperiment(const Experiment& experiment);
    Experiment experiment() const;
    bool keepsRun() const;
    /// For one run of a comparison: the images stay as they were read, the run is not kept, the buttons have other
    /// texts.
    void useForComparison(const QString& start, const QString& back);

Q_SIGNALS:
    void startRequested();
    void backRequested();
    /// Image size or channels were changed: the folder has to be read again.
    void reloadRequested(const DataSettings& settings);

private:
    QVBoxLayout* makeColumn(std::vector<SettingsCard*> cards);
    QWidget* makeFooter();
    void showMore(bool more);
    void check();
    void describeData();

    std::shared_ptr<const DataSet> data_;
    Experiment base_;  ///< Settings that the form does not show.
    QLabel* title_ = nullptr;
    QLabel* summary_ = nullptr;
    TrainingCard* training_ = nullptr;
    ImagesCard* images_ = nullptr;
    QLabel* problems_ = nullptr;
    QPushButton* more_ = nullptr;
    QPushButton *start_ = nullptr, *back_ = nullptr;
    std::vector<SettingsCard*> cards_;
    bool filling_ = false;
};

}  // namespace embedscope
