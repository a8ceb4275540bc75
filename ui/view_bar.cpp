#include "ui/view_bar.h"

#include "ui/flow_layout.h"
#include "ui/icons.h"
#include "ui/selection_actions.h"
#include "ui/view_actions.h"

#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QToolButton>

namespace embedscope {
namespace {

constexpr int kSearchWidth = 180;

QToolButton* toolButton(QAction* action, Symbol symbol) {
    action->setIcon(icon(symbol));
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + "_button");
    button->setProperty("toggle", true);
    button->setIconSize({16, 16});
    button->setFocusPolicy(Qt::NoFocus);
    return button;
}

void setOffered(QComboBox& box, int index, bool offered) {
    if (auto* items = qobject_cast<QStandardItemModel*>(box.model()))
        if (QStandardItem* item = items->item(index)) item->setEnabled(offered);
}

}  // namespace

ViewBar::ViewBar(QWidget* parent) : QWidget(parent) {
    setObjectName("view_bar");
    row_ = new FlowLayout(this, 6, 4);
    row_->setContentsMargins(12, 2, 12, 4);
}

void ViewBar::addSelection(SelectionActions& actions) {
    row_->addWidget(toolButton(actions.action("tool_move"), Symbol::Move));
    row_->addWidget(toolButton(actions.action("tool_lasso"), Symbol::Lasso));
    row_->addWidget(toolButton(actions.action("tool_rectangle"), Symbol::Rectangle));
    row_->addWidget(toolButton(actions.action("tool_brush"), Symbol::Brush));
    search_ = new QLineEdit;
    search_->setObjectName("select_search");
    search_->setPlaceholderText(tr("Search and select…"));
    search_->setClearButtonEnabled(true);
    search_->setFixedWidth(kSearchWidth);
    search_->setToolTip(
        tr("<p>Words that the images must have in their path or class; Return selects them.</p>"
           "<p>label:boot &nbsp; label:none &nbsp; file:0017 &nbsp; split:held-out &nbsp; tag:wrong "
           "&nbsp; -bag (not this)</p><p>Of the manifest's own columns: camera:nikon &nbsp; year:&gt;1999</p>"));
    row_->addWidget(search_);
    connect(search_, &QLineEdit::returnPressed, &actions, [this, &actions] { actions.selectByQuery(search_->text()); });
    connect(&actions, &SelectionActions::queryRequested, search_, [this] {
        search_->setFocus(Qt::ShortcutFocusReason);
        search_->selectAll();
    });
}

/// A list of actions of which one is always checked.
QComboBox* ViewBar::addChoice(const QString& text, QActionGroup& actions, const QString& name) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    fillChoice(*box, actions);
    connect(box, &QComboBox::activated, &actions, [&actions](int index) { actions.actions()[index]->trigger(); });
    auto* label = new QLabel(text);
    label->setProperty("faint", true);
    label->setBuddy(box);
    auto* pair = new QWidget;  // label and list go to a new row together
    auto* layout = new QHBoxLayout(pair);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(box);
    row_->addWidget(pair);
    return box;
}

void ViewBar::fillChoice(QComboBox& box, QActionGroup& actions) {
    box.clear();
    for (const QAction* action : actions.actions()) {
        const int index = box.count();
        disconnect(action, nullptr, &box, nullptr);
        box.addItem(QString(action->text()).replace("&&", "&"));
        box.setItemData(index, action->toolTip(), Qt::ToolTipRole);
        connect(action, &QAction::toggled, &box, [&box, index](bool checked) {
            if (checked) box.setCurrentIndex(index);
        });
        connect(action, &QAction::enabledChanged, &box,
                [&box, index](bool enabled) { setOffered(box, index, enabled); });
        setOffered(box, index, action->isEnabled());
        if (action->isChecked()) box.setCurrentIndex(index);
    }
}

void ViewBar::addLooks(ViewActions& actions) {
    QComboBox* colors = addChoice(tr("Colour:"), *actions.colors(), "color_by");
    colors->setToolTip(tr("What the colours of the points say"));
    connect(&actions, &ViewActions::colorsChanged, colors,
            [colors, group = actions.colors()] { fillChoice(*colors, *group); });
    addChoice(tr("Show:"), *actions.pictures(), "picture_mode")->setToolTip(tr("Points, or the pictures themselves"));
}

}  // namespace embedscope
