#include "ui/live_controls.h"

#include "engine/learning.h"
#include "ui/augmentation_dialog.h"
#include "ui/choice_field.h"
#include "ui/elided_combo_box.h"
#include "ui/flow_layout.h"
#include "ui/learning_rate_field.h"
#include "ui/number_box.h"
#include "ui/parameter_fields.h"
#include "ui/same_images.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace embedscope {
namespace {

void select(QComboBox& list, const std::string& id) {
    list.setCurrentIndex(list.findData(QString::fromStdString(id)));
}

/// The user is choosing: nothing may change under the cursor.
bool isOpen(const QComboBox* list) {
    return list && list->view()->isVisible();
}

}  // namespace

LiveControls::LiveControls(QWidget* parent) : QWidget(parent) {
    setObjectName("live_controls");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
}

void LiveControls::begin(const Experiment& experiment, std::shared_ptr<const DataSet> dataSet) {
    if (!sameImages(dataSet, dataSet_)) known_.clear();
    dataSet_ = std::move(dataSet);
    delete fields_;
    fields_ = new QWidget;
    flow_ = new FlowLayout(fields_, 16, 6);
    flow_->setContentsMargins(0, 0, 0, 0);
    auto* title = new QLabel(tr("While it runs:"));
    title->setProperty("faint", true);
    flow_->addWidget(title);
    inUse_ = experiment.loss;
    known_[inUse_.id] = inUse_.parameters;
    augmentationInUse_ = experiment.augmentation;
    lossList_ = minerList_ = nullptr;
    if (usesLabels(experiment)) {
        addLabelled(tr("Loss"), tr("What pulls and pushes the points. Weights of the old loss are forgotten."),
                    makeLossList(experiment.loss));
        addLossParameters(experiment.loss);
    }
    if (usesViews(experiment)) addViewLossParameters(experiment);

    auto* rate = new LearningRateField;
    rate->setObjectName("live_learning_rate");
    rate->setValue(experiment.learningRate);
    connect(rate, &LearningRateField::changed, this, &LiveControls::learningRateChanged);
    addLabelled(tr("Learning rate"), tr("Size of a step. Too large: the points jump about."), rate);

    if (usesLabels(experiment)) addMiner(experiment.miner);
    addAugmentation(experiment.augmentation, dataSet_);
    layout()->addWidget(fields_);
}

void LiveControls::addMiner(const Choice& chosen) {
    minerList_ = new ElidedComboBox;
    minerList_->setObjectName("live_miner");
    fillWithCatalog(*minerList_, minerCatalog());
    select(*minerList_, chosen.id);
    connect(minerList_, &QComboBox::activated, this, [this] {
        Q_EMIT minerChanged({minerList_->currentData().toString().toStdString(), {}});
    });
    addLabelled(tr("Mining"), tr("Which pairs or triplets of a batch the loss sees."), minerList_);
}

void LiveControls::addViewLossParameters(const Experiment& experiment) {
    const CatalogEntry& entry = entryOf(viewLossCatalog(), experiment.viewLoss.id, "loss on views");
    for (const Parameter& parameter : entry.parameters) {
        if (!parameter.changesLive) continue;
        QWidget* field =
            makeParameterField(parameter, valueOf(entry, experiment.viewLoss.parameters, parameter.id), this,
                               [this, id = parameter.id](double value) { Q_EMIT viewLossParameterChanged(id, value); });
        field->setObjectName("live_view_" + QString::fromStdString(parameter.id));
        addLabelled(QString::fromStdString(parameter.label), QString::fromStdString(parameter.help), field);
    }
    if (!usesLabels(experiment)) return;
    auto* weight = new NumberBox;
    weight->setObjectName("live_view_loss_weight");
    weight->setRange(0, 1000);
    weight->setSingleStep(0.1);
    weight->setValue(experiment.viewLossWeight);
    connect(weight, &NumberBox::valueChanged, this, &LiveControls::viewLossWeightChanged);
    addLabelled(tr("Weight of views"), tr("How much the loss on views counts beside the loss on labels."), weight);
}

