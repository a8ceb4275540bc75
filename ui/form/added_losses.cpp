#include "ui/form/added_losses.h"

#include "ui/choice_field.h"
#include "ui/number_box.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace embedscope {
namespace {

constexpr std::size_t kMost = 4;

}  // namespace

AddedLosses::AddedLosses(QWidget* parent) : QWidget(parent), list_(new QVBoxLayout), add_(new QPushButton) {
    setObjectName("added_losses");
    add_->setObjectName("add_loss");
    add_->setText(tr("Add a loss"));
    add_->setToolTip(
        tr("A further loss on the same batches and the same mined pairs; the sum, each times its weight, is trained. "
           "The active share and the margin that are shown are the first loss's."));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    list_->setSpacing(12);
    layout->addLayout(list_);
    layout->addWidget(add_, 0, Qt::AlignLeft);
    connect(add_, &QPushButton::clicked, this, [this] {
        addRow({{"supcon", {}}, 1});
        Q_EMIT changed();
    });
}

void AddedLosses::setLosses(const std::vector<AddedLoss>& losses) {
    while (!rows_.empty()) removeRow(rows_.back().widget);
    for (const AddedLoss& loss : losses) addRow(loss);
}

std::vector<AddedLoss> AddedLosses::losses() const {
    std::vector<AddedLoss> losses;
    for (const Row& row : rows_) losses.push_back({row.loss->choice(), row.weight->value()});
    return losses;
}

void AddedLosses::addRow(const AddedLoss& loss) {
    Row row{new QWidget(this), new ChoiceField(lossCatalog(), "added_loss"), new NumberBox};
    row.loss->setChoice(loss.loss);
    row.weight->setObjectName("added_weight");
    row.weight->setRange(0, 1000);
    row.weight->setSingleStep(0.1);
    row.weight->setValue(loss.weight);
    row.weight->setToolTip(tr("How much this loss counts beside the first, whose weight is 1."));
    auto* remove = new QToolButton;
    remove->setObjectName("remove_loss");
    remove->setText(QString(QChar(0x00d7)));
    remove->setToolTip(tr("Take this loss away"));
    auto* head = new QHBoxLayout;
    head->addWidget(new QLabel(tr("Weight")));
    head->addWidget(row.weight, 1);
    head->addWidget(remove);
    auto* layout = new QVBoxLayout(row.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(head);
    layout->addWidget(row.loss);
    list_->addWidget(row.widget);
    connect(row.loss, &ChoiceField::changed, this, &AddedLosses::changed);
    connect(row.weight, &NumberBox::valueChanged, this, &AddedLosses::changed);
    connect(remove, &QToolButton::clicked, this, [this, widget = row.widget] {
        removeRow(widget);
        Q_EMIT changed();
    });
    rows_.push_back(row);
    offerMore();
}

void AddedLosses::removeRow(QWidget* widget) {
    std::erase_if(rows_, [widget](const Row& row) { return row.widget == widget; });
    list_->removeWidget(widget);
    widget->hide();
    widget->deleteLater();  // it may be its own button that asks
    offerMore();
}

void AddedLosses::offerMore() {
    add_->setEnabled(rows_.size() < kMost);
}

}  // namespace embedscope
