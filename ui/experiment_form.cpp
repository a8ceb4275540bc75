#include "ui/experiment_form.h"

#include "ui/choice_field.h"
#include "ui/learning_rate_field.h"
#include "ui/number_box.h"
#include "ui/seed_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>

namespace embedscope {
namespace {

QSpinBox* spinBox(const QString& name, int minimum, int maximum, const QString& help) {
    auto* box = new QSpinBox;
    box->setObjectName(name);
    box->setRange(minimum, maximum);
    box->setGroupSeparatorShown(true);
    box->setToolTip(help);
    return box;
}

QComboBox* listBox(const QString& name, const QStringList& texts, const QString& help) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->addItems(texts);
    box->setToolTip(help);
    return box;
}

/// A group with its form; fields grow to its width.
QFormLayout* formIn(QGroupBox* group) {
    auto* form = new QFormLayout(group);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    form->setVerticalSpacing(8);
    return form;
}

}  // namespace

ExperimentForm::ExperimentForm(QWidget* parent) : QWidget(parent), title_(new QLabel), summary_(new QLabel) {
    setObjectName("experiment_form");
    title_->setProperty("title", true);
    summary_->setProperty("faint", true);
    summary_->setWordWrap(true);

    auto* columns = new QHBoxLayout;
    columns->setSpacing(16);
    auto* left = new QVBoxLayout;
    left->addWidget(makeLearningGroup());
    left->addStretch();
    auto* right = new QVBoxLayout;
    right->addWidget(makeRunGroup());
    right->addWidget(makeEncoderGroup());
    right->addWidget(makeDataGroup());
    right->addStretch();
    columns->addLayout(left, 1);
    columns->addLayout(right, 1);

    auto* content = new QWidget;
    content->setLayout(columns);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(32, 24, 32, 16);
    layout->addWidget(title_);
    layout->addWidget(summary_);
    layout->addWidget(scroll, 1);
    layout->addWidget(makeFooter());
    setExperiment({});
    connectChanges();
}

QGroupBox* ExperimentForm::makeLearningGroup() {
    auto* group = new QGroupBox(tr("How it learns"));
    QFormLayout* form = formIn(group);
    loss_ = new ChoiceField(lossCatalog(), "loss");
    miner_ = new ChoiceField(minerCatalog(), "miner");
    sampler_ = new ChoiceField(samplerCatalog(), "sampler");
    form->addRow(tr("Loss"), loss_);
    form->addRow(tr("Mining"), miner_);
    form->addRow(tr("Batches"), sampler_);
    return group;
}

QGroupBox* ExperimentForm::makeEncoderGroup() {
    auto* group = new QGroupBox(tr("Encoder"));
    QFormLayout* form = formIn(group);
    encoder_ = new ChoiceField(encoderCatalog(), "encoder");
    dimension_ = spinBox("embedding_dimension", 2, 512,
                         tr("Numbers in an embedding. With 2 the picture shows the embedding itself."));
    normalize_ = new QCheckBox(tr("Points on the unit sphere (L2-normalised)"));
    normalize_->setObjectName("normalize");
    normalize_->setToolTip(tr("Keeps all embeddings at length 1, so that distances lie between 0 and 2."));
    form->addRow(tr("Network"), encoder_);
    form->addRow(tr("Dimension"), dimension_);
    form->addRow(QString(), normalize_);
    return group;
}

