#include "ui/gallery_window.h"

#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/thumbnail_grid.h"
#include "ui/scatter/embedding_view.h"

#include <QVBoxLayout>

namespace embedscope {

GalleryWindow::GalleryWindow(QWidget* parent) : QDialog(parent), panel_(new GalleryPanel) {
    setObjectName("gallery_window");
    setWindowTitle(tr("Gallery"));
    resize(520, 620);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(panel_);
    ThumbnailGrid* grid = panel_->grid();
    connect(grid, &ThumbnailGrid::sampleHovered, this, [this](int sample) {
        if (view_) view_->setRingedSample(sample);
    });
    connect(grid, &ThumbnailGrid::sampleActivated, this, [this](int sample) {
        if (view_) Q_EMIT view_->sampleClicked(sample);
    });
}

void GalleryWindow::follow(EmbeddingView* view) {
    if (view == view_) return;
    if (view_) disconnect(view_, nullptr, this, nullptr);
    view_ = view;
    if (view_) {
        connect(view_, &EmbeddingView::selectionChanged, this, &GalleryWindow::showSelection);
        connect(view_, &EmbeddingView::sampleHovered, panel_->grid(), &ThumbnailGrid::setRingedSample);
        connect(view_, &EmbeddingView::dataSetChanged, this, [this] {
            panel_->setDataSet(view_->dataSet());
            showSelection();
        });
    }
    panel_->setDataSet(view_ ? view_->dataSet() : nullptr);
    showSelection();
}

void GalleryWindow::showSelection() {
    panel_->setSamples(view_ ? view_->selection() : std::vector<int>());
}

}  // namespace embedscope
