// What the loss says of single samples on the page of a run.
#include "ui/inspector/pair_lab.h"
#include "ui/inspector/sample_panel.h"
#include "ui/sample_losses.h"
#include "ui/scatter/embedding_view.h"
#include "ui/work_view.h"

namespace embedscope {

void WorkView::connectLosses() {
    losses_ = std::make_unique<SampleLosses>();
    connect(pairs_, &PairLab::lossesRequested, this, &WorkView::lossesRequested);
    connect(view_, &EmbeddingView::colorByChanged, this, [this](ColorBy by) {
        if (by == ColorBy::Loss) view_->setLosses(losses_->means());  // what is known already
    });
}

void WorkView::showTuples(std::shared_ptr<const MinedTuples> tuples) {
    pairs_->showTuples(tuples);
    if (!tuples || !losses_->take(*tuples)) return;
    if (view_->colorBy() == ColorBy::Loss) view_->setLosses(losses_->means());
    showLosses();
}

void WorkView::showLosses() {
    const SampleLosses::Known known = losses_->of(selected_);
    if (known.tuples == 0) return sample_->setLoss({}, {});
    sample_->setLoss(
        tr("loss %1, %2 × the mean").arg(known.mean, 0, 'g', 3).arg(known.share / known.evenShare, 0, 'f', 1),
        tr("<p>Mean loss of the newest mined pairs or triplets that hold this image, of %1 looked at so far. "
           "Its share of the loss of all images that were seen in one: %2 %; if all had as much, %3 %.</p>")
            .arg(known.tuples)
            .arg(100 * known.share, 0, 'g', 2)
            .arg(100 * known.evenShare, 0, 'g', 2));
}

}  // namespace embedscope
