#include "ui/scatter/class_legend.h"

#include "ui/scatter/overlay.h"

#include <QCheckBox>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace embedscope {
namespace {

constexpr int kSwatch = 16;

QIcon swatchOf(int label) {
    QPixmap pixmap(2 * kSwatch, 2 * kSwatch);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintMark(painter, {kSwatch, kSwatch}, kSwatch * 0.62, label, false);
    return QIcon(pixmap);
}

}  // namespace

ClassLegend::ClassLegend(QWidget* parent)
    : QWidget(parent),
      list_(new QListWidget),
      train_(new QCheckBox(tr("● Training"))),
      heldOut_(new QCheckBox(tr("○ Held out"))) {
    setObjectName("class_legend");
    list_->setObjectName("class_list");
    list_->setFrameShape(QFrame::NoFrame);
    list_->setIconSize({kSwatch, kSwatch});
    list_->setUniformItemSizes(true);
    list_->setToolTip(tr("A tick shows or hides a class; a double click shows it alone."));
    heldOut_->setToolTip(tr("Held-out images are drawn as rings; the encoder is not trained on them."));
    for (QCheckBox* box : {train_, heldOut_}) box->setChecked(true);
    train_->setObjectName("show_train");
    heldOut_->setObjectName("show_held_out");

    auto* title = new QLabel(tr("Classes"));
    title->setProperty("heading", true);
    auto* all = new QPushButton(tr("All"));
    auto* none = new QPushButton(tr("None"));
    all->setObjectName("classes_all");
    none->setObjectName("classes_none");
    auto* head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(all);
    head->addWidget(none);
    auto* splits = new QHBoxLayout;
    splits->addWidget(train_);
    splits->addWidget(heldOut_);
    splits->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 8, 8);
    layout->addLayout(head);
    layout->addWidget(list_, 1);
    layout->addLayout(splits);

    connect(list_, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        Q_EMIT classToggled(item->data(Qt::UserRole).toInt(), item->checkState() == Qt::Checked);
    });
    connect(list_, &QListWidget::itemDoubleClicked, this, &ClassLegend::showAlone);
    connect(all, &QPushButton::clicked, this, [this] { setAll(true); });
    connect(none, &QPushButton::clicked, this, [this] { setAll(false); });
    connect(train_, &QCheckBox::toggled, this, [this](bool on) { Q_EMIT splitToggled(Split::Train, on); });
    connect(heldOut_, &QCheckBox::toggled, this, [this](bool on) { Q_EMIT splitToggled(Split::HoldOut, on); });
}

void ClassLegend::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    const QSignalBlocker quiet(list_);
    const QSignalBlocker quietTrain(train_), quietHeldOut(heldOut_);
    list_->clear();
    train_->setChecked(true);
    heldOut_->setChecked(true);
    if (!dataSet) return;
    std::vector<std::size_t> counts(dataSet->classNames.size() + 1);  // the last: unlabelled
    bool anyHeldOut = false;
    for (const Sample& sample : dataSet->samples) {
        ++counts[sample.label == kUnlabelled ? dataSet->classNames.size() : static_cast<std::size_t>(sample.label)];
        anyHeldOut |= sample.split == Split::HoldOut;
    }
    for (std::size_t label = 0; label < dataSet->classNames.size(); ++label)
        addClass(static_cast<int>(label), QString::fromStdString(dataSet->classNames[label]), counts[label]);
    if (counts.back() > 0) addClass(kUnlabelled, tr("unlabelled"), counts.back());
    heldOut_->setEnabled(anyHeldOut);
}

void ClassLegend::addClass(int label, const QString& name, std::size_t count) {
    const QString number = QLocale().toString(static_cast<qulonglong>(count));
    auto* item = new QListWidgetItem(swatchOf(label), name + "   " + number, list_);
    item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
    item->setCheckState(Qt::Checked);
    item->setData(Qt::UserRole, label);
}

void ClassLegend::setAll(bool visible) {
    for (int row = 0; row < list_->count(); ++row)
        list_->item(row)->setCheckState(visible ? Qt::Checked : Qt::Unchecked);
}

void ClassLegend::showAlone(QListWidgetItem* item) {
    setAll(false);
    item->setCheckState(Qt::Checked);
}

}  // namespace embedscope
