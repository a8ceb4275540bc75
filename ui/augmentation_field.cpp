#include "ui/augmentation_field.h"

#include "ui/choice_field.h"
#include "ui/parameter_fields.h"
#include "ui/view_strip.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace embedscope {
namespace {

constexpr int kColumns = 5;

const CatalogEntry& rowOf(const Choice& choice) {
    return entryOf(augmentationCatalog(), choice.id, "augmentation");
}

}  // namespace

AugmentationField::AugmentationField(QWidget* parent) : QWidget(parent), views_(new ViewStrip) {
    setObjectName("augmentation");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(makeHead());
    layout->addWidget(views_);
    connect(list_, &QComboBox::currentIndexChanged, this, [this] {
        choice_ = {list_->currentData().toString().toStdString(), {}};
        showRow();
        Q_EMIT changed();
    });
    connect(shuffle_, &QPushButton::clicked, views_, &ViewStrip::shuffle);
    showRow();
}

QWidget* AugmentationField::makeHead() {
    list_ = new QComboBox;
    list_->setObjectName("augmentation_list");
    fillWithCatalog(*list_, augmentationCatalog());
    help_ = new QLabel;
    help_->setWordWrap(true);
    help_->setProperty("faint", true);
    shuffle_ = new QPushButton(tr("Shuffle"));
    shuffle_->setObjectName("shuffle_views");
    shuffle_->setToolTip(tr("Shows other images and other views"));
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(list_);
    row->addWidget(help_, 1);
    row->addWidget(shuffle_);
    return head;
}

void AugmentationField::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    views_->setDataSet(std::move(dataSet));
}

void AugmentationField::setChoice(const Choice& choice) {
    rowOf(choice);  // an unknown id is an error, not the first row
    choice_ = choice;
    {
        const QSignalBlocker quiet(list_);
        list_->setCurrentIndex(list_->findData(QString::fromStdString(choice.id)));
    }
    showRow();
    Q_EMIT changed();
}

void AugmentationField::showRow() {
    const CatalogEntry& entry = rowOf(choice_);
    choice_.parameters = completed(entry, choice_.parameters);
    help_->setText(QString::fromStdString(entry.help));
    help_->setToolTip(QString::fromStdString(entry.source));
    delete parameters_;
    parameters_ = new QWidget(this);
    auto* grid = new QGridLayout(parameters_);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(4);
    for (std::size_t i = 0; i < entry.parameters.size(); ++i)
        addParameter(entry.parameters[i], *grid, static_cast<int>(i));
    for (int column = 0; column < kColumns; ++column) grid->setColumnStretch(column, 1);
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, parameters_);
    const bool chosen = !entry.parameters.empty();
    for (QWidget* part : {parameters_, static_cast<QWidget*>(views_), static_cast<QWidget*>(shuffle_)})
        part->setVisible(chosen);
    showViews();
}

/// The label above its field: five beside each other fit the narrowest window.
void AugmentationField::addParameter(const Parameter& parameter, QGridLayout& grid, int index) {
    QWidget* field = makeParameterField(parameter, choice_.parameters.at(parameter.id), parameters_,
                                        [this, id = parameter.id](double value) {
                                            choice_.parameters[id] = value;
                                            showViews();
                                            Q_EMIT changed();
                                        });
    auto* label = new QLabel(QString::fromStdString(parameter.label), parameters_);
    label->setToolTip(QString::fromStdString(parameter.help));
    label->setBuddy(field);
    const int row = 2 * (index / kColumns);
    grid.addWidget(label, row, index % kColumns);
    grid.addWidget(field, row + 1, index % kColumns);
}

void AugmentationField::showViews() {
    if (!rowOf(choice_).parameters.empty()) views_->showViewsOf(choice_);
}

}  // namespace embedscope
