#include "ui/augmentation_dialog.h"

#include "ui/augmentation_field.h"

#include <QDialogButtonBox>
#include <QVBoxLayout>

namespace embedscope {

AugmentationDialog::AugmentationDialog(const Choice& augmentation, std::shared_ptr<const DataSet> dataSet,
                                       QWidget* parent)
    : QDialog(parent), field_(new AugmentationField) {
    setObjectName("augmentation_dialog");
    setWindowTitle(tr("Random changes of the images"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->addWidget(field_);
    layout->addWidget(buttons);
    if (dataSet) field_->setDataSet(std::move(dataSet));
    field_->setChoice(augmentation);
    connect(field_, &AugmentationField::changed, this, [this] {
        fitHeight();
        Q_EMIT changed(field_->choice());
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    resize(940, height());
    fitHeight();
}

/// Without changes there is nothing to see but the list.
void AugmentationDialog::fitHeight() {
    layout()->activate();
    const int wide = width();
    resize(wide, layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(wide) : sizeHint().height());
}

QString AugmentationDialog::label() const {
    return QString::fromStdString(entryOf(augmentationCatalog(), field_->choice().id, "augmentation").label);
}

void AugmentationDialog::setRunning(bool running) {
    field_->setEnabled(running);
}

/// Not modal: the picture goes on and can be watched.
void AugmentationDialog::open() {
    show();
    raise();
    activateWindow();
}

}  // namespace embedscope
