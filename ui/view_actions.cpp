#include "ui/view_actions.h"

#include "ui/scatter/embedding_view.h"

#include <QAction>
#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>

namespace embedscope {

ViewActions::ViewActions(QWidget* window) : QObject(window), window_(window) {
    makeColors();
    makePictures();
    names_ = add("view_names", tr("Names of the classes"), tr("Each class's name in the middle of its points"));
    names_->setShortcut(QKeySequence("Ctrl+Shift+N"));
    names_->setCheckable(true);
    connect(names_, &QAction::triggered, this, [this](bool shown) {
        if (view_) view_->setClassNamesVisible(shown);
    });
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
        if (view_) view_->setColorBy(static_cast<ColorBy>(action->data().toInt()));
    });
    movedFrom_ = add("movement_from_here", tr("Measure movement from the step shown"),
                     tr("Colours the points by how far they come from where they are now"));
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
        if (view_) view_->setPictureMode(static_cast<PictureMode>(action->data().toInt()));
    });
}

void ViewActions::addTo(QMenu& menu) {
    QMenu* colors = menu.addMenu(tr("Colour by"));
    colors->addActions(colors_->actions());
    colors->addSeparator();
    colors->addAction(movedFrom_);
    menu.addActions(pictures_->actions());
    menu.addAction(names_);
}

void ViewActions::setView(EmbeddingView* view) {
    if (view_) disconnect(view_, nullptr, this, nullptr);
    view_ = view;
    if (view_) connect(view_, &EmbeddingView::colorByChanged, this, &ViewActions::showState);
    showState();
}

void ViewActions::showState() {
    for (QAction* action : actions_) action->setEnabled(view_ != nullptr);
    if (!view_) return;
    colors_->actions()[static_cast<int>(view_->colorBy())]->setChecked(true);
    pictures_->actions()[static_cast<int>(view_->pictures().mode())]->setChecked(true);
    names_->setChecked(view_->areClassNamesVisible());
}

}  // namespace embedscope
