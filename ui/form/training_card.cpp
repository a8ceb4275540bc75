#include "ui/form/training_card.h"

#include "engine/machine.h"
#include "ui/choice_field.h"
#include "ui/form/keep_run_field.h"
#include "ui/learning_rate_field.h"
#include "ui/number_box.h"
#include "ui/seed_field.h"

#include <QComboBox>
#include <QSpinBox>

namespace embedscope {
namespace {

NumberBox* makeNumberBox(const QString& name, double maximum, double step, const QString& whenZero,
                         const QString& help) {
    auto* box = new NumberBox;
    box->setObjectName(name);
    box->setRange(0, maximum);
    box->setSingleStep(step);
    box->setSpecialValueText(whenZero);
    box->setToolTip(help);
    return box;
}

QString precisionHelp() {
    return hasFastBFloat16()
               ? QObject::tr(
                     "What the encoder computes in. bfloat16 is faster on this machine and rounds to three "
                     "digits; weights and losses stay float32.")
               : QObject::tr(
                     "What the encoder computes in. This machine has no instructions for bfloat16: it would be "
                     "slower than float32 here.");
}

}  // namespace

TrainingCard::TrainingCard() : SettingsCard(tr("Training")) {
    epochs_ = makeSpinBox("epochs", 1, 100'000, tr("How often every training image is seen, about."));
    learningRate_ = new LearningRateField;
    learningRate_->setToolTip(tr("Size of a step. Too large: the points jump about; too small: nothing happens."));
    optimizer_ = new ChoiceField(optimizerCatalog(), "optimizer");
    schedule_ = new ChoiceField(scheduleCatalog(), "schedule");
    gradientClip_ = makeNumberBox("gradient_clip", 1e6, 0.5, tr("Not limited"),
                                  tr("Gradients longer than this are shortened to it: a single odd batch cannot throw "
                                     "the points about."));
    weightAverage_ = makeNumberBox("weight_average", 0.9999, 0.001, tr("None"),
                                   tr("Decay of a moving average of the weights, e.g. 0.999. The picture and the "
                                      "measures then show the average: calmer, and often a little better."));
    precision_ = makeListBox("precision", {tr("float32"), tr("bfloat16")}, precisionHelp());
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
    addFieldForMore(tr("Schedule"), schedule_);
    addFieldForMore(tr("Largest gradient"), gradientClip_);
    addFieldForMore(tr("Average of weights"), weightAverage_);
    addFieldForMore(tr("Precision"), precision_);
    addFieldForMore(tr("Seed"), seed_);
    addFieldForMore(tr("Device"), device_);
    addFieldForMore(tr("Threads"), threads_);
    addFieldForMore(tr("Points shown"), tracked_);
    addField(QString(), keep_);
    for (QSpinBox* box : {epochs_, threads_, tracked_})
        connect(box, &QSpinBox::valueChanged, this, &SettingsCard::changed);
    connect(learningRate_, &LearningRateField::changed, this, &SettingsCard::changed);
    connect(optimizer_, &ChoiceField::changed, this, &SettingsCard::changed);
    connect(schedule_, &ChoiceField::changed, this, &SettingsCard::changed);
    for (NumberBox* box : {gradientClip_, weightAverage_})
        connect(box, &NumberBox::valueChanged, this, &SettingsCard::changed);
    connect(precision_, &QComboBox::currentIndexChanged, this, &SettingsCard::changed);
    connect(seed_, &SeedField::editingFinished, this, &SettingsCard::changed);
    connect(device_, &QComboBox::currentIndexChanged, this, &SettingsCard::changed);
}

void TrainingCard::fill(const Experiment& experiment) {
    epochs_->setValue(experiment.epochs);
    learningRate_->setValue(experiment.learningRate);
    optimizer_->setChoice(experiment.optimizer);
    schedule_->setChoice(experiment.schedule);
    gradientClip_->setValue(experiment.gradientClip);
    weightAverage_->setValue(experiment.weightAverage);
    precision_->setCurrentIndex(static_cast<int>(experiment.precision));
    seed_->setSeed(experiment.seed);
    device_->setCurrentIndex(static_cast<int>(experiment.device));
    threads_->setValue(experiment.threads);
    tracked_->setValue(experiment.trackedSamples);
}

void TrainingCard::write(Experiment& experiment) const {
    experiment.epochs = epochs_->value();
    experiment.learningRate = learningRate_->value();
    experiment.optimizer = optimizer_->choice();
    experiment.schedule = schedule_->choice();
    experiment.gradientClip = gradientClip_->value();
    experiment.weightAverage = weightAverage_->value();
    experiment.precision = static_cast<Precision>(precision_->currentIndex());
    experiment.seed = seed_->seed();
    experiment.device = static_cast<Device>(device_->currentIndex());
    experiment.threads = threads_->value();
    experiment.trackedSamples = tracked_->value();
}

void TrainingCard::hideKeeping() {
    showField(keep_, false);
}

bool TrainingCard::keepsRun() const {
    return keep_->keepsRun();
}

}  // namespace embedscope
