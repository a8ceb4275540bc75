#include "ui/map_bar.h"

#include "ui/choice_field.h"
#include "ui/flow_layout.h"
#include "ui/parameter_fields.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>

#include <cmath>

namespace embedscope {
namespace {

bool isStepwise(const std::string& method) {
    return method == "tsne" || method == "umap";
}

}  // namespace

QString qualityText(const Layout& layout) {
    if (!layout.quality) return {};
    const MapQuality& quality = *layout.quality;
    const QLocale locale;
    QString text =
        QObject::tr("trust %1 · continuity %2 · %3 % of %4 neighbours kept")
            .arg(locale.toString(quality.trustworthiness, 'f', 3), locale.toString(quality.continuity, 'f', 3),
                 locale.toString(100 * quality.neighborPreservation, 'f', 0))
            .arg(quality.k);
    if (quality.asked < layout.samples->size())
        text += QObject::tr(" (estimated on %1 points)").arg(locale.toString(static_cast<qlonglong>(quality.asked)));
    return text;
}

MapBar::MapBar(QWidget* parent) : QWidget(parent) {
    setObjectName("map_bar");
    row_ = new FlowLayout(this, 8, 4);
    row_->setContentsMargins(12, 4, 12, 4);
    auto* title = new QLabel(tr("Map:"));
    title->setProperty("faint", true);
    row_->addWidget(title);
    box_ = new QComboBox;
    box_->setObjectName("map_method");
    fillWithCatalog(*box_, projectionCatalog());
    for (int i = 0; i < box_->count(); ++i)
        if (const std::string id = box_->itemData(i).toString().toStdString(); !id.empty())
            box_->setItemData(i, QString::fromStdString(entryOf(projectionCatalog(), id, "projection").help),
                              Qt::ToolTipRole);
    title->setBuddy(box_);
    row_->addWidget(box_);
    connect(box_, &QComboBox::activated, this, [this] { chooseMethod(box_->currentData().toString().toStdString()); });
    dimensionsBox_ = new QComboBox;
    dimensionsBox_->setObjectName("map_dimensions");
    dimensionsBox_->addItem(tr("2-D"), 2);
    dimensionsBox_->addItem(tr("3-D"), 3);
    dimensionsBox_->setToolTip(
        tr("Draw the map in a plane or in space. In space dragging turns it, Ctrl and drag move it."));
    dimensionsBox_->hide();
    row_->addWidget(dimensionsBox_);
    connect(dimensionsBox_, &QComboBox::activated, this, [this] {
        setDimensions(dimensionsBox_->currentData().toInt());
        Q_EMIT dimensionsChanged(dimensions_);
    });

    startOver_ =
        addButton("map_start_over", tr("Start over"), tr("Forgets where the points are and draws the map anew."));
    settle_ = addButton("map_settle", tr("Settle"),
                        tr("Gives the map all the time it needs until it stands still, even while a run trains."));
    trust_ = addButton("map_trust", tr("Show trust"),
                       tr("Pale points have neighbours on the map that are far away in the embedding space."));
    trust_->setCheckable(true);
    connect(startOver_, &QToolButton::clicked, this, &MapBar::startOverRequested);
    connect(settle_, &QToolButton::clicked, this, &MapBar::settleRequested);
    connect(trust_, &QToolButton::toggled, this, &MapBar::trustToggled);
    note_ = new QLabel;
    note_->setObjectName("map_note");
    note_->setProperty("faint", true);
    row_->addWidget(note_);
    setMethod(method_.id);
}

QToolButton* MapBar::addButton(const QString& name, const QString& text, const QString& help) {
    auto* button = new QToolButton;
    button->setObjectName(name);
    button->setText(text);
    button->setToolTip(help);
    button->setFocusPolicy(Qt::TabFocus);
    row_->addWidget(button);
    return button;
}

void MapBar::setMethod(const std::string& id) {
    box_->setCurrentIndex(box_->findData(QString::fromStdString(id)));
    method_ = {id, remembered_[id]};
    makeFields();
    const bool stepwise = isStepwise(id);
    startOver_->setVisible(stepwise);
    settle_->setVisible(stepwise);
    box_->setToolTip(QString::fromStdString(entryOf(projectionCatalog(), id, "projection").help));
}

void MapBar::setSpaceOffered(bool offered) {
    dimensionsBox_->setVisible(offered);
}

void MapBar::setDimensions(int dimensions) {
    dimensions_ = dimensions;
    dimensionsBox_->setCurrentIndex(dimensionsBox_->findData(dimensions));
    makeFields();
}

void MapBar::chooseMethod(const std::string& id) {
    remembered_[method_.id] = method_.parameters;
    setMethod(id);
    Q_EMIT methodChanged(method_);
}

void MapBar::makeFields() {
    delete fields_;
    fields_ = new QWidget(this);
    row_->insertWidget(3, fields_);  // after the lists
    auto* layout = new QHBoxLayout(fields_);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    const CatalogEntry& entry = entryOf(projectionCatalog(), method_.id, "projection");
    for (const Parameter& parameter : entry.parameters) {
        if (!parameter.changesLive || (parameter.id == "z_axis" && dimensions_ == 2)) continue;
        auto* label = new QLabel(QString::fromStdString(parameter.label));
        label->setToolTip(QString::fromStdString(parameter.help));
        QWidget* field = makeParameterField(parameter, valueOf(entry, method_.parameters, parameter.id), fields_,
                                            [this, id = parameter.id](double value) {
                                                method_.parameters[id] = value;
                                                Q_EMIT methodChanged(method_);
                                            });
        field->setObjectName("map_" + QString::fromStdString(parameter.id));
        label->setBuddy(field);
        layout->addWidget(label);
        layout->addWidget(field);
    }
}

void MapBar::showLayout(const Layout& layout) {
    problem_ = QString::fromStdString(layout.problem);
    mapStep_ = layout.mapStep;
    settled_ = layout.settled;
    writeNote();
}

void MapBar::setFrozen(bool frozen) {
    frozen_ = frozen;
    writeNote();
}

void MapBar::writeNote() {
    QString text = problem_;
    if (text.isEmpty() && mapStep_ > 0)
        text = (frozen_    ? tr("frozen at map iteration %1")
                : settled_ ? tr("settled after %1 map iterations")
                           : tr("map iteration %1"))
                   .arg(mapStep_);
    note_->setText(text);
    note_->setToolTip(problem_);
}

}  // namespace embedscope
