#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class ChoiceField;
class FileField;

/// The network and what it puts out.
class EncoderCard : public SettingsCard {
    Q_OBJECT
public:
    EncoderCard();
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;
    void adapt(const Experiment& experiment) override;

private:
    ChoiceField* encoder_ = nullptr;
    FileField* file_ = nullptr;  ///< Of a network of the user's own.
    FileField* weights_ = nullptr;
    QSpinBox* dimension_ = nullptr;
    QCheckBox* normalize_ = nullptr;
};

}  // namespace embedscope