QGroupBox* ExperimentForm::makeRunGroup() {
    auto* group = new QGroupBox(tr("Training"));
    QFormLayout* form = formIn(group);
    epochs_ = spinBox("epochs", 1, 100'000, tr("How often every training image is seen, about."));
    learningRate_ = new LearningRateField;
    learningRate_->setToolTip(tr("Size of a step. Too large: the points jump about; too small: nothing happens."));
    optimizer_ = new ChoiceField(optimizerCatalog(), "optimizer");
    seed_ = new SeedField;
    seed_->setObjectName("seed");
    seed_->setToolTip(tr("The same seed and threads give the same run."));
    device_ = listBox("device", {tr("Automatic"), tr("CPU"), tr("CUDA")}, tr("Where the encoder is trained."));
    threads_ = spinBox("threads", 0, 1024, tr("Computing threads; 0 uses all cores."));
    threads_->setSpecialValueText(tr("All cores"));
    tracked_ = spinBox("tracked_samples", 10, 10'000'000, tr("At most this many points are drawn and followed."));
    keep_ = new QCheckBox(tr("Keep this run on disk"));
    keep_->setObjectName("keep_run");
    keep_->setToolTip(tr("Writes settings, metrics and embeddings of every epoch to a folder that other tools read."));
    form->addRow(tr("Epochs"), epochs_);
    form->addRow(tr("Learning rate"), learningRate_);
    form->addRow(tr("Optimiser"), optimizer_);
    form->addRow(tr("Seed"), seed_);
    form->addRow(tr("Device"), device_);
    form->addRow(tr("Threads"), threads_);
    form->addRow(tr("Points shown"), tracked_);
    form->addRow(QString(), keep_);
    return group;
}

QGroupBox* ExperimentForm::makeDataGroup() {
    auto* group = new QGroupBox(tr("Images"));
    QFormLayout* form = formIn(group);
    holdOut_ = listBox("hold_out",
                       {tr("Automatic"), tr("The folder's own split"), tr("A share of every class"),
                        tr("Whole classes"), tr("Nothing")},
                       tr("Images that are not trained on; Recall@1 is measured on them. Automatic: the folder's own "
                          "split if it has one, else a share of every class."));
    holdOutShare_ = new NumberBox;
    holdOutShare_->setObjectName("hold_out_share");
    holdOutShare_->setRange(1, 90);
    holdOutShare_->setDecimals(6);  // so that a share becomes per cent and back without a trace
    holdOutShare_->setSuffix(" %");
    imageSize_ = spinBox("image_size", 0, 512, tr("Side of the images that the encoder sees, in pixels."));
    imageSize_->setSpecialValueText(tr("Automatic"));
    imageSize_->setSuffix(tr(" px"));
    imageSize_->setKeyboardTracking(false);
    channels_ =
        listBox("channels", {tr("Automatic"), tr("Grey"), tr("Colour")}, tr("Automatic: grey images stay grey."));
    form->addRow(tr("Held out"), holdOut_);
    form->addRow(tr("Share"), holdOutShare_);
    form->addRow(tr("Image size"), imageSize_);
    form->addRow(tr("Channels"), channels_);
    return group;
}

QWidget* ExperimentForm::makeFooter() {
    auto* footer = new QWidget;
    auto* layout = new QHBoxLayout(footer);
    layout->setContentsMargins(0, 8, 0, 0);
    auto* back = new QPushButton(tr("Back"));
    back->setObjectName("form_back");
    problems_ = new QLabel;
    problems_->setObjectName("problems");
    problems_->setWordWrap(true);
    start_ = new QPushButton(tr("Start training"));
    start_->setObjectName("start");
    start_->setProperty("primary", true);
    start_->setDefault(true);
    start_->setMinimumSize(160, 40);
    layout->addWidget(back);
    layout->addWidget(problems_, 1);
    layout->addWidget(start_);
    connect(back, &QPushButton::clicked, this, &ExperimentForm::backRequested);
    connect(start_, &QPushButton::clicked, this, &ExperimentForm::startRequested);
    return footer;
}

void ExperimentForm::connectChanges() {
    for (ChoiceField* field : {loss_, miner_, sampler_, encoder_, optimizer_})
        connect(field, &ChoiceField::changed, this, &ExperimentForm::check);
    for (QSpinBox* box : {dimension_, epochs_, threads_, tracked_})
        connect(box, &QSpinBox::valueChanged, this, &ExperimentForm::check);
    connect(learningRate_, &LearningRateField::changed, this, &ExperimentForm::check);
    connect(holdOutShare_, &NumberBox::valueChanged, this, &ExperimentForm::check);
    connect(seed_, &SeedField::editingFinished, this, &ExperimentForm::check);
    for (QComboBox* box : {holdOut_, device_})
        connect(box, &QComboBox::currentIndexChanged, this, &ExperimentForm::check);
    const auto reload = [this] {
        check();
        if (data_) Q_EMIT reloadRequested(dataSettings());
    };
    connect(imageSize_, &QSpinBox::editingFinished, this, [this, reload] {
        if (imageSize_->value() != base_.data.imageSize) reload();
    });
    connect(channels_, &QComboBox::activated, this, reload);
}

void ExperimentForm::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    describeData();
    check();
}

