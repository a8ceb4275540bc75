#include "ui/compare/twin_dialog.h"

#include "ui/form/experiment_form.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace embedscope {

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
    run_.experiment = form_->experiment();
    if (!name_->text().trimmed().isEmpty()) run_.name = name_->text().trimmed().toStdString();
    QDialog::accept();
    take_(run_);
}

std::string freeRunName(const Comparison& comparison) {
    for (char letter = 'A'; letter < 'Z'; ++letter)
        if (std::ranges::find(comparison.runs, std::string(1, letter), &ComparedRun::name) == comparison.runs.end())
            return std::string(1, letter);
    return "Z";
}

}  // namespace embedscope
