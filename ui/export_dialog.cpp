#include "ui/export_dialog.h"

#include "engine/run_export.h"
#include "ui/inspector/newest_task.h"
#include "ui/paths.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <exception>
#include <utility>

namespace embedscope {
namespace {

constexpr int kHelpWidth = 460;

}  // namespace

struct ExportDialog::Written {
    QString sentence;
    bool done = false;
};

struct ExportDialog::Worker {
    NewestTask<Written> task;
};

ExportDialog::ExportDialog(std::filesystem::path runFolder, QWidget* parent)
    : QDialog(parent),
      runFolder_(std::move(runFolder)),
      worker_(new Worker{NewestTask<Written>([this](const Written& written) { tell(written); })}) {
    setObjectName("export_dialog");
    setWindowTitle(tr("Export this run"));
    askForPath = [this](const QString& proposed, bool folder) {
        return folder ? QFileDialog::getExistingDirectory(this, tr("Folder to write"), QFileInfo(proposed).path())
                      : QFileDialog::getSaveFileName(this, tr("File to write"), proposed);
    };
    format_ = new QComboBox;
    format_->setObjectName("export_format");
    for (const ExportFormat& format : exportFormats())
        format_->addItem(QString::fromStdString(format.label), QString::fromStdString(format.id));
    help_ = new QLabel;
    help_->setWordWrap(true);
    help_->setMinimumWidth(kHelpWidth);
    help_->setMinimumHeight(3 * help_->fontMetrics().lineSpacing());  // the longest takes three lines
    help_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    help_->setProperty("faint", true);
    path_ = new QLineEdit;
    path_->setObjectName("export_path");
    auto* browse = new QPushButton(tr("Choose…"));
    auto* place = new QHBoxLayout;
    place->addWidget(path_, 1);
    place->addWidget(browse);
    note_ = new QLabel;
    note_->setObjectName("export_note");
    note_->setWordWrap(true);
    buttons_ = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton* write = buttons_->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
    write->setObjectName("export_write");
    auto* form = new QFormLayout;
    form->addRow(tr("What"), format_);
    form->addRow(QString(), help_);
    form->addRow(tr("Where"), place);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(note_);
    layout->addWidget(buttons_);
    connect(format_, &QComboBox::currentIndexChanged, this, &ExportDialog::describe);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::choosePath);
    connect(write, &QPushButton::clicked, this, &ExportDialog::write);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
    describe();
}

ExportDialog::~ExportDialog() = default;

void ExportDialog::describe() {
    const ExportFormat& format = exportFormats()[static_cast<std::size_t>(format_->currentIndex())];
    help_->setText(QString::fromStdString(format.help));
    const QString name =
        textOf(runFolder_.filename()) + (format.suffix.empty() ? "-" + format.id : format.suffix).c_str();
    path_->setText(QDir::home().filePath(name));
    note_->clear();
}

void ExportDialog::choosePath() {
    const ExportFormat& format = exportFormats()[static_cast<std::size_t>(format_->currentIndex())];
    if (const QString path = askForPath(path_->text(), format.suffix.empty()); !path.isEmpty()) path_->setText(path);
}

void ExportDialog::write() {
    const std::string id = format_->currentData().toString().toStdString();
    const std::filesystem::path out = pathOf(path_->text());
    if (out.empty()) return note_->setText(tr("Choose where it is written first."));
    note_->setText(tr("Writing…"));
    buttons_->setEnabled(false);
    worker_->task.start([run = runFolder_, id, out] {
        try {
            const QString remark = QString::fromStdString(exportRun(run, id, out));
            return Written{tr("Written to \"%1\". %2").arg(textOf(out), remark).trimmed(), true};
        } catch (const std::exception& problem) {
            return Written{QString::fromUtf8(problem.what()), false};
        }
    });
}

void ExportDialog::tell(const Written& written) {
    buttons_->setEnabled(true);
    note_->setText(written.sentence);
    if (!written.done) return;
    Q_EMIT exported(written.sentence);
    accept();
}

}  // namespace embedscope
