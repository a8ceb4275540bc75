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

#include <algorithm>
#include <memory>
#include <vector>

namespace embedscope {
namespace {

constexpr int kSwatch = 16;
constexpr int kNameRole = Qt::UserRole + 1;  // the text without the count

}  // namespace

QIcon classSwatch(int label) {
    QPixmap pixmap(2 * kSwatch, 2 * kSwatch);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintMark(painter, {kSwatch, kSwatch}, kSwatch * 0.62, label, false);
    return QIcon(pixmap);
}

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
    heldOut_->setToolTip(
        tr("Held-out images are drawn as rings; the encoder is not trained on them. No step computes them, so within "
           "an epoch most lag behind the training images; the colour \"Age of the embedding\" shows by how much."));
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
    for (std::size_t label = 0; label < dataSet->classNames.size(); ++label)
        addClass(static_cast<int>(label), QString::fromStdString(dataSet->classNames[label]));
    heldOut_->setEnabled(
        std::ranges::any_of(dataSet->samples, [](const Sample& sample) { return sample.split == Split::HoldOut; }));
    setCounts(*dataSet);
}

void ClassLegend::setLabels(const DataSet& relabelled) {
    const QSignalBlocker quiet(list_);
    setCounts(relabelled);
}

void ClassLegend::setCounts(const DataSet& counted) {
    const int classes = static_cast<int>(counted.classNames.size());
    std::vector<std::size_t> counts(counted.classNames.size() + 1);  // the last: unlabelled
    for (const Sample& sample : counted.samples)
        ++counts[static_cast<std::size_t>(sample.label == kUnlabelled ? classes : sample.label)];
    if (counts.back() > 0 && list_->count() == classes) addClass(kUnlabelled, tr("unlabelled"));
    if (counts.back() == 0 && list_->count() > classes) {
        const std::unique_ptr<QListWidgetItem> gone(list_->takeItem(classes));
        if (gone->checkState() == Qt::Unchecked) Q_EMIT classToggled(kUnlabelled, true);  // for those to come
    }
    for (int row = 0; row < list_->count(); ++row) {
        QListWidgetItem* item = list_->item(row);
        const QString number = QLocale().toString(static_cast<qulonglong>(counts[static_cast<std::size_t>(row)]));
        item->setText(item->data(kNameRole).toString() + "   " + number);
    }
}

void ClassLegend::addClass(int label, const QString& name) {
    auto* item = new QListWidgetItem(classSwatch(label), name, list_);
    item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
    item->setCheckState(Qt::Checked);
    item->setData(Qt::UserRole, label);
    item->setData(kNameRole, name);
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
