// Labels that are changed by hand on the page of a run.
#include "ui/agreement_follower.h"
#include "ui/inspector/class_matrix.h"
#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/sample_panel.h"
#include "ui/inspector/thumbnail_grid.h"
#include "ui/inspector/watch_panel.h"
#include "ui/label_edits.h"
#include "ui/scatter/class_legend.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/relabel_menu.h"
#include "ui/work_view.h"

#include <QLocale>
#include <QMenu>

namespace embedscope {

void WorkView::connectLabels() {
    labels_ = new LabelEdits(this);
    view_->setRelabelling(true);
    connect(labels_, &LabelEdits::changed, this, &WorkView::showLabels);
    connect(view_, &EmbeddingView::relabelRequested, this, &WorkView::relabel);
    connect(view_, &EmbeddingView::labelEditsUndone, labels_, &LabelEdits::setInEffect);
    connect(gallery_->grid(), &ThumbnailGrid::menuRequested, this, &WorkView::showGalleryMenu);
}

void WorkView::relabel(const std::vector<int>& samples, int label) {
    if (!labels_->relabel(samples, label)) return;
    view_->recordLabelEdits(labels_->inEffect());
    const QString name =
        label < 0 ? tr("no label") : QString::fromStdString(dataSet_->classNames[static_cast<std::size_t>(label)]);
    Q_EMIT told(samples.size() == 1 ? tr("The image has the label “%1” now; Ctrl+Z takes it back.").arg(name)
                                    : tr("%1 images have the label “%2” now; Ctrl+Z takes it back.")
                                          .arg(QLocale().toString(static_cast<qulonglong>(samples.size())), name));
}

/// Nothing is forgotten but what was computed from the labels.
void WorkView::showLabels() {
    const std::shared_ptr<const DataSet> edited = labels_->dataSet();
    if (!edited || edited == view_->dataSet()) return;
    view_->setLabels(edited);
    view_->setRelabelled(labels_->changedSamples());
    legend_->setLabels(*edited);
    gallery_->setLabels(edited);
    sample_->setLabels(edited);
    watch_->setLabels(edited);
    classes_->setDataSet(edited);
    classes_->showBank(bank_);
    agreement_->setDataSet(edited);
    if (newest_) agreement_->follow(newest_->bank);
}

void WorkView::showGalleryMenu(int sample, QPoint place) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto addRelabel = [&](const QString& text, const QString& name, const std::vector<int>& samples) {
        QMenu* relabel = menu->addMenu(text);
        relabel->setObjectName(name);
        fillRelabelMenu(*relabel, view_->dataSet(), [this, samples](int label) { this->relabel(samples, label); });
    };
    addRelabel(tr("Relabel this image"), "gallery_relabel", {sample});
    addRelabel(tr("Relabel all %1").arg(QLocale().toString(static_cast<qulonglong>(view_->selection().size()))),
               "gallery_relabel_all", view_->selection());
    menu->addSeparator();
    menu->addAction(tr("Select only this image"), this, [this, sample] { view_->setSelection({sample}); });
    menu->addAction(tr("Take this image out of the selection"), this, [this, sample] {
        std::vector<int> rest = view_->selection();
        std::erase(rest, sample);
        view_->setSelection(std::move(rest));
    });
    menu->addAction(tr("Pin this image"), this, [this, sample] { watch_->toggle(sample); });
    menu->popup(place);
}

}  // namespace embedscope
