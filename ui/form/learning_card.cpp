#include "ui/form/learning_card.h"

#include "ui/choice_field.h"

namespace embedscope {

LearningCard::LearningCard()
    : SettingsCard(tr("How it learns")),
      loss_(new ChoiceField(lossCatalog(), "loss")),
      miner_(new ChoiceField(minerCatalog(), "miner")),
      sampler_(new ChoiceField(samplerCatalog(), "sampler")) {
    addField(tr("Loss"), loss_);
    addField(tr("Mining"), miner_);
    addFieldForMore(tr("Batches"), sampler_);
    for (ChoiceField* field : {loss_, miner_, sampler_})
        connect(field, &ChoiceField::changed, this, &SettingsCard::changed);
}

void LearningCard::fill(const Experiment& experiment) {
    loss_->setChoice(experiment.loss);
    miner_->setChoice(experiment.miner);
    sampler_->setChoice(experiment.sampler);
}

void LearningCard::write(Experiment& experiment) const {
    experiment.loss = loss_->choice();
    experiment.miner = miner_->choice();
    experiment.sampler = sampler_->choice();
}

}  // namespace embedscope