void LiveControls::addAugmentation(const Choice& augmentation, std::shared_ptr<const DataSet> dataSet) {
    delete augmentation_;
    augmentation_ = new AugmentationDialog(augmentation, std::move(dataSet), this);
    auto* open = new QPushButton(augmentation_->label());
    open->setObjectName("live_augmentation");
    connect(open, &QPushButton::clicked, augmentation_, &AugmentationDialog::open);
    connect(augmentation_, &AugmentationDialog::changed, this, [this, open](const Choice& choice) {
        open->setText(augmentation_->label());
        augmentationInUse_ = choice;
        Q_EMIT augmentationChanged(choice);
    });
    addLabelled(tr("Random changes"), tr("What is changed at random in the images before the encoder sees them."),
                open);
}

QWidget* LiveControls::makeLossList(const Choice& loss) {
    lossList_ = new ElidedComboBox;
    lossList_->setObjectName("live_loss");
    fillWithCatalog(*lossList_, lossCatalog());
    select(*lossList_, loss.id);
    lossList_->setMaximumWidth(220);
    connect(lossList_, &QComboBox::activated, this, [this] {
        const std::string id = lossList_->currentData().toString().toStdString();
        if (id == inUse_.id) return;  // its parameters stay as they are
        Q_EMIT lossChanged({id, parametersFor(entryOf(lossCatalog(), id, "loss"))});
    });
    return lossList_;
}

/// As it was trained before. Else its standard, but for how distances are measured if that was chosen by hand.
ParameterValues LiveControls::parametersFor(const CatalogEntry& loss) const {
    if (const auto known = known_.find(loss.id); known != known_.end()) return known->second;
    ParameterValues taken;
    const CatalogEntry& before = entryOf(lossCatalog(), inUse_.id, "loss");
    for (const char* id : {"distance", "exponent"}) {
        const auto chosen = inUse_.parameters.find(id);
        const auto is = [id](const Parameter& parameter) { return parameter.id == id; };
        const auto now = std::ranges::find_if(loss.parameters, is);
        if (chosen == inUse_.parameters.end() || now == loss.parameters.end()) continue;
        const Parameter& old = parameterOf(before, id);
        if (chosen->second != old.standard && now->options == old.options) taken[id] = chosen->second;
    }
    return taken;
}

void LiveControls::showSettings(const Experiment& settings) {
    if (!fields_ || isOpen(lossList_) || isOpen(minerList_) || augmentation_->isVisible()) return;
    if ((lossList_ && settings.loss.id != inUse_.id) || settings.augmentation != augmentationInUse_) {
        begin(settings, dataSet_);
        return;
    }
    inUse_ = settings.loss;
    known_[inUse_.id] = inUse_.parameters;
    if (lossList_) select(*lossList_, inUse_.id);
    if (minerList_) select(*minerList_, settings.miner.id);
}

void LiveControls::addLossParameters(const Choice& loss) {
    const CatalogEntry& entry = entryOf(lossCatalog(), loss.id, "loss");
    for (const Parameter& parameter : entry.parameters) {
        if (!parameter.changesLive) continue;
        QWidget* field =
            makeParameterField(parameter, valueOf(entry, loss.parameters, parameter.id), this,
                               [this, id = parameter.id](double value) { Q_EMIT lossParameterChanged(id, value); });
        field->setObjectName("live_" + QString::fromStdString(parameter.id));
        addLabelled(QString::fromStdString(parameter.label), QString::fromStdString(parameter.help), field);
    }
}

void LiveControls::addLabelled(const QString& text, const QString& help, QWidget* field) {
    auto* label = new QLabel(text);
    label->setToolTip(help);
    label->setBuddy(field);
    field->setToolTip(help);
    auto* both = new QWidget;
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(field);
    flow_->addWidget(both);
}

void LiveControls::setRunning(bool running) {
    if (fields_) fields_->setEnabled(running);
    if (augmentation_) augmentation_->setRunning(running);
}

}  // namespace embedscope
