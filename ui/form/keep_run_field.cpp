#include "ui/form/keep_run_field.h"

#include "ui/form/form_card.h"
#include "ui/recent_places.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace embedscope {

KeepRunField::KeepRunField(QWidget* parent) : QWidget(parent) {
    askForFolder = [this] {
        return QFileDialog::getExistingDirectory(this, tr("Keep runs in this folder"), runsFolder());
    };
    keep_ = makeCheckBox(
        "keep_run", tr("Keep this run on disk"),
        tr("Writes settings, metrics, checkpoints and embeddings of every epoch to a folder that other tools read. "
           "Without it you are asked before the run is dropped."));
    folder_ = new QLabel;
    folder_->setObjectName("runs_folder");
    folder_->setProperty("faint", true);
    auto* change = new QToolButton;
    change->setObjectName("change_runs_folder");
    change->setText(tr("Change…"));
    auto* where = new QWidget;
    auto* row = new QHBoxLayout(where);
    row->setContentsMargins(24, 0, 0, 0);
    row->addWidget(folder_, 1);
    row->addWidget(change);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(keep_);
    layout->addWidget(where);
    showFolder();
    connect(keep_, &QCheckBox::toggled, where, &QWidget::setVisible);
    keep_->setChecked(keepsRuns());
    where->setVisible(keep_->isChecked());
    connect(keep_, &QCheckBox::toggled, this, [](bool keep) { setKeepsRuns(keep); });
    connect(change, &QToolButton::clicked, this, &KeepRunField::chooseFolder);
}

bool KeepRunField::keepsRun() const {
    return keep_->isChecked();
}

void KeepRunField::chooseFolder() {
    const QString folder = askForFolder();
    if (folder.isEmpty()) return;
    setRunsFolder(folder);
    showFolder();
}

void KeepRunField::showFolder() {
    constexpr int kWidth = 320;
    folder_->setText(fontMetrics().elidedText(runsFolder(), Qt::ElideMiddle, kWidth));
    folder_->setToolTip(runsFolder());
}

}  // namespace embedscope
