#include "ui/experiment_form.h"

#include "ui/choice_field.h"
#include "ui/form_card.h"
#include "ui/learning_rate_field.h"
#include "ui/number_box.h"
#include "ui/seed_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <exception>

namespace embedscope {
namespace {

constexpr int kFormWidth = 1240;

}  // namespace

ExperimentForm::ExperimentForm(QWidget* parent) : QWidget(parent), title_(new QLabel), summary_(new QLabel) {
    setObjectName("experiment_form");
    title_->setProperty("title", true);
    summary_->setProperty("faint", true);
    summary_->setWordWrap(true);

    auto* content = new QWidget;
    auto* columns = new QHBoxLayout(content);
    columns->setContentsMargins(0, 0, 8, 0);
    columns->setSpacing(16);
    columns->addLayout(makeColumn({makeLearningCard(), makeImagesCard()}), 1);
    columns->addLayout(makeColumn({makeTrainingCard(), makeEncoderCard()}), 1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);

    auto* page = new QWidget;
    page->setMaximumWidth(kFormWidth);
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(32, 24, 32, 16);
    outer->addStretch(1);
    outer->addWidget(page, 100);
    outer->addStretch(1);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title_);
    layout->addWidget(summary_);
    layout->addWidget(scroll, 1);
    layout->addWidget(makeFooter());
    showMore(false);
    setExperiment({});
    connectChanges();
}

QVBoxLayout* ExperimentForm::makeColumn(std::vector<FormCard*> cards) {
    auto* column = new QVBoxLayout;
    column->setSpacing(16);
    for (FormCard* card : cards) {
        column->addWidget(card);
        cards_.push_back(card);
    }
    column->addStretch();
    return column;
}

FormCard* ExperimentForm::makeLearningCard() {
    auto* card = new FormCard(tr("How it learns"));
    loss_ = new ChoiceField(lossCatalog(), "loss");
    miner_ = new ChoiceField(minerCatalog(), "miner");
    sampler_ = new ChoiceField(samplerCatalog(), "sampler");
    card->addField(tr("Loss"), loss_);
    card->addField(tr("Mining"), miner_);
    card->addFieldForMore(tr("Batches"), sampler_);
    return card;
}

FormCard* ExperimentForm::makeEncoderCard() {
    auto* card = new FormCard(tr("Encoder"));
    encoder_ = new ChoiceField(encoderCatalog(), "encoder");
    dimension_ = makeSpinBox("embedding_dimension", 2, 512,
                             tr("Numbers in an embedding. With 2 the picture shows the embedding itself."));
    normalize_ = makeCheckBox("normalize", tr("Points on the unit sphere (L2-normalised)"),
                              tr("Keeps all embeddings at length 1, so that distances lie between 0 and 2."));
    card->addField(tr("Network"), encoder_);
    card->addField(tr("Dimension"), dimension_);
    card->addField(QString(), normalize_);
    return card;
}

FormCard* ExperimentForm::makeTrainingCard() {
    auto* card = new FormCard(tr("Training"));
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
    keep_ =
        makeCheckBox("keep_run", tr("Keep this run on disk"),
                     tr("Writes settings, metrics and embeddings of every epoch to a folder that other tools read."));
    card->addField(tr("Epochs"), epochs_);
    card->addField(tr("Learning rate"), learningRate_);
    card->addFieldForMore(tr("Optimiser"), optimizer_);
    card->addFieldForMore(tr("Seed"), seed_);
    card->addFieldForMore(tr("Device"), device_);
    card->addFieldForMore(tr("Threads"), threads_);
    card->addFieldForMore(tr("Points shown"), tracked_);
    card->addField(QString(), keep_);
    return card;
}

FormCard* ExperimentForm::makeImagesCard() {
    auto* card = new FormCard(tr("Images"));
    holdOut_ =
        makeListBox("hold_out",
                    {tr("Automatic"), tr("The folder's own split"), tr("A share of every class"), tr("Whole classes"),
                     tr("Nothing")},
                    tr("Images that are not trained on; Recall@1 is measured on them. Automatic: the folder's own "
                       "split if it has one, else a share of every class."));
    holdOutShare_ = new NumberBox;
    holdOutShare_->setObjectName("hold_out_share");
    holdOutShare_->setRange(1, 90);
    holdOutShare_->setDecimals(6);  // so that a share becomes per cent and back without a trace
    holdOutShare_->setSuffix(" %");
    imageSize_ = makeSpinBox("image_size", 0, 512, tr("Side of the images that the encoder sees, in pixels."));
    imageSize_->setSpecialValueText(tr("Automatic"));
    imageSize_->setSuffix(tr(" px"));
    imageSize_->setKeyboardTracking(false);
    channels_ =
        makeListBox("channels", {tr("Automatic"), tr("Grey"), tr("Colour")}, tr("Automatic: grey images stay grey."));
    card->addField(tr("Held out"), holdOut_);
    card->addField(tr("Share"), holdOutShare_);
    card->addFieldForMore(tr("Image size"), imageSize_);
    card->addFieldForMore(tr("Channels"), channels_);
    return card;
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
    more_ = new QPushButton;
    more_->setObjectName("more_settings");
    more_->setCheckable(true);
    layout->addWidget(back);
    layout->addWidget(more_);
    layout->addSpacing(8);
    layout->addWidget(problems_, 1);
    layout->addWidget(start_);
    connect(more_, &QPushButton::toggled, this, &ExperimentForm::showMore);
    connect(back, &QPushButton::clicked, this, &ExperimentForm::backRequested);
    connect(start_, &QPushButton::clicked, this, &ExperimentForm::startRequested);
    return footer;
}

void ExperimentForm::showMore(bool more) {
    for (FormCard* card : cards_) card->showMore(more);
    more_->setText(more ? tr("Fewer settings") : tr("More settings"));
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
    {
        const QScopedValueRollback filling(filling_, true);  // checked once, when all is in place
        fill(experiment);
    }
    check();
}

void ExperimentForm::fill(const Experiment& experiment) {
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
    if (filling_) return;
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
