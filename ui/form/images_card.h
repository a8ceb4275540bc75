#pragma once

#include "ui/form/settings_card.h"

namespace embedscope {

class NumberBox;

/// How the folder is read and what is held out of it.
class ImagesCard : public SettingsCard {
    Q_OBJECT
public:
    ImagesCard();
    void fill(const Experiment& experiment) override;
    void write(Experiment& experiment) const override;
    void adapt(const Experiment& experiment) override;
    /// Size and channels stay as they are: the images cannot be read anew.
    void fixReading();

Q_SIGNALS:
    /// Image size or channels were changed: the folder has to be read again.
    void reloadWanted();

private:
    QComboBox* holdOut_ = nullptr;
    NumberBox* holdOutShare_ = nullptr;
    QSpinBox* imageSize_ = nullptr;
    QComboBox* channels_ = nullptr;
    int filledSize_ = 0;
};

}  // namespace embedscope
