#include "ui/compare/view_links.h"

#include "ui/scatter/embedding_view.h"

#include <QScopedValueRollback>

#include <algorithm>

namespace embedscope {
namespace {

/// The source's camera for another view: the same zoom and shift against what each fits to, so that views of different
/// scale go together too.
Camera cameraLike(const EmbeddingView& source, const EmbeddingView& view) {
    const Camera from = source.camera(), fromFitted = source.fittedCamera();
    Camera to = view.fittedCamera();
    const QPointF shift = (from.centre - fromFitted.centre) * fromFitted.pixelsPerUnit;
    to.centre += shift / to.pixelsPerUnit;
    to.pixelsPerUnit *= from.pixelsPerUnit / fromFitted.pixelsPerUnit;
    return to;
}

}  // namespace

ViewLinks::ViewLinks(QObject* parent) : QObject(parent) {}

void ViewLinks::setViews(const std::vector<EmbeddingView*>& views) {
    for (EmbeddingView* view : views_)
        if (std::ranges::find(views, view) == views.end()) disconnect(view, nullptr, this, nullptr);
    for (EmbeddingView* view : views)
        if (std::ranges::find(views_, view) == views_.end()) connectView(*view);
    views_ = views;
}

void ViewLinks::connectView(EmbeddingView& view) {
    connect(&view, &EmbeddingView::cameraMoved, this, [this, &view] { passCamera(view); });
    connect(&view, &EmbeddingView::turned, this, [this, &view] { passTurn(view); });
    connect(&view, &EmbeddingView::cameraFitted, this, [this, &view] { passFit(view); });
    connect(&view, &EmbeddingView::lookedFrom, this, [this, &view] { passSide(view); });
    connect(&view, &EmbeddingView::selectionChanged, this, [this, &view] { passSelection(view); });
    connect(&view, &EmbeddingView::hiddenChanged, this, [this, &view] { passHidden(view); });
    connect(&view, &EmbeddingView::sampleClicked, this, [this, &view](int sample) { passClick(view, sample); });
    connect(&view, &EmbeddingView::sampleHovered, this, [this, &view](int sample) { passHover(view, sample); });
    connect(&view, &QObject::destroyed, this, [this, gone = &view] { std::erase(views_, gone); });
}

void ViewLinks::setLinked(Link link, bool linked) {
    if (isLinked(link) == linked) return;
    linked_[static_cast<std::size_t>(link)] = linked;
    if (link == Link::Hover && !linked)
        for (EmbeddingView* view : views_) view->setRingedSample(-1);
    Q_EMIT linkChanged(link, linked);
}

template <typename Pass>
void ViewLinks::forOthers(const EmbeddingView& source, Pass pass) {
    if (passing_) return;  // a view that is told something tells it on
    const QScopedValueRollback guard(passing_, true);
    for (EmbeddingView* view : views_)
        if (view != &source) pass(*view);
}

void ViewLinks::passCamera(const EmbeddingView& source) {
    if (!isLinked(Link::Camera)) return;
    forOthers(source, [&source](EmbeddingView& view) { view.setCamera(cameraLike(source, view)); });
}

void ViewLinks::passTurn(const EmbeddingView& source) {
    if (!isLinked(Link::Camera)) return;
    forOthers(source, [&source](EmbeddingView& view) { view.setTurn(source.turn()); });
}

void ViewLinks::passSide(const EmbeddingView& source) {
    if (!isLinked(Link::Camera)) return;
    forOthers(source, [&source](EmbeddingView& view) { view.lookFrom(source.turn()); });
}

void ViewLinks::passFit(const EmbeddingView& source) {
    if (!isLinked(Link::Camera)) return;
    forOthers(source, [](EmbeddingView& view) { view.fitAll(); });
}

void ViewLinks::passSelection(const EmbeddingView& source) {
    if (!isLinked(Link::Selection)) return;
    forOthers(source, [&source](EmbeddingView& view) { view.setSelection(source.selection()); });
}

void ViewLinks::passHidden(const EmbeddingView& source) {
    if (!isLinked(Link::Selection)) return;
    forOthers(source, [&source](EmbeddingView& view) { view.setHiddenSamples(source.hiddenSamples()); });
}

/// A click rings the sample in its own view too: the view leaves that to whoever listens.
void ViewLinks::passClick(const EmbeddingView& source, int sample) {
    for (EmbeddingView* view : views_)
        if (view == &source || isLinked(Link::Selection)) view->setSelectedSample(sample);
}

void ViewLinks::passHover(const EmbeddingView& source, int sample) {
    if (!isLinked(Link::Hover)) return;
    forOthers(source, [sample](EmbeddingView& view) { view.setRingedSample(sample); });
}

}  // namespace embedscope
