#pragma once

#include "engine/data_set.h"
#include "ui/form/form_card.h"

#include <memory>

namespace embedscope {

/// A card that shows a part of an experiment. A new setting is a field of one card, read and written there.
class SettingsCard : public FormCard {
    Q_OBJECT
public:
    using FormCard::FormCard;

    /// For cards that show images; never null.
    virtual void setDataSet(const std::shared_ptr<const DataSet>&) {}
    virtual void fill(const Experiment& experiment) = 0;
    /// Puts what the card shows into `experiment`; leaves the rest.
    virtual void write(Experiment& experiment) const = 0;
    /// After any change in the form, `experiment` being what it now says: shows and enables what fits.
    virtual void adapt(const Experiment&) {}

Q_SIGNALS:
    void changed();
};

}  // namespace embedscope
