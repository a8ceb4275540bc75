#include "ui/view_actions.h"

#include "ui/scatter/embedding_view.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>

#include <algorithm>
#include <numbers>
#include <utility>

namespace embedscope {

template <typename Act>
void ViewActions::forAll(Act act) const {
    for (const QPointer<EmbeddingView>& view : views_)
        if (view) act(*view);
}

ViewActions::ViewActions(QWidget* window) : QObject(window), window_(window) {
    makeColors();
    makePictures();
    makeSpace();
    makeShapes();
    names_ = add("view_names", tr("Names of the classes"), tr("Each class's name in the middle of its points"));
    names_->setShortcut(QKeySequence("Ctrl+Shift+N"));
    names_->setCheckable(true);
    connect(names_, &QAction::triggered, this,
            [this](bool shown) { forAll([shown](EmbeddingView& view) { view.setClassNamesVisible(shown); }); });
    showState();
}

QAction* ViewActions::add(const QString& name, const QString& text, const QString& help) {
    auto* action = new QAction(text, window_);
    action->setObjectName(name);
    action->setToolTip(help);
    actions_.push_back(action);
    return action;
}

void ViewActions::makeColors() {
    colors_ = new QActionGroup(this);
    for (const ColorChoice& choice : colorChoices()) {
        QAction* action =
            add(QString("color_by_%1").arg(choice.id), QCoreApplication::translate("colors", choice.label),
                QCoreApplication::translate("colors", choice.help));
        action->setCheckable(true);
        action->setData(static_cast<int>(choice.by));
        colors_->addAction(action);
    }
    connect(colors_, &QActionGroup::triggered, this, [this](QAction* action) {
        const auto column = std::ranges::find(columns_, action);
        forAll([&](EmbeddingView& view) {
            if (column == columns_.end())
                view.setColorBy(static_cast<ColorBy>(action->data().toInt()));
            else
                view.setColorByColumn(static_cast<std::size_t>(column - columns_.begin()));
        });
    });
    movedFrom_ = add("movement_from_here", tr("Measure movement from the step shown"),
                     tr("Colours the points by how far they come from where they are now"));
}

/// What the manifest says of its images beside path, label and split.
void ViewActions::makeColumns() {
    const auto columns = view_ ? view_->columns() : nullptr;
    if (columns_.empty() && (!columns || columns->empty())) return;
    for (QAction* action : std::exchange(columns_, {})) delete action;
    for (std::size_t i = 0; columns && i < columns->size(); ++i) {
        const QString name = QString::fromStdString((*columns)[i].name);
        auto* action = new QAction(QString(name).replace('&', "&&"), this);
        action->setObjectName("color_by_column_" + name);
        action->setToolTip(tr("The column “%1” of the manifest").arg(name));
        action->setCheckable(true);
        colors_->addAction(action);
        columns_.push_back(action);
    }
    Q_EMIT colorsChanged();
    showState();
}

void ViewActions::makePictures() {
    struct Mode {
        PictureMode mode;
        const char* name;
        QString text, help;
    };
    const Mode modes[] = {{PictureMode::Points, "pictures_never", tr("Points"), tr("Points only")},
                          {PictureMode::UpClose, "pictures_close", tr("Pictures up close"),
                           tr("Where few points are in view they are drawn as their pictures")},
                          {PictureMode::Always, "pictures_always", tr("Pictures"),
                           tr("Pictures everywhere; where points crowd, one stands for its neighbours")}};
    pictures_ = new QActionGroup(this);
    for (const Mode& mode : modes) {
        QAction* action = add(mode.name, mode.text, mode.help);
        action->setCheckable(true);
        action->setData(static_cast<int>(mode.mode));
        pictures_->addAction(action);
    }
    connect(pictures_, &QActionGroup::triggered, this, [this](QAction* action) {
        forAll(
            [action](EmbeddingView& view) { view.setPictureMode(static_cast<PictureMode>(action->data().toInt())); });
    });
}

void ViewActions::makeShapes() {
    struct Kind {
        ClassOutline outline;
        const char* name;
        QString text, help;
    };
    const Kind kinds[] = {
        {ClassOutline::None, "outline_none", tr("No outlines"), tr("The points alone")},
        {ClassOutline::Ellipse, "outline_ellipse", tr("Ellipses around the classes"),
         tr("Two standard deviations of each class, on the map")},
        {ClassOutline::Hull, "outline_hull", tr("Hulls around the classes"),
         tr("Around the 95 % of each class that lie nearest to its median, so that a stray point does not count")}};
    outlines_ = new QActionGroup(this);
    for (const Kind& kind : kinds) {
        QAction* action = add(kind.name, kind.text, kind.help);
        action->setCheckable(true);
        action->setData(static_cast<int>(kind.outline));
        outlines_->addAction(action);
    }
    connect(outlines_, &QActionGroup::triggered, this, [this](QAction* action) {
        forAll(
            [action](EmbeddingView& view) { view.setClassOutline(static_cast<ClassOutline>(action->data().toInt())); });
    });
    contours_ = add("view_contours", tr("Density contours"),
                    tr("Lines of equal density of the points, or of the selected ones where the rest is grey"));
    contours_->setCheckable(true);
    connect(contours_, &QAction::triggered, this,
            [this](bool shown) { forAll([shown](EmbeddingView& view) { view.setContoursVisible(shown); }); });
}

void ViewActions::makeSpace() {
    perspective_ =
        add("view_perspective", tr("Perspective"), tr("In space near points look larger; without it lengths compare"));
    perspective_->setCheckable(true);
    perspective_->setShortcut(QKeySequence("O"));
    connect(perspective_, &QAction::triggered, this,
            [this](bool on) { forAll([on](EmbeddingView& view) { view.setPerspective(on); }); });
    constexpr float kQuarter = std::numbers::pi_v<float> / 2;
    struct Side {
        const char* name;
        QString text, key, help;
        SpaceTurn turn;
    };
    const Side sides[] = {
        {"view_front", tr("From the front"), "Alt+1", tr("The first axis across, the second upwards"), {}},
        {"view_side", tr("From the side"), "Alt+2", tr("The third axis across, the second upwards"), {kQuarter, 0}},
        {"view_above", tr("From above"), "Alt+3", tr("The first axis across, the third downwards"), {0, kQuarter}},
        {"view_corner", tr("From a corner"), "Alt+4", tr("All three axes, as at first"), EmbeddingView::kCorner}};
    for (const Side& side : sides) {
        QAction* action = add(side.name, side.text, side.help);
        action->setShortcut(QKeySequence(side.key));
        connect(action, &QAction::triggered, this, [this, turn = side.turn] { lookFrom(turn); });
        sides_.push_back(action);
    }
}

/// Of views side by side the others follow if their cameras are linked.
void ViewActions::lookFrom(SpaceTurn turn) const {
    const auto used = std::ranges::find_if(views_, [](const auto& view) { return view && view->hasFocus(); });
    EmbeddingView* view = used == views_.end() ? view_.data() : used->data();
    if (!view) return;
    view->lookFrom(turn);
    Q_EMIT view->lookedFrom();
}

void ViewActions::addTo(QMenu& menu) {
    QMenu* colors = menu.addMenu(tr("Colour by"));
    const auto fill = [this, colors] {
        colors->clear();
        colors->addActions(colors_->actions());
        colors->addSeparator();
        colors->addAction(movedFrom_);
    };
    fill();
    connect(this, &ViewActions::colorsChanged, colors, fill);
    menu.addActions(pictures_->actions());
    menu.addAction(names_);
    QMenu* outlines = menu.addMenu(tr("Outlines and density"));
    outlines->addActions(outlines_->actions());
    outlines->addSeparator();
    outlines->addAction(contours_);
    QMenu* space = menu.addMenu(tr("In space"));
    space->addAction(perspective_);
    space->addSeparator();
    for (QAction* side : sides_) space->addAction(side);
}

void ViewActions::setViews(const std::vector<EmbeddingView*>& views) {
    if (std::equal(views.begin(), views.end(), views_.begin(), views_.end())) return;
    if (view_) disconnect(view_, nullptr, this, nullptr);
    views_.assign(views.begin(), views.end());
    view_ = views.empty() ? nullptr : views.front();
    if (view_) {
        connect(view_, &EmbeddingView::colorByChanged, this, &ViewActions::showState);
        connect(view_, &EmbeddingView::spaceChanged, this, &ViewActions::showState);
        connect(view_, &EmbeddingView::columnsChanged, this, &ViewActions::makeColumns);
        forAll([this](EmbeddingView& view) {
            if (&view == view_) return;
            view.setColorBy(view_->colorBy());
            view.setPictureMode(view_->pictures().mode());
            view.setClassNamesVisible(view_->areClassNamesVisible());
            view.setClassOutline(view_->classOutline());
            view.setContoursVisible(view_->areContoursVisible());
            view.setPerspective(view_->hasPerspective());
        });
    }
    makeColumns();
    showState();
}

void ViewActions::showState() {
    for (QAction* action : actions_) action->setEnabled(view_ != nullptr);
    const bool alone = views_.size() < 2;
    for (QAction* action : colors_->actions()) {
        const auto by = static_cast<ColorBy>(action->data().toInt());
        const bool computed =
            by == ColorBy::Agreement || by == ColorBy::Hardness || by == ColorBy::Loss || by == ColorBy::Movement;
        if (std::ranges::find(columns_, action) == columns_.end()) action->setEnabled(view_ && (alone || !computed));
    }
    movedFrom_->setEnabled(view_ && alone);
    perspective_->setEnabled(view_ && view_->isInSpace());
    for (QAction* side : sides_) side->setEnabled(view_ && view_->isInSpace());
    if (!view_) return;
    if (view_->colorBy() != ColorBy::Column)
        colors_->actions()[static_cast<int>(view_->colorBy())]->setChecked(true);
    else if (view_->colorColumn() < columns_.size())
        columns_[view_->colorColumn()]->setChecked(true);
    pictures_->actions()[static_cast<int>(view_->pictures().mode())]->setChecked(true);
    names_->setChecked(view_->areClassNamesVisible());
    perspective_->setChecked(view_->hasPerspective());
    outlines_->actions()[static_cast<int>(view_->classOutline())]->setChecked(true);
    contours_->setChecked(view_->areContoursVisible());
}

}  // namespace embedscope
