#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class ChoiceField;

/// What pulls and pushes the points: loss, mining, batches.
class LearningCard : public SettingsCard {
    Q_OBJECT
public:
    LearningCard();
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;

private:
    ChoiceField* loss_ = nullptr;
    ChoiceField* miner_ = nullptr;
    ChoiceField* sampler_ = nullptr;
};

}  // namespace embedscope
