#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class AugmentationField;

/// What is changed at random in the images before the encoder sees them.
class AugmentationCard : public SettingsCard {
    Q_OBJECT
public:
    AugmentationCard();
    void setDataSet(const std::shared_ptr<const DataSet>& dataSet) override;
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;

private:
    AugmentationField* field_ = nullptr;
};

}  // namespace embedscope
