// Labels that are changed by hand on the page of a run.
#include "ui/agreement_follower.h"
#include "ui/inspector/class_matrix.h"
#include "ui/inspector/gallery_panel.h"
#include "ui/inspector/sample_panel.h"
#include "ui/inspector/thumbnail_grid.h"
#include "ui/inspector/watch_panel.h"
#include "ui/mark_book.h"
#include "ui/scatter/class_legend.h"
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/relabel_menu.h"
#include "ui/shown_labels.h"
#include "ui/work_view.h"

#include <QLocale>
#include <QMenu>

#include <algorithm>
#include <utility>

namespace embedscope {

void WorkView::connectLabels() {
    view_->setRelabelling(true);
    connect(view_, &EmbeddingView::relabelRequested, this, &WorkView::relabel);
    connect(gallery_->grid(), &ThumbnailGrid::menuRequested, this, &WorkView::showGalleryMenu);
    connect(book_, &MarkBook::changed, this, &WorkView::showLabels);
    connect(book_, &MarkBook::edited, this, [this] { view_->recordMarkStep(book_->place()); });
    connect(book_, &MarkBook::begun, this, [this] { view_->setMarkStep(0); });
    connect(view_, &EmbeddingView::markStepUndone, this, &WorkView::goToMarks);
}

void WorkView::goToMarks(std::size_t step) {
    const bool back = step < book_->place();
    book_->goTo(step);
    Q_EMIT told(back ? tr("What was marked last is taken back; Ctrl+Shift+Z marks it again.")
                     : tr("It is marked again; Ctrl+Z takes it back."));
}

void WorkView::relabel(const std::vector<int>& samples, int label) {
    if (!book_) return;
    Mark mark;
    mark.kind = MarkKind::Label;
    mark.first.assign(samples.begin(), samples.end());
    mark.label = label;
    const std::size_t before = book_->place();
    book_->add(std::move(mark));
    if (book_->place() == before) return;
    const QString has =
        label < 0
            ? tr("no label")
            : tr("the label “%1”").arg(QString::fromStdString(dataSet_->classNames[static_cast<std::size_t>(label)]));
    const auto heldOut = std::ranges::count_if(samples, [this](int sample) {
        return dataSet_->samples[static_cast<std::size_t>(sample)].split == Split::HoldOut;
    });
    const QString text = samples.size() == 1
                             ? tr("The image has %1 now; Ctrl+Z takes it back.").arg(has)
                             : tr("%1 images have %2 now; Ctrl+Z takes it back.")
                                   .arg(QLocale().toString(static_cast<qulonglong>(samples.size())), has);
    Q_EMIT told(heldOut == 0 ? text : text + ' ' + tr("Held-out images measure the training and never enter it."));
}

/// Nothing is forgotten but what was computed from the labels.
void WorkView::showLabels() {
    // While another run begins, the book and the page do not speak of the same images yet.
    if (!dataSet_ || !book_->data() || book_->data()->size() != dataSet_->size()) return;
    const ShownLabels shown = shownLabels(dataSet_, *book_->marks());
    if (!view_->dataSet() || view_->shownLabelsAre(*shown.data)) return;
    view_->setLabels(shown.data);
    view_->setRelabelled(shown.changed);
    legend_->setLabels(*shown.data);
    gallery_->setLabels(shown.data);
    sample_->setLabels(shown.data);
    watch_->setLabels(shown.data);
    classes_->setLabels(shown.data);
    agreement_->setDataSet(shown.data);
    if (newest_) agreement_->follow(newest_->bank);
}

void WorkView::showGalleryMenu(int sample, QPoint place) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto addRelabel = [&](const QString& text, const QString& name, const std::vector<int>& samples) {
        QMenu* relabel = menu->addMenu(text);
        relabel->setObjectName(name);
        fillRelabelMenu(*relabel, view_->dataSet(), samples.size(),
                        [this, samples](int label) { this->relabel(samples, label); });
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
