#include "ui/form/experiment_form.h"

#include "engine/learning.h"
#include "ui/form/augmentation_card.h"
#include "ui/form/encoder_card.h"
#include "ui/form/images_card.h"
#include "ui/form/learning_card.h"
#include "ui/form/training_card.h"
#include "ui/plural.h"
#include "ui/wheel_guard.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QVBoxLayout>

#include <exception>

namespace embedscope {
namespace {

constexpr int kFormWidth = 1240;

}  // namespace

ExperimentForm::ExperimentForm(QWidget* parent)
    : QWidget(parent), title_(new QLabel), summary_(new QLabel), training_(new TrainingCard) {
    setObjectName("experiment_form");
    title_->setProperty("title", true);
    summary_->setProperty("faint", true);
    summary_->setWordWrap(true);

    auto* content = new QWidget;
    auto* rows = new QVBoxLayout(content);
    rows->setContentsMargins(0, 0, 8, 0);
    rows->setSpacing(16);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(16);
    auto* learning = new LearningCard;
    images_ = new ImagesCard;
    columns->addLayout(makeColumn({learning, images_}), 1);
    columns->addLayout(makeColumn({training_, new EncoderCard}), 1);
    rows->addLayout(columns);
    rows->addLayout(makeColumn({new AugmentationCard}), 1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);

    new WheelGuard(content);
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
    for (const SettingsCard* card : cards_) connect(card, &SettingsCard::changed, this, &ExperimentForm::check);
    connect(learning, &LearningCard::learningChosen, this,
            [this](Learning chosen) { setExperiment(suitedTo(chosen, experiment())); });
    connect(images_, &ImagesCard::reloadWanted, this, [this] {
        check();
        if (data_) Q_EMIT reloadRequested(experiment().data);
    });
}

QVBoxLayout* ExperimentForm::makeColumn(std::vector<SettingsCard*> cards) {
    auto* column = new QVBoxLayout;
    column->setSpacing(16);
    for (SettingsCard* card : cards) {
        column->addWidget(card);
        cards_.push_back(card);
    }
    column->addStretch();
    return column;
}

QWidget* ExperimentForm::makeFooter() {
    auto* footer = new QWidget;
    auto* layout = new QHBoxLayout(footer);
    layout->setContentsMargins(0, 8, 0, 0);
    back_ = new QPushButton(tr("Back"));
    back_->setObjectName("form_back");
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
    layout->addWidget(back_);
    layout->addWidget(more_);
    layout->addSpacing(8);
    layout->addWidget(problems_, 1);
    layout->addWidget(start_);
    connect(more_, &QPushButton::toggled, this, &ExperimentForm::showMore);
    connect(back_, &QPushButton::clicked, this, &ExperimentForm::backRequested);
    connect(start_, &QPushButton::clicked, this, &ExperimentForm::startRequested);
    return footer;
}

void ExperimentForm::showMore(bool more) {
    for (SettingsCard* card : cards_) card->showMore(more);
    more_->setText(more ? tr("Fewer settings") : tr("More settings"));
}

void ExperimentForm::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    if (data_)
        for (SettingsCard* card : cards_) card->setDataSet(data_);
    describeData();
    // Nothing but views can be learned from where nothing has a label.
    const Experiment wanted = experiment();
    if (data_ && data_->classNames.empty() && wanted.learning != Learning::SelfSupervised)
        setExperiment(suitedTo(Learning::SelfSupervised, wanted));
    else
        check();
}

void ExperimentForm::describeData() {
    if (!data_) return;
    title_->setText(QString::fromStdString(data_->name));
    const std::size_t classes = data_->classNames.size();
    QString text = tr("%1, %2, %3×%4 %5")
                       .arg(amount(data_->size(), tr("image"), tr("images")))
                       .arg(amount(classes, tr("class"), tr("classes")))
                       .arg(data_->shape.width)
                       .arg(data_->shape.height)
                       .arg(data_->shape.channels == 1 ? tr("grey") : tr("colour"));
    if (!data_->folderSplit.empty()) text += tr(", with a split of its own");
    if (data_->fromCache) text += tr(", from the image cache");
    summary_->setText(text);
}

void ExperimentForm::setExperiment(const Experiment& experiment) {
    {
        const QScopedValueRollback filling(filling_, true);  // checked once, when all is in place
        base_ = experiment;
        for (SettingsCard* card : cards_) card->fill(experiment);
    }
    check();
}

Experiment ExperimentForm::experiment() const {
    Experiment experiment = base_;
    for (const SettingsCard* card : cards_) card->write(experiment);
    return experiment;
}

bool ExperimentForm::keepsRun() const {
    return training_->keepsRun();
}

void ExperimentForm::useForComparison(const QString& start, const QString& back) {
    start_->setText(start);
    back_->setText(back);
    images_->fixReading();
    training_->hideKeeping();
}

void ExperimentForm::check() {
    if (filling_) return;
    const Experiment wanted = experiment();
    for (SettingsCard* card : cards_) card->adapt(wanted);
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
