#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class ChoiceField;
class FileField;

/// What pulls and pushes the points: loss, mining, batches.
class LearningCard : public SettingsCard {
    Q_OBJECT
public:
    LearningCard();
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;
    void adapt(const Experiment& experiment) override;

private:
    ChoiceField* loss_ = nullptr;
    ChoiceField* miner_ = nullptr;
    ChoiceField* memory_ = nullptr;
    ChoiceField* sampler_ = nullptr;
    FileField* pairs_ = nullptr;
};

}  // namespace embedscope
