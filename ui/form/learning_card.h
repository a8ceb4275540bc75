#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class AddedLosses;
class ChoiceField;
class NumberBox;
class FileField;

/// What pulls and pushes the points: loss, mining, batches.
class LearningCard : public SettingsCard {
    Q_OBJECT
public:
    LearningCard();
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;
    void adapt(const Experiment& experiment) override;

Q_SIGNALS:
    /// Other settings have to follow: see suitedTo().
    void learningChosen(Learning learning);

private:
    void addViewFields();

    QComboBox* learning_ = nullptr;
    NumberBox* labelledShare_ = nullptr;
    ChoiceField* viewLoss_ = nullptr;
    NumberBox* viewLossWeight_ = nullptr;
    ChoiceField* head_ = nullptr;
    ChoiceField* pseudoLabels_ = nullptr;
    ChoiceField* loss_ = nullptr;
    AddedLosses* added_ = nullptr;
    ChoiceField* miner_ = nullptr;
    ChoiceField* memory_ = nullptr;
    ChoiceField* sampler_ = nullptr;
    FileField* pairs_ = nullptr;
};

}  // namespace embedscope
