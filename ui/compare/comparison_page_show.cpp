// What the panes of a comparison show, now or at an earlier moment.
#include "ui/charts/distance_panel.h"
#include "ui/charts/run_colors.h"
#include "ui/compare/comparison_controller.h"
#include "ui/compare/comparison_page.h"
#include "ui/compare/comparison_pane.h"
#include "ui/compare/comparison_results.h"
#include "ui/compare/layout_history.h"
#include "ui/compare/link_bar.h"
#include "ui/compare/time_bar.h"
#include "ui/compare/view_links.h"
#include "ui/plural.h"
#include "ui/scatter/embedding_view.h"

#include <QBuffer>
#include <QImage>

#include <algorithm>

namespace embedscope {
namespace {

/// "Margin 0.5 · Miner All pairs"
QString differsText(const std::vector<SettingDifference>& differences, std::size_t run) {
    QStringList parts;
    for (const SettingDifference& difference : differences)
        if (difference.id != "name" && !difference.values[run].empty())
            parts << QString::fromStdString(difference.label) + ' ' + QString::fromStdString(difference.values[run]);
    return parts.join("  ·  ");
}

constexpr QSize kReportPicture(900, 640);
constexpr double kTallest = 3;  // histograms beside the middle one of their heights

/// Empty for a view that shows nothing yet.
std::vector<std::uint8_t> pngOf(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!image.isNull() && buffer.open(QBuffer::WriteOnly)) image.save(&buffer, "PNG");
    return {bytes.begin(), bytes.end()};
}

}  // namespace

ComparisonReport ComparisonPage::report() const {
    ComparisonReport report;
    report.comparison = controller_->comparison();
    report.rows = controller_->rows();
    for (std::size_t run = 0; run < panes_.size(); ++run) {
        const std::shared_ptr<const Snapshot> snapshot = controller_->run(run)->snapshot();
        report.remarks.push_back(snapshot && snapshot->phase == RunPhase::Failed ? snapshot->message : std::string());
        report.pictures.push_back(pngOf(view(run)->picture(kReportPicture)));
    }
    if (const auto images = controller_->images())
        report.images = tr("%1: %2 in %3, %4×%5 pixels")
                            .arg(QString::fromStdString(images->name))
                            .arg(amount(images->size(), tr("image"), tr("images")))
                            .arg(amount(images->classNames.size(), tr("class"), tr("classes")))
                            .arg(images->shape.width)
                            .arg(images->shape.height)
                            .toStdString();
    return report;
}

std::vector<QColor> ComparisonPage::colors() const {
    const bool dark = palette().color(QPalette::Base).lightnessF() < 0.5;
    std::vector<QColor> colors;
    for (std::size_t run = 0; run < controller_->size(); ++run) colors.push_back(runColor(run, dark));
    return colors;
}

void ComparisonPage::showHeads() {
    const Comparison& comparison = controller_->comparison();
    const std::vector<SettingDifference> found = differences(comparison);
    const std::vector<QColor> inks = colors();
    QStringList names;
    for (std::size_t run = 0; run < panes_.size(); ++run) {
        const ComparedRun& compared = comparison.runs[run];
        PaneHead head{QString::fromStdString(compared.name), differsText(found, run), {}, inks[run]};
        if (compared.fork)
            head.origin = tr("from %1 at step %2")
                              .arg(QString::fromStdString(comparison.runs[compared.fork->parent].name))
                              .arg(compared.fork->step);
        panes_[run].widget->setHead(head);
        if (controller_->isWaiting(run))
            panes_[run].widget->showWaiting(
                tr("waits until %1 has come to step %2")
                    .arg(QString::fromStdString(comparison.runs[compared.fork->parent].name))
                    .arg(compared.fork->step));
        panes_[run].widget->setRemovable(controller_->canRemove(run));
        names << head.name;
    }
    linkBar_->setRuns(names);
}

std::vector<std::shared_ptr<const Layout>> ComparisonPage::layoutsNow() const {
    std::vector<std::shared_ptr<const Layout>> layouts;
    for (const Pane& pane : panes_) {
        const RecordedFrame* frame = time_->moment() ? pane.history->at(time_->axis(), *time_->moment()) : nullptr;
        layouts.push_back(frame ? frame->layout : pane.newest);
    }
    return layouts;
}

void ComparisonPage::showPictures() {
    const bool linked = links_->isLinked(Link::Axes);
    const std::vector<std::shared_ptr<const Layout>> own = layoutsNow();
    const std::vector<std::shared_ptr<const Layout>> shown = linked ? frame_.aligned(own) : own;
    for (std::size_t i = 0; i < panes_.size(); ++i) {
        if (!shown[i] || view(i)->newestLayout() == shown[i]) continue;
        showProxies(i, shown[i]);
        view(i)->showLayout(shown[i]);
    }
    showAxes();
    showDistances();
    showArrows();
    showTime();
}

/// Proxies are known for now only.
void ComparisonPage::showProxies(std::size_t pane, std::shared_ptr<const Layout> layout) {
    const std::shared_ptr<const Snapshot> snapshot = controller_->run(pane)->snapshot();
    const bool live = layout->bank && snapshot;
    panes_[pane].widget->showProxies(live ? snapshot->proxies : nullptr, std::move(layout));
}

