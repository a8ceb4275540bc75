#include "ui/form/learning_card.h"

#include "engine/learning.h"
#include "ui/choice_field.h"
#include "ui/file_field.h"
#include "ui/form/added_losses.h"
#include "ui/number_box.h"

#include <QComboBox>

namespace embedscope {
namespace {

constexpr const char* kPairs = "pairs";

}  // namespace

LearningCard::LearningCard()
    : SettingsCard(tr("How it learns")),
      learning_(makeListBox("learning", {tr("Labels"), tr("Views of images, no labels"), tr("Both")},
                            tr("Labels: images of one class attract each other. Views: random crops and colours of "
                               "one image attract each other, so nothing needs a label. Both: for few labels."))),
      labelledShare_(new NumberBox),
      viewLoss_(new ChoiceField(viewLossCatalog(), "view_loss")),
      viewLossWeight_(new NumberBox),
      head_(new ChoiceField(headCatalog(), "head")),
      pseudoLabels_(new ChoiceField(pseudoLabelCatalog(), "pseudo_labels")),
      loss_(new ChoiceField(lossCatalog(), "loss")),
      added_(new AddedLosses),
      miner_(new ChoiceField(minerCatalog(), "miner")),
      memory_(new ChoiceField(memoryCatalog(), "memory")),
      sampler_(new ChoiceField(samplerCatalog(), "sampler")),
      pairs_(new FileField("pairs_file", tr("Pairs of images"), tr("Tables (*.csv);;All files (*)"))) {
    addField(tr("Learns from"), learning_);
    addFieldForMore(tr("Labels used"), labelledShare_);
    addField(tr("Loss"), loss_);
    addFieldForMore(tr("Further losses"), added_);
    addField(tr("Mining"), miner_);
    addFieldForMore(tr("Memory"), memory_);
    addViewFields();
    addFieldForMore(tr("Batches"), sampler_);
    addField(tr("Pairs"), pairs_);
    pairs_->setToolTip(
        tr("Lines such as cats/07.png,dogs/03.png,1: two images of this data set, then 0 if they are "
           "similar and 1 if they are not."));
    for (ChoiceField* field : {loss_, miner_, memory_, sampler_})
        connect(field, &ChoiceField::changed, this, &SettingsCard::changed);
    connect(pairs_, &FileField::changed, this, &SettingsCard::changed);
    connect(added_, &AddedLosses::changed, this, &SettingsCard::changed);
}

void LearningCard::addViewFields() {
    labelledShare_->setObjectName("labelled_share");
    labelledShare_->setRange(0.1, 100);
    labelledShare_->setDecimals(6);  // so that a share becomes per cent and back without a trace
    labelledShare_->setSuffix(" %");
    labelledShare_->setToolTip(
        tr("Share of the training labels that are used, the same of every class; the others are "
           "hidden from training and only colour the picture."));
    viewLossWeight_->setObjectName("view_loss_weight");
    viewLossWeight_->setRange(0, 1000);
    viewLossWeight_->setSingleStep(0.1);
    viewLossWeight_->setToolTip(
        tr("How much the loss on views counts beside the loss on labels. Higher: images group "
           "by looks; lower: by their few labels."));
    addField(tr("Loss on views"), viewLoss_);
    addField(tr("Its weight"), viewLossWeight_);
    addFieldForMore(tr("Head"), head_);
    addField(tr("Guessed labels"), pseudoLabels_);
    for (ChoiceField* field : {viewLoss_, head_, pseudoLabels_})
        connect(field, &ChoiceField::changed, this, &SettingsCard::changed);
    for (NumberBox* box : {labelledShare_, viewLossWeight_})
        connect(box, &NumberBox::valueChanged, this, &SettingsCard::changed);
    connect(learning_, &QComboBox::activated, this,
            [this](int index) { Q_EMIT learningChosen(static_cast<Learning>(index)); });
}

void LearningCard::fill(const Experiment& experiment) {
    learning_->setCurrentIndex(static_cast<int>(experiment.learning));
    labelledShare_->setValue(experiment.labelledShare * 100);
    viewLoss_->setChoice(experiment.viewLoss);
    viewLossWeight_->setValue(experiment.viewLossWeight);
    head_->setChoice(experiment.head);
    pseudoLabels_->setChoice(experiment.pseudoLabels);
    loss_->setChoice(experiment.loss);
    added_->setLosses(experiment.addedLosses);
    miner_->setChoice(experiment.miner);
    memory_->setChoice(experiment.memory);
    sampler_->setChoice(experiment.sampler);
    pairs_->setFile(experiment.pairsFile);
}

void LearningCard::write(Experiment& experiment) const {
    experiment.learning = static_cast<Learning>(learning_->currentIndex());
    experiment.labelledShare = labelledShare_->value() / 100;
    experiment.viewLoss = viewLoss_->choice();
    experiment.viewLossWeight = viewLossWeight_->value();
    experiment.head = head_->choice();
    experiment.pseudoLabels = pseudoLabels_->choice();
    experiment.loss = loss_->choice();
    experiment.memory = memory_->choice();
    experiment.addedLosses = added_->losses();
    experiment.sampler = sampler_->choice();
    const bool given = experiment.sampler.id == kPairs;
    experiment.pairsFile = given ? pairs_->file() : std::filesystem::path();
    // Given pairs leave nothing to mine: the field is off, and says so by its help.
    experiment.miner = given ? Choice{"all", {}} : miner_->choice();
}

void LearningCard::adapt(const Experiment& experiment) {
    const bool labels = usesLabels(experiment), views = usesViews(experiment);
    for (QWidget* field : {static_cast<QWidget*>(labelledShare_), static_cast<QWidget*>(loss_),
                           static_cast<QWidget*>(miner_), static_cast<QWidget*>(memory_)})
        showField(field, labels);
    for (ChoiceField* field : {viewLoss_, head_}) showField(field, views);
    for (QWidget* field : {static_cast<QWidget*>(viewLossWeight_), static_cast<QWidget*>(pseudoLabels_)})
        showField(field, labels && views);
    const bool given = experiment.sampler.id == kPairs;
    miner_->setEnabled(!given);
    miner_->setToolTip(given ? tr("The batches are given pairs; nothing is mined.") : QString());
    showField(pairs_, given);
}

}  // namespace embedscope
