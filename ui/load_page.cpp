#include "ui/load_page.h"

#include "ui/image_mosaic.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace embedscope {

LoadPage::LoadPage(QWidget* parent)
    : QWidget(parent), title_(new QLabel), counts_(new QLabel), progress_(new QProgressBar), mosaic_(new ImageMosaic) {
    setObjectName("load_page");
    title_->setProperty("title", true);
    counts_->setObjectName("load_counts");
    counts_->setProperty("faint", true);
    progress_->setObjectName("load_progress");
    progress_->setTextVisible(false);
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName("load_cancel");
    connect(cancel, &QPushButton::clicked, this, &LoadPage::cancelRequested);

    auto* column = new QVBoxLayout;
    column->setSpacing(12);
    column->addWidget(title_);
    column->addWidget(progress_);
    auto* line = new QHBoxLayout;
    line->addWidget(counts_, 1);
    line->addWidget(cancel);
    column->addLayout(line);
    column->addSpacing(12);
    column->addWidget(mosaic_, 1);
    auto* outer = new QGridLayout(this);
    outer->setColumnStretch(0, 1);
    outer->setColumnStretch(1, 3);
    outer->setColumnStretch(2, 1);
    outer->setRowMinimumHeight(0, 80);
    outer->addLayout(column, 1, 1);
}

void LoadPage::begin(const QString& place) {
    title_->setText(tr("Opening %1").arg(place));
    mosaic_->setImages({});
    showState({});
}

void LoadPage::showState(const LoadState& state) {
    const QLocale locale;
    const auto number = [&](std::size_t value) { return locale.toString(static_cast<qulonglong>(value)); };
    if (state.phase == LoadPhase::Scanning) {
        progress_->setRange(0, 0);
        counts_->setText(tr("Looking for images: %1 found").arg(number(state.found)));
        return;
    }
    progress_->setRange(0, static_cast<int>(state.found));
    progress_->setValue(static_cast<int>(state.decoded + state.skipped));
    QString text = tr("%1 of %2 images read, %3 images/s")
                       .arg(number(state.decoded), number(state.found))
                       .arg(number(static_cast<std::size_t>(state.imagesPerSecond)));
    if (state.dataSet && state.dataSet->fromCache)
        text = tr("%1 images from the image cache").arg(number(state.decoded));
    if (state.skipped > 0) text += tr(", %1 unreadable").arg(number(state.skipped));
    counts_->setText(text);
    mosaic_->setImages(state.preview);
}

}  // namespace embedscope
