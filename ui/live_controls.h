#pragma once

#include "engine/data_set.h"
#include "engine/snapshot.h"

#include <QWidget>

#include <map>
#include <memory>

class QComboBox;

namespace embedscope {

class AugmentationDialog;
class FlowLayout;

/// The settings that may be changed while a run goes on.
class LiveControls : public QWidget {
    Q_OBJECT
public:
    explicit LiveControls(QWidget* parent = nullptr);

    /// Builds the fields for a new run. @param dataSet What the views of an augmentation are shown of.
    void begin(const Experiment& experiment, std::shared_ptr<const DataSet> dataSet);
    /// What the run trains with now: a new loss brings its own fields, what was refused is taken back.
    void showSettings(const Experiment& settings);
    void setRunning(bool running);

Q_SIGNALS:
    void learningRateChanged(double learningRate);
    void lossParameterChanged(const std::string& id, double value);
    void viewLossParameterChanged(const std::string& id, double value);
    void viewLossWeightChanged(double weight);
    void lossChanged(const Choice& loss);
    void minerChanged(const Choice& miner);
    void augmentationChanged(const Choice& augmentation);

private:
    void addLabelled(const QString& text, const QString& help, QWidget* field);
    void addLossParameters(const Choice& loss);
    void addViewLossParameters(const Experiment& experiment);
    void addMiner(const Choice& chosen);
    void addAugmentation(const Choice& augmentation, std::shared_ptr<const DataSet> dataSet);
    QWidget* makeLossList(const Choice& loss);
    ParameterValues parametersFor(const CatalogEntry& loss) const;

    std::shared_ptr<const DataSet> dataSet_;
    Choice inUse_;                                  ///< The loss whose fields are shown.
    std::map<std::string, ParameterValues> known_;  ///< What losses were trained with on these images.
    QComboBox* lossList_ = nullptr;                 ///< Null without labels, as the next.
    QComboBox* minerList_ = nullptr;
    Choice augmentationInUse_;
    FlowLayout* flow_ = nullptr;  ///< A loss may have more fields than the window is wide.
    QWidget* fields_ = nullptr;
    AugmentationDialog* augmentation_ = nullptr;
};

}  // namespace embedscope
