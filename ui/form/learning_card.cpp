#include "ui/form/learning_card.h"

#include "ui/choice_field.h"
#include "ui/file_field.h"

namespace embedscope {
namespace {

constexpr const char* kPairs = "pairs";

}  // namespace

LearningCard::LearningCard()
    : SettingsCard(tr("How it learns")),
      loss_(new ChoiceField(lossCatalog(), "loss")),
      miner_(new ChoiceField(minerCatalog(), "miner")),
      memory_(new ChoiceField(memoryCatalog(), "memory")),
      sampler_(new ChoiceField(samplerCatalog(), "sampler")),
      pairs_(new FileField("pairs_file", tr("Pairs of images"), tr("Tables (*.csv);;All files (*)"))) {
    addField(tr("Loss"), loss_);
    addField(tr("Mining"), miner_);
    addFieldForMore(tr("Memory"), memory_);
    addFieldForMore(tr("Batches"), sampler_);
    addField(tr("Pairs"), pairs_);
    pairs_->setToolTip(
        tr("Lines such as cats/07.png,dogs/03.png,1: two images of this data set, then 0 if they are "
           "similar and 1 if they are not."));
    for (ChoiceField* field : {loss_, miner_, memory_, sampler_})
        connect(field, &ChoiceField::changed, this, &SettingsCard::changed);
    connect(pairs_, &FileField::changed, this, &SettingsCard::changed);
}

void LearningCard::fill(const Experiment& experiment) {
    loss_->setChoice(experiment.loss);
    miner_->setChoice(experiment.miner);
    memory_->setChoice(experiment.memory);
    sampler_->setChoice(experiment.sampler);
    pairs_->setFile(experiment.pairsFile);
}

void LearningCard::write(Experiment& experiment) const {
    experiment.loss = loss_->choice();
    experiment.memory = memory_->choice();
    experiment.sampler = sampler_->choice();
    const bool given = experiment.sampler.id == kPairs;
    experiment.pairsFile = given ? pairs_->file() : std::filesystem::path();
    // Given pairs leave nothing to mine: the field is off, and says so by its help.
    experiment.miner = given ? Choice{"all", {}} : miner_->choice();
}

void LearningCard::adapt(const Experiment& experiment) {
    const bool given = experiment.sampler.id == kPairs;
    miner_->setEnabled(!given);
    miner_->setToolTip(given ? tr("The batches are given pairs; nothing is mined.") : QString());
    showField(pairs_, given);
}

}  // namespace embedscope
