// Runs that come from others: duplicated, forked, or begun anew with other settings.
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/compare/time_bar.h"
#include "ui/compare/twin_dialog.h"

#include <cmath>

namespace embedscope {

void ComparisonPage::duplicate() {
    if (current_ < panes_.size()) duplicate(current_);
}

void ComparisonPage::duplicate(std::size_t run) {
    const Comparison& comparison = controller_->comparison();
    if (comparison.runs.size() >= kMostPanes) {
        Q_EMIT failed(tr("There is room for %1 runs side by side; remove one first.").arg(kMostPanes));
        return;
    }
    const QString name = QString::fromStdString(comparison.runs[run].name);
    ComparedRun twin{freeRunName(comparison, comparison.runs[run].name), comparison.runs[run].experiment, std::nullopt};
    const TwinDialog::Texts texts{
        tr("Duplicate “%1”").arg(name),
        tr("A twin of “%1”: the same first weights, batches and random changes of the images. "
           "What you change here is what differs.")
            .arg(name),
        tr("Add to the comparison")};
    auto* dialog = new TwinDialog(
        texts, std::move(twin), controller_->images(),
        [this](ComparedRun added) { controller_->add(std::move(added)); }, this);
    dialog->open();
}

void ComparisonPage::edit(std::size_t run) {
    const ComparedRun& now = controller_->comparison().runs[run];
    const TwinDialog::Texts texts{tr("Change “%1”").arg(QString::fromStdString(now.name)),
                                  tr("The run starts from the beginning with the new settings."), tr("Start over")};
    auto* dialog = new TwinDialog(
        texts, now, controller_->images(),
        [this, run](ComparedRun changed) {
            if (run < controller_->size()) controller_->change(run, std::move(changed));
        },
        this);
    dialog->open();
}

/// The newest one that is not later than what is shown.
std::shared_ptr<const Checkpoint> ComparisonPage::checkpointShown(std::size_t run) const {
    const auto momentOf = [axis = time_->axis()](const Checkpoint& checkpoint) {
        if (axis == TimeAxis::Epoch) return checkpoint.epoch();
        return axis == TimeAxis::Seconds ? checkpoint.seconds : static_cast<double>(checkpoint.step);
    };
    std::shared_ptr<const Checkpoint> newest;
    for (const auto& checkpoint : controller_->run(run)->checkpoints())
        if (!time_->moment() || momentOf(*checkpoint) <= *time_->moment()) newest = checkpoint;
    return newest;
}

/// Where a fork really begins, and why not at the moment that is shown.
QString ComparisonPage::forkOrigin(std::size_t run, const Checkpoint& from) const {
    const QString name = QString::fromStdString(controller_->comparison().runs[run].name);
    const QString origin =
        tr("Goes on from step %1 of “%2” (epoch %3)").arg(from.step).arg(name).arg(from.epoch(), 0, 'f', 2);
    const std::shared_ptr<const Snapshot> now = controller_->run(run)->snapshot();
    const auto moment = time_->moment();
    std::int64_t shown = now ? now->step : from.step;
    if (moment && time_->axis() == TimeAxis::Step) shown = std::llround(*moment);
    if (moment && time_->axis() == TimeAxis::Epoch)
        shown = std::llround(*moment * static_cast<double>(from.stepsPerEpoch));
    const bool bySeconds = moment && time_->axis() == TimeAxis::Seconds;
    if (!bySeconds && shown <= from.step) return origin + '.';
    const QString kept =
        tr("of the steps before it none that is nearer is held: a run holds its state ten times an epoch, "
           "seldomer the longer it lasts, and at its last pause.");
    const QString sentence = bySeconds
                                 ? tr("%1, not from the very moment that is shown: %2").arg(origin, kept)
                                 : tr("%1, not from step %2, which is shown: %3").arg(origin).arg(shown).arg(kept);
    return moment ? sentence : sentence + ' ' + tr("Pause the run first to fork it where it stands.");
}

void ComparisonPage::fork(std::size_t run) {
    const Comparison& comparison = controller_->comparison();
    const QString name = QString::fromStdString(comparison.runs[run].name);
    const std::shared_ptr<const Checkpoint> from = checkpointShown(run);
    if (!from || comparison.runs.size() >= kMostPanes) {
        Q_EMIT failed(from
                          ? tr("There is room for %1 runs side by side; remove one first.").arg(kMostPanes)
                          : tr("“%1” holds its state ten times an epoch and when it is paused, and has none yet of the "
                               "moment that is shown or before it.")
                                .arg(name));
        return;
    }
    ComparedRun twig{freeRunName(comparison, comparison.runs[run].name), from->settings, std::nullopt};
    const TwinDialog::Texts texts{
        tr("Fork “%1” at step %2").arg(name).arg(from->step),
        forkOrigin(run, *from) + ' ' +
            tr("Loss, mining, random changes, optimiser, learning rate and epochs may differ; encoder, images and seed "
               "stay."),
        tr("Fork")};
    auto* dialog = new TwinDialog(
        texts, std::move(twig), controller_->images(),
        [this, run, from](ComparedRun added) {
            if (run < controller_->size()) controller_->fork(run, std::move(added), from);
        },
        this);
    dialog->open();
}

}  // namespace embedscope