void ExperimentForm::describeData() {
    if (!data_) return;
    const QLocale locale;
    title_->setText(QString::fromStdString(data_->name));
    QString text = tr("%1 images, %2 classes, %3×%4 %5")
                       .arg(locale.toString(static_cast<qulonglong>(data_->size())))
                       .arg(data_->classNames.size())
                       .arg(data_->shape.width)
                       .arg(data_->shape.height)
                       .arg(data_->shape.channels == 1 ? tr("grey") : tr("colour"));
    if (!data_->folderSplit.empty()) text += tr(", with a split of its own");
    summary_->setText(text);
}

void ExperimentForm::setExperiment(const Experiment& experiment) {
    base_ = experiment;
    loss_->setChoice(experiment.loss);
    miner_->setChoice(experiment.miner);
    sampler_->setChoice(experiment.sampler);
    encoder_->setChoice(experiment.encoder);
    optimizer_->setChoice(experiment.optimizer);
    dimension_->setValue(experiment.embeddingDimension);
    normalize_->setChecked(experiment.normalizeEmbeddings);
    learningRate_->setValue(experiment.learningRate);
    epochs_->setValue(experiment.epochs);
    seed_->setSeed(experiment.seed);
    threads_->setValue(experiment.threads);
    tracked_->setValue(experiment.trackedSamples);
    device_->setCurrentIndex(static_cast<int>(experiment.device));
    imageSize_->setValue(experiment.data.imageSize);
    channels_->setCurrentIndex(static_cast<int>(experiment.data.channels));
    holdOut_->setCurrentIndex(static_cast<int>(experiment.data.holdOut));
    holdOutShare_->setValue(experiment.data.holdOutShare * 100);
    check();
}

DataSettings ExperimentForm::dataSettings() const {
    DataSettings settings = base_.data;
    settings.imageSize = imageSize_->value();
    settings.channels = static_cast<Channels>(channels_->currentIndex());
    settings.holdOut = static_cast<HoldOut>(holdOut_->currentIndex());
    settings.holdOutShare = holdOutShare_->value() / 100;
    return settings;
}

Experiment ExperimentForm::experiment() const {
    Experiment experiment = base_;
    experiment.data = dataSettings();
    experiment.loss = loss_->choice();
    experiment.miner = miner_->choice();
    experiment.sampler = sampler_->choice();
    experiment.encoder = encoder_->choice();
    experiment.optimizer = optimizer_->choice();
    experiment.embeddingDimension = dimension_->value();
    experiment.normalizeEmbeddings = normalize_->isChecked();
    experiment.learningRate = learningRate_->value();
    experiment.epochs = epochs_->value();
    experiment.seed = seed_->seed();
    experiment.threads = threads_->value();
    experiment.trackedSamples = tracked_->value();
    experiment.device = static_cast<Device>(device_->currentIndex());
    return experiment;
}

bool ExperimentForm::keepsRun() const {
    return keep_->isChecked();
}

void ExperimentForm::check() {
    const Experiment wanted = experiment();
    const bool hasShare = wanted.data.holdOut != HoldOut::None && wanted.data.holdOut != HoldOut::FolderSplit;
    holdOutShare_->setEnabled(hasShare);
    std::vector<std::string> found = problems(wanted);
    if (data_ && found.empty()) try {
            found = problems(*withHoldOut(*data_, wanted.data, wanted.seed), wanted);
        } catch (const std::exception& problem) {
            found.emplace_back(problem.what());
        }
    QStringList sentences;
    for (const std::string& sentence : found) sentences << QString::fromStdString(sentence);
    problems_->setText(sentences.join("\n"));
    start_->setEnabled(data_ && found.empty());
}

}  // namespace embedscope
