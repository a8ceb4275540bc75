#include "ui/skipped_report.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSaveFile>
#include <QTableWidget>
#include <QVBoxLayout>

namespace embedscope {

SkippedReport::SkippedReport(const std::vector<SkippedFile>& skipped, QWidget* parent) : QDialog(parent) {
    setObjectName("skipped_report");
    setWindowTitle(tr("Files that were skipped"));
    askForSaveName = [this] {
        return QFileDialog::getSaveFileName(this, tr("Save the list"), "skipped.txt", tr("Text (*.txt)"));
    };
    resize(720, 420);
    auto* table = new QTableWidget(static_cast<int>(skipped.size()), 2);
    table->setHorizontalHeaderLabels({tr("File"), tr("Reason")});
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setStretchLastSection(true);
    table->setColumnWidth(0, 320);
    QString text;
    for (int row = 0; row < table->rowCount(); ++row) {
        const QString path = QString::fromStdString(skipped[row].path);
        const QString reason = QString::fromStdString(skipped[row].reason);
        table->setItem(row, 0, new QTableWidgetItem(path));
        table->setItem(row, 1, new QTableWidgetItem(reason));
        text += path + '\t' + reason + '\n';
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton* copy = buttons->addButton(tr("Copy list"), QDialogButtonBox::ActionRole);
    copy->setObjectName("skipped_copy");
    connect(copy, &QPushButton::clicked, this, [text] { QGuiApplication::clipboard()->setText(text); });
    QPushButton* save = buttons->addButton(tr("Save list…"), QDialogButtonBox::ActionRole);
    save->setObjectName("skipped_save");
    connect(save, &QPushButton::clicked, this, [this, text] { saveList(text); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(
        new QLabel(tr("Files that could not be used: %1. Everything else was opened.").arg(skipped.size())));
    layout->addWidget(table, 1);
    layout->addWidget(buttons);
}

void SkippedReport::saveList(const QString& text) {
    const QString name = askForSaveName();
    if (name.isEmpty()) return;
    QSaveFile file(name);
    if (file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit()) return;
    QMessageBox::warning(this, windowTitle(),
                         tr("\"%1\" cannot be written; check the folder and the free space.").arg(name));
}

}  // namespace embedscope
