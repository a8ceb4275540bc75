// Selecting many points in the embedding view.
#include "ui/scatter/embedding_view.h"
#include "ui/scatter/overlay.h"

#include <QCursor>
#include <QLabel>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPalette>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kNamedClasses = 4;

/// "143 selected: 100 coat, 28 shirt, 9 dress, 6 of 2 other classes".
QString describe(const DataSet& data, const std::vector<int>& samples) {
    std::vector<std::pair<std::size_t, int>> counts(data.classNames.size() + 1);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i].second = static_cast<int>(i) - 1;
    for (const int sample : samples)
        ++counts[static_cast<std::size_t>(data.samples[static_cast<std::size_t>(sample)].label + 1)].first;
    std::erase_if(counts, [](const auto& each) { return each.first == 0; });
    std::ranges::stable_sort(counts, std::ranges::greater{}, &std::pair<std::size_t, int>::first);
    const std::size_t named = counts.size() <= kNamedClasses ? counts.size() : kNamedClasses - 1;
    const auto number = [](std::size_t count) { return QLocale().toString(static_cast<qulonglong>(count)); };
    QStringList parts;
    std::size_t rest = samples.size();
    for (const auto& [count, label] : std::span(counts).first(named)) {
        rest -= count;
        parts << number(count) + ' ' +
                     (label < 0 ? QObject::tr("unlabelled")
                                : QString::fromStdString(data.classNames[static_cast<std::size_t>(label)]));
    }
    if (rest > 0) parts << QObject::tr("%1 of %2 other classes").arg(number(rest), number(counts.size() - named));
    return QObject::tr("%1 selected: %2").arg(number(samples.size()), parts.join(", "));
}

void makeRising(std::vector<int>& samples) {
    std::ranges::sort(samples);
    const auto repeated = std::ranges::unique(samples);
    samples.erase(repeated.begin(), repeated.end());
}

constexpr std::size_t kMostRings = 2000;  // of selected points; more only make the picture dark

}  // namespace

void EmbeddingView::setSelection(std::vector<int> samples) {
    makeRising(samples);
    setPicked({std::move(samples), picked_.hidden, picked_.markStep});
}

void EmbeddingView::setHiddenSamples(std::vector<int> samples) {
    makeRising(samples);
    setPicked({picked_.selected, std::move(samples), picked_.markStep});
}

void EmbeddingView::setPicked(PickedSamples picked) {
    if (picked == picked_) return;
    history_.record(picked_);
    applyPicked(std::move(picked));
}

void EmbeddingView::applyPicked(PickedSamples picked) {
    const PickedSamples before = std::exchange(picked_, std::move(picked));
    if (before == picked_) return;
    applyVisibility();
    describeSelection();
    if (before.selected != picked_.selected) Q_EMIT selectionChanged();
    if (before.hidden != picked_.hidden) Q_EMIT hiddenChanged();
    if (before.markStep == picked_.markStep) return;
    Q_EMIT markStepUndone(picked_.markStep);
    Q_EMIT labelsChanged();  // there is something to do again
}

void EmbeddingView::describeSelection() {
    selectionNote_->setVisible(!picked_.selected.empty());
    if (!picked_.selected.empty()) selectionNote_->setText(describe(*data_, picked_.selected));
    selectionNote_->adjustSize();
}

bool EmbeddingView::shownLabelsAre(const DataSet& other) const {
    return data_ && std::ranges::equal(data_->samples, other.samples, {}, &Sample::label, &Sample::label);
}

void EmbeddingView::setLabels(std::shared_ptr<const DataSet> relabelled) {
    if (!data_ || relabelled == data_) return;
    data_ = std::move(relabelled);
    recolor();
    describeSelection();
    Q_EMIT labelsChanged();
}

void EmbeddingView::recordMarkStep(std::size_t step) {
    if (step == picked_.markStep) return;  // it comes from here
    history_.record(picked_);
    picked_.markStep = step;
    Q_EMIT labelsChanged();  // there is something to undo
}

void EmbeddingView::undoSelection() {
    if (history_.canUndo()) applyPicked(history_.undo(picked_));
}

void EmbeddingView::redoSelection() {
    if (history_.canRedo()) applyPicked(history_.redo(picked_));
}

void EmbeddingView::setRestGreyed(bool greyed) {
    greysRest_ = greyed;
    applyVisibility();
    refresh();
}

void EmbeddingView::setSelectionTool(SelectionTool tool) {
    if (tool == tool_) return;
    tool_ = tool;
    if (tool != SelectionTool::Move) shape_ = tool;
    setCursor(idleCursor());
    Q_EMIT selectionToolChanged(tool);
}

