#include "ui/compare/link_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>

namespace embedscope {
namespace {

struct LinkRow {
    Link link;
    const char* name;
    const char* text;
    const char* help;
};

const LinkRow kRows[] = {
    {Link::Camera, "link_camera", QT_TRANSLATE_NOOP("LinkBar", "Camera"),
     QT_TRANSLATE_NOOP("LinkBar", "Zooming, moving and turning one picture does the same to the others")},
    {Link::Selection, "link_selection", QT_TRANSLATE_NOOP("LinkBar", "Selection"),
     QT_TRANSLATE_NOOP("LinkBar", "What is selected in one picture (click, Shift-drag) is selected in all")},
    {Link::Hover, "link_hover", QT_TRANSLATE_NOOP("LinkBar", "Hover"),
     QT_TRANSLATE_NOOP("LinkBar", "The image under the mouse is ringed in all pictures")},
    {Link::Colour, "link_colour", QT_TRANSLATE_NOOP("LinkBar", "Colour"),
     QT_TRANSLATE_NOOP("LinkBar", "The list of classes shows and hides in all pictures; cut: in the framed one only")},
    {Link::Axes, "link_axes", QT_TRANSLATE_NOOP("LinkBar", "Axes"),
     QT_TRANSLATE_NOOP("LinkBar",
                       "All pictures are turned onto the first one and drawn at one scale, and the distances share "
                       "their axes; cut: each as it comes")},
};

}  // namespace

LinkBar::LinkBar(ViewLinks& links, QWidget* parent) : QWidget(parent) {
    setObjectName("link_bar");
    row_ = new QHBoxLayout(this);
    row_->setContentsMargins(12, 2, 12, 4);
    row_->setSpacing(4);
    auto* title = new QLabel(tr("Linked:"));
    title->setProperty("faint", true);
    row_->addWidget(title);
    for (const LinkRow& row : kRows) {
        QToolButton* button = addToggle(row.name, tr(row.text), tr(row.help), links.isLinked(row.link));
        connect(button, &QToolButton::toggled, &links,
                [&links, link = row.link](bool linked) { links.setLinked(link, linked); });
    }
    row_->addSpacing(16);
    addArrows();
    row_->addSpacing(16);
    distances_ = addToggle("show_distances", tr("Distances"),
                           tr("Histograms of the distances of similar and dissimilar pairs below each picture"), true);
    connect(distances_, &QToolButton::toggled, this, &LinkBar::distancesToggled);
    row_->addSpacing(16);
    lockStep_ =
        addToggle("lock_step", tr("Lock step"),
                  tr("All runs take step k before one takes step k + 1; off: each as fast as it can. It changes "
                     "no number, only what is seen together."),
                  true);
    connect(lockStep_, &QToolButton::toggled, this, &LinkBar::lockStepToggled);
    row_->addStretch(1);
}

void LinkBar::addArrows() {
    arrows_ = addToggle("show_arrows", tr("Arrows"),
                        tr("From where an image lies in one picture to where it lies in the other: of the selected "
                           "images, or of some"),
                        false);
    from_ = new QComboBox;
    from_->setObjectName("arrows_from");
    to_ = new QComboBox;
    to_->setObjectName("arrows_to");
    row_->addWidget(from_);
    row_->addWidget(new QLabel("→"));
    row_->addWidget(to_);
    connect(arrows_, &QToolButton::toggled, this, &LinkBar::arrowsChanged);
    for (QComboBox* box : {from_, to_}) connect(box, &QComboBox::currentIndexChanged, this, &LinkBar::arrowsChanged);
}

QToolButton* LinkBar::addToggle(const QString& name, const QString& text, const QString& help, bool on) {
    auto* button = new QToolButton;
    button->setObjectName(name);
    button->setText(text);
    button->setToolTip(help);
    button->setCheckable(true);
    button->setProperty("toggle", true);
    button->setChecked(on);
    button->setFocusPolicy(Qt::TabFocus);
    row_->addWidget(button);
    return button;
}

void LinkBar::setRuns(const QStringList& names) {
    {
        const QSignalBlocker quietFrom(from_), quietTo(to_);
        for (QComboBox* box : {from_, to_}) {
            const int before = box->currentIndex();
            box->clear();
            box->addItems(names);
            const int standard = box == to_ ? 1 : 0;
            box->setCurrentIndex(before >= 0 && before < names.size() ? before : standard);
        }
    }
    Q_EMIT arrowsChanged();
}

std::optional<ArrowChoice> LinkBar::arrows() const {
    if (!arrows_->isChecked() || from_->currentIndex() < 0 || from_->currentIndex() == to_->currentIndex())
        return std::nullopt;
    return ArrowChoice{static_cast<std::size_t>(from_->currentIndex()), static_cast<std::size_t>(to_->currentIndex())};
}

void LinkBar::setLockStep(bool lockStep) {
    const QSignalBlocker quiet(lockStep_);
    lockStep_->setChecked(lockStep);
}

bool LinkBar::areDistancesShown() const {
    return distances_->isChecked();
}

}  // namespace embedscope
