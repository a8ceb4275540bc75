#include "ui/form/augmentation_card.h"

#include "ui/augmentation_field.h"

namespace embedscope {

AugmentationCard::AugmentationCard() : SettingsCard(tr("Random changes of the images")), field_(new AugmentationField) {
    addField(QString(), field_);
    connect(field_, &AugmentationField::changed, this, &SettingsCard::changed);
}

void AugmentationCard::setDataSet(const std::shared_ptr<const DataSet>& dataSet) {
    field_->setDataSet(dataSet);
}

void AugmentationCard::fill(const Experiment& experiment) {
    field_->setChoice(experiment.augmentation);
}

void AugmentationCard::write(Experiment& experiment) const {
    experiment.augmentation = field_->choice();
}

}  // namespace embedscope
