#include "ui/form/training_card.h"

#include "ui/choice_field.h"
#include "ui/form/keep_run_field.h"
#include "ui/learning_rate_field.h"
#include "ui/seed_field.h"

#include <QComboBox>
#include <QSpinBox>

namespace embedscope {

TrainingCard::TrainingCard() : SettingsCard(tr("Training")) {
    epochs_ = makeSpinBox("epochs", 1, 100'000, tr("How often every training image is seen, about."));
    learningRate_ = new LearningRateField;
    learningRate_->setToolTip(tr("Size of a step. Too large: the points jump about; too small: nothing happens."));
    optimizer_ = new ChoiceField(optimizerCatalog(), "optimizer");
    seed_ = new SeedField;
    seed_->setObjectName("seed");
    seed_->setToolTip(tr("The same seed and threads give the same run."));
    device_ = makeListBox("device", {tr("Automatic"), tr("CPU"), tr("CUDA")}, tr("Where the encoder is trained."));
    threads_ = makeSpinBox("threads", 0, 1024, tr("Computing threads; 0 uses all cores."));
    threads_->setSpecialValueText(tr("All cores"));
    tracked_ = makeSpinBox("tracked_samples", 10, 10'000'000, tr("At most this many points are drawn and followed."));
    keep_ = new KeepRunField;
    addField(tr("Epochs"), epochs_);
    addField(tr("Learning rate"), learningRate_);
    addFieldForMore(tr("Optimiser"), optimizer_);
    addFieldForMore(tr("Seed"), seed_);
    addFieldForMore(tr("Device"), device_);
    addFieldForMore(tr("Threads"), threads_);
    addFieldForMore(tr("Points shown"), tracked_);
    addField(QString(), keep_);
    for (QSpinBox* box : {epochs_, threads_, tracked_})
        connect(box, &QSpinBox::valueChanged, this, &SettingsCard::changed);
    connect(learningRate_, &LearningRateField::changed, this, &SettingsCard::changed);
    connect(optimizer_, &ChoiceField::changed, this, &SettingsCard::changed);
    connect(seed_, &SeedField::editingFinished, this, &SettingsCard::changed);
    connect(device_, &QComboBox::currentIndexChanged, this, &SettingsCard::changed);
}

void TrainingCard::fill(const Experiment& experiment) {
    epochs_->setValue(experiment.epochs);
    learningRate_->setValue(experiment.learningRate);
    optimizer_->setChoice(experiment.optimizer);
    seed_->setSeed(experiment.seed);
    device_->setCurrentIndex(static_cast<int>(experiment.device));
    threads_->setValue(experiment.threads);
    tracked_->setValue(experiment.trackedSamples);
}

void TrainingCard::write(Experiment& experiment) const {
    experiment.epochs = epochs_->value();
    experiment.learningRate = learningRate_->value();
    experiment.optimizer = optimizer_->choice();
    experiment.seed = seed_->seed();
    experiment.device = static_cast<Device>(device_->currentIndex());
    experiment.threads = threads_->value();
    experiment.trackedSamples = tracked_->value();
}

bool TrainingCard::keepsRun() const {
    return keep_->keepsRun();
}

}  // namespace embedscope
