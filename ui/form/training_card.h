#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class ChoiceField;
class KeepRunField;
class LearningRateField;
class NumberBox;
class SeedField;

/// How long, how fast and where it trains, and whether the run is kept.
class TrainingCard : public SettingsCard {
    Q_OBJECT
public:
    TrainingCard();
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;
    bool keepsRun() const;
    /// For runs that cannot be kept on disk.
    void hideKeeping();

private:
    QSpinBox* epochs_ = nullptr;
    LearningRateField* learningRate_ = nullptr;
    ChoiceField* optimizer_ = nullptr;
    ChoiceField* schedule_ = nullptr;
    NumberBox* gradientClip_ = nullptr;
    NumberBox* weightAverage_ = nullptr;
    QComboBox* precision_ = nullptr;
    SeedField* seed_ = nullptr;
    QComboBox* device_ = nullptr;
    QSpinBox* threads_ = nullptr;
    QSpinBox* tracked_ = nullptr;
    KeepRunField* keep_ = nullptr;
};

}  // namespace embedscope