/// In space all turn around one pivot; it moves only as far as can be seen, so that no pane sways with every frame.
void ComparisonPage::showPivot() {
    std::vector<SpaceExtent> own;
    if (links_->isLinked(Link::Axes))
        for (const Pane& pane : panes_)
            if (pane.widget->view()->isInSpace()) own.push_back(pane.widget->view()->ownSpace());
    const std::optional<SpaceExtent> all = own.empty() ? std::nullopt : std::optional(united(own));
    if (!all || !pivot_ || !isNear(*pivot_, *all)) pivot_ = all;
    for (const Pane& pane : panes_) pane.widget->view()->setSharedSpace(pivot_);
}

void ComparisonPage::showAxes() {
    showPivot();
    std::optional<QRectF> extent;
    if (links_->isLinked(Link::Axes))
        for (const Pane& pane : panes_)
            if (pane.widget->view()->shownLayout()) {
                const QRectF own = pane.widget->view()->ownExtent();
                extent = extent ? extent->united(own) : own;
            }
    for (const Pane& pane : panes_) pane.widget->view()->setSharedExtent(extent);
}

void ComparisonPage::showDistances() {
    if (!linkBar_->areDistancesShown()) return;
    DistanceAxes widest;
    std::vector<double> heights;
    for (std::size_t i = 0; i < panes_.size(); ++i) {
        DistancePanel* distances = panes_[i].widget->distances();
        const RecordedFrame* frame = time_->moment() ? panes_[i].history->at(time_->axis(), *time_->moment()) : nullptr;
        if (frame)
            distances->showDistances(frame->distances, frame->margin);
        else if (const auto snapshot = controller_->run(i)->snapshot())
            distances->showSnapshot(*snapshot);
        const DistanceAxes own = distances->ownAxes();
        widest = {std::max(widest.right, own.right), std::max(widest.highest, own.highest)};
        if (own.highest > 0) heights.push_back(own.highest);
    }
    // The spike of an embedding that collapsed is cut, or the others would be flat.
    if (!heights.empty()) {
        std::ranges::sort(heights);
        widest.highest = std::min(widest.highest, kTallest * heights[(heights.size() - 1) / 2]);
    }
    // It grows at once and shrinks only when half of it is empty: a scale that trembles cannot be read.
    if (widest.highest > 0.95 * distanceHeight_ || widest.highest < 0.5 * distanceHeight_)
        distanceHeight_ = std::max(1.2 * widest.highest, 0.1);
    widest.highest = distanceHeight_;
    const bool share = links_->isLinked(Link::Axes) && widest.right > 0;
    for (const Pane& pane : panes_)
        pane.widget->distances()->setSharedAxes(share ? std::optional(widest) : std::nullopt);
}

void ComparisonPage::showArrows() {
    const std::optional<ArrowChoice> choice = linkBar_->arrows();
    for (std::size_t i = 0; i < panes_.size(); ++i) {
        const bool ends = choice && choice->to == i && choice->from < panes_.size();
        view(i)->setArrowsFrom(ends ? view(choice->from)->shownLayout() : nullptr);
    }
}

void ComparisonPage::showTime() {
    double last = 0;
    for (const Pane& pane : panes_)
        if (!pane.history->frames().empty()) last = std::max(last, pane.history->frames().back().at(time_->axis()));
    time_->setLast(last);
}

std::vector<Branch> ComparisonPage::branches() const {
    const Comparison& comparison = controller_->comparison();
    const std::vector<SettingDifference> found = differences(comparison);
    const std::vector<QColor> inks = colors();
    std::vector<Branch> all;
    for (std::size_t run = 0; run < controller_->size(); ++run) {
        const ComparedRun& compared = comparison.runs[run];
        Branch branch{QString::fromStdString(compared.name), differsText(found, run), inks[run], {}};
        if (compared.fork) {
            branch.parent = compared.fork->parent;
            branch.begin = branch.now = compared.fork->step;
        }
        const std::shared_ptr<const Snapshot> snapshot = controller_->run(run)->snapshot();
        if (snapshot && !controller_->isWaiting(run)) {
            branch.now = std::max(branch.begin, snapshot->step);
            branch.end = snapshot->epochs * snapshot->stepsPerEpoch;
        }
        all.push_back(std::move(branch));
    }
    return all;
}

void ComparisonPage::showResults() {
    if (panes_.empty()) return;
    const Comparison& comparison = controller_->comparison();
    Histories histories;
    for (std::size_t run = 0; run < controller_->size(); ++run) {
        const std::shared_ptr<const Snapshot> snapshot = controller_->run(run)->snapshot();
        histories.push_back(snapshot ? snapshot->history : nullptr);
    }
    results_->show(comparison, controller_->rows(), colors());
    results_->showCurves(comparison, histories, colors(), time_->axis(), time_->axisLabel());
    results_->tree()->showBranches(branches());
}

}  // namespace embedscope
