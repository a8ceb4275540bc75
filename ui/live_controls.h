#pragma once

#include "engine/snapshot.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;

namespace embedscope {

/// The settings that may be changed while a run goes on.
class LiveControls : public QWidget {
    Q_OBJECT
public:
    explicit LiveControls(QWidget* parent = nullptr);

    /// Builds the fields for a new run.
    void begin(const Experiment& experiment);
    void setRunning(bool running);

Q_SIGNALS:
    void learningRateChanged(double learningRate);
    void lossParameterChanged(const std::string& id, double value);
    void viewLossParameterChanged(const std::string& id, double value);
    void viewLossWeightChanged(double weight);
    void minerChanged(const Choice& miner);

private:
    void addLabelled(const QString& text, const QString& help, QWidget* field);
    void addLossParameters(const Choice& loss);
    void addViewLossParameters(const Experiment& experiment);
    void addMiner(const Choice& chosen);

    QHBoxLayout* row_ = nullptr;
    QWidget* fields_ = nullptr;
};

}  // namespace embedscope
