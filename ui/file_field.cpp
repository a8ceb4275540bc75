#include "ui/file_field.h"

#include "ui/paths.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <utility>

namespace embedscope {

FileField::FileField(const QString& name, QString title, QString filter, QWidget* parent)
    : QWidget(parent), line_(new QLineEdit) {
    setObjectName(name);
    ask = [this, title = std::move(title), filter = std::move(filter)] {
        return QFileDialog::getOpenFileName(this, title, line_->text(), filter);
    };
    line_->setObjectName(name + "_path");
    line_->setPlaceholderText(tr("No file chosen"));
    auto* button = new QPushButton(tr("Choose…"));
    button->setObjectName(name + "_choose");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(line_, 1);
    layout->addWidget(button);
    connect(button, &QPushButton::clicked, this, &FileField::choose);
    connect(line_, &QLineEdit::editingFinished, this, &FileField::changed);
}

std::filesystem::path FileField::file() const {
    return pathOf(line_->text().trimmed());
}

void FileField::setFile(const std::filesystem::path& file) {
    line_->setText(textOf(file));
}

void FileField::choose() {
    const QString chosen = ask();
    if (chosen.isEmpty()) return;
    line_->setText(chosen);
    Q_EMIT changed();
}

}  // namespace embedscope
