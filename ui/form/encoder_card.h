#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class ChoiceField;

/// The network and what it puts out.
class EncoderCard : public SettingsCard {
    Q_OBJECT
public:
    EncoderCard();
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;

private:
    ChoiceField* encoder_ = nullptr;
    QSpinBox* dimension_ = nullptr;
    QCheckBox* normalize_ = nullptr;
};

}  // namespace embedscope
