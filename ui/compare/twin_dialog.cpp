#include "ui/compare/twin_dialog.h"

#include "ui/form/experiment_form.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace embedscope {
namespace {

struct ChoiceMember {
    Choice Experiment::*choice;
    const Catalog& (*catalog)();
};

constexpr ChoiceMember kChoices[] = {{&Experiment::pseudoLabels, pseudoLabelCatalog},
                                     {&Experiment::encoder, encoderCatalog},
                                     {&Experiment::head, headCatalog},
                                     {&Experiment::loss, lossCatalog},
                                     {&Experiment::viewLoss, viewLossCatalog},
                                     {&Experiment::augmentation, augmentationCatalog},
                                     {&Experiment::miner, minerCatalog},
                                     {&Experiment::memory, memoryCatalog},
                                     {&Experiment::sampler, samplerCatalog},
                                     {&Experiment::optimizer, optimizerCatalog},
                                     {&Experiment::schedule, scheduleCatalog}};

/// The form writes standard values out: what means the same as before is written as it was, so that twins are seen to
/// be alike.
void writeAsBefore(Experiment& experiment, const Experiment& before) {
    for (const ChoiceMember& member : kChoices) {
        Choice& now = experiment.*member.choice;
        const Choice& then = before.*member.choice;
        if (now.id != then.id) continue;
        const CatalogEntry& entry = entryOf(member.catalog(), now.id, "choice");
        if (completed(entry, now.parameters) == completed(entry, then.parameters)) now = then;
    }
}

}  // namespace

TwinDialog::TwinDialog(const Texts& texts, ComparedRun run, std::shared_ptr<const DataSet> images,
                       std::function<void(ComparedRun)> take, QWidget* parent)
    : QDialog(parent), run_(std::move(run)), take_(std::move(take)) {
    setObjectName("twin_dialog");
    setWindowTitle(texts.title);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(1120, 820);
    auto* explanation = new QLabel(texts.explanation);
    explanation->setProperty("faint", true);
    explanation->setWordWrap(true);
    name_ = new QLineEdit(QString::fromStdString(run_.name));
    name_->setObjectName("twin_name");
    name_->setMaxLength(40);
    auto* head = new QFormLayout;
    head->setContentsMargins(32, 16, 32, 0);
    head->addRow(explanation);
    head->addRow(tr("Name of the run:"), name_);
    form_ = new ExperimentForm;
    form_->useForComparison(texts.start, tr("Cancel"));
    form_->setExperiment(run_.experiment);
    form_->setDataSet(std::move(images));
    connect(form_, &ExperimentForm::startRequested, this, &TwinDialog::accept);
    connect(form_, &ExperimentForm::backRequested, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(head);
    column->addWidget(form_, 1);
}

void TwinDialog::accept() {
    Experiment chosen = form_->experiment();
    writeAsBefore(chosen, run_.experiment);
    run_.experiment = std::move(chosen);
    if (!name_->text().trimmed().isEmpty()) run_.name = name_->text().trimmed().toStdString();
    QDialog::accept();
    take_(run_);
}

std::string freeRunName(const Comparison& comparison, const std::string& like) {
    const auto isFree = [&comparison](const std::string& name) {
        return std::ranges::find(comparison.runs, name, &ComparedRun::name) == comparison.runs.end();
    };
    if (like.size() == 1)
        for (char letter = 'A'; letter <= 'Z'; ++letter)
            if (isFree(std::string(1, letter))) return std::string(1, letter);
    int number = 2;
    while (!isFree(like + ' ' + std::to_string(number))) ++number;
    return like + ' ' + std::to_string(number);
}

}  // namespace embedscope
