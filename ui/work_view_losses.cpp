// What the loss says of single samples on the page of a run.
#include "ui/inspector/pair_lab.h"
#include "ui/inspector/sample_panel.h"
#include "ui/sample_losses.h"
#include "ui/scatter/embedding_view.h"
#include "ui/work_view.h"

#include <QLocale>

namespace embedscope {

void WorkView::connectLosses() {
    losses_ = std::make_unique<SampleLosses>();
    connect(pairs_, &PairLab::lossesRequested, this, &WorkView::lossesRequested);
    connect(view_, &EmbeddingView::colorByChanged, this, [this](ColorBy by) {
        if (by == ColorBy::Loss) view_->setLosses(losses_->means(), losses_->step());  // what is known already
    });
}

void WorkView::showTuples(std::shared_ptr<const MinedTuples> tuples) {
    pairs_->showTuples(tuples);
    if (!tuples || !losses_->take(*tuples)) return;
    if (view_->colorBy() == ColorBy::Loss) view_->setLosses(losses_->means(), losses_->step());
    showLosses();
}

/// Losses are not recorded: beside a frame of the past they say of when they are, on the same line.
void WorkView::showLosses() {
    const SampleLosses::Known known = losses_->of(selected_);
    const auto number = [](std::int64_t step) { return QLocale().toString(static_cast<qlonglong>(step)); };
    const RecordedFrame* past = timeline_->chosen();
    const QString when = past ? tr(", not %1").arg(number(past->step)) : QString();
    const QString beside = past ? tr("<p>Of now: the picture shows step %1.</p>").arg(number(past->step)) : QString();
    if (selected_ < 0 || losses_->step() < 0) return sample_->setLoss({}, {});
    if (known.tuples == 0) {
        const bool heldOut = dataSet_->samples[static_cast<std::size_t>(selected_)].split == Split::HoldOut;
        return heldOut ? sample_->setLoss(tr("no loss: held out"), tr("<p>Held-out images only measure.</p>"))
                       : sample_->setLoss(tr("no loss up to step %1").arg(number(losses_->step())) + when,
                                          tr("<p>None of the mined pairs or triplets that were looked at so far held "
                                             "this image.</p>") +
                                              beside);
    }
    sample_->setLoss(
        tr("loss %1, %2 × the mean, last mined at step %3")
                .arg(known.mean, 0, 'g', 3)
                .arg(known.share / known.evenShare, 0, 'f', 1)
                .arg(number(known.step)) +
            when,
        tr("<p>Mean loss of the newest mined pairs or triplets that hold this image, of %1 looked at so far. "
           "Its share of the loss of all images that were seen in one: %2 %; if all had as much, %3 %.</p>")
                .arg(known.tuples)
                .arg(100 * known.share, 0, 'g', 2)
                .arg(100 * known.evenShare, 0, 'g', 2) +
            beside);
}

}  // namespace embedscope