QCursor EmbeddingView::idleCursor() const {
    if (tool_ == SelectionTool::Brush) return brushCursor(brush_, palette().color(QPalette::Text));
    return tool_ == SelectionTool::Move ? Qt::ArrowCursor : Qt::CrossCursor;
}

void EmbeddingView::beginSelecting(QMouseEvent* event) {
    const bool selects = tool_ != SelectionTool::Move || event->modifiers() & Qt::ShiftModifier;
    if (!layout_ || event->button() != Qt::LeftButton || !selects) return;
    if (shape_ == SelectionTool::Brush)
        brush_.begin(event->position());
    else
        lasso_.begin(event->position(), shape_ == SelectionTool::Rectangle);
}

/// What has waited for it is shown.
void EmbeddingView::endDrawing() {
    lasso_.end();
    brush_.end();
    if (held_) showLayout(std::exchange(held_, nullptr));
}

void EmbeddingView::dropDrawing() {
    if (!isDrawing()) return;
    endDrawing();
    setCursor(idleCursor());
    refresh();
}

/// Ctrl takes away, Shift adds, and without a key the selection is replaced.
void EmbeddingView::endSelecting(Qt::KeyboardModifiers modifiers) {
    const SeenPoints now = seen();
    const std::vector<std::size_t> indices =
        brush_.isActive() ? rowsUnder(now.points, frame(), brush_) : rowsInside(now.points, frame(), lasso_.outline());
    std::vector<int> found, result;
    for (const std::size_t index : indices) found.push_back((*layout_->samples)[now.rowOf(index)]);
    std::ranges::sort(found);
    if (modifiers & Qt::ControlModifier)
        std::ranges::set_difference(picked_.selected, found, std::back_inserter(result));
    else if (modifiers & Qt::ShiftModifier)
        std::ranges::set_union(picked_.selected, found, std::back_inserter(result));
    else
        result = std::move(found);
    endDrawing();
    refresh();
    setSelection(std::move(result));
}

void EmbeddingView::toggleSelected(int sample) {
    const std::vector<int> one{sample};
    std::vector<int> result;
    std::ranges::set_symmetric_difference(picked_.selected, one, std::back_inserter(result));
    setSelection(std::move(result));
}

void EmbeddingView::selectVisible() {
    std::vector<int> samples;
    for (std::size_t row = 0; row < points_.size(); ++row)
        if (!(points_[row].style & kHiddenStyle)) samples.push_back((*layout_->samples)[row]);
    setSelection(std::move(samples));
}

void EmbeddingView::invertSelection() {
    std::vector<int> samples;
    for (std::size_t row = 0; row < points_.size(); ++row)
        if (const int sample = (*layout_->samples)[row];
            !(points_[row].style & kHiddenStyle) && !std::ranges::binary_search(picked_.selected, sample))
            samples.push_back(sample);
    setSelection(std::move(samples));
}

void EmbeddingView::isolateSelection() {
    if (picked_.selected.empty() || !layout_) return;
    std::vector<int> shown = *layout_->samples, others;
    std::ranges::sort(shown);
    std::ranges::set_difference(shown, picked_.selected, std::back_inserter(others));
    setPicked({picked_.selected, std::move(others), picked_.markStep});
}

void EmbeddingView::hideSelection() {
    if (picked_.selected.empty()) return;
    std::vector<int> hidden;
    std::ranges::set_union(picked_.hidden, picked_.selected, std::back_inserter(hidden));
    setPicked({{}, std::move(hidden), picked_.markStep});
}

void EmbeddingView::showHidden() {
    setPicked({picked_.selected, {}, picked_.markStep});
}

void EmbeddingView::fitSelection() {
    const OrbitLens lens(depths_.empty() ? Orbit() : orbit_);
    QRectF box;  // of all of them, where extentOf() leaves outliers out
    bool any = false;
    for (const int sample : picked_.selected) {
        const auto row = rowOf(sample);
        if (!row || points_[*row].style & kHiddenStyle) continue;
        const OrbitLens::Seen place = lens.see(placeNow(*row, 1));
        box = any ? QRectF(QPointF(std::min<double>(box.left(), place.x), std::min<double>(box.top(), place.y)),
                           QPointF(std::max<double>(box.right(), place.x), std::max<double>(box.bottom(), place.y)))
                  : QRectF(QPointF(place.x, place.y), QSizeF());
        any = true;
    }
    if (!any) return;
    Camera camera = camera_;
    camera.fit(box);
    moveCamera(camera);
}

void EmbeddingView::paintSelected(QPainter& painter) const {
    const QColor ink = palette().color(QPalette::Highlight);
    const double radius = frame().radius + 2.5;
    for (std::size_t i = 0; i < std::min(kMostRings, picked_.selected.size()); ++i)
        if (const auto place = screenPositionOf(picked_.selected[i])) paintRing(painter, *place, radius, ink);
}

}  // namespace embedscope
