#include "ui/inspector/gallery_panel.h"

#include "ui/inspector/thumbnail_grid.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace embedscope {
namespace {

enum Order { RareFirst, ByClass, ByPath };

void sortBy(Order order, const DataSet& data, std::vector<int>& samples) {
    const auto at = [&](int index) -> const Sample& { return data.samples[static_cast<std::size_t>(index)]; };
    std::map<std::int32_t, std::size_t> amounts;  // of each class among these
    if (order == RareFirst)
        for (const int sample : samples) ++amounts[at(sample).label];
    std::ranges::stable_sort(samples, [&](int a, int b) {
        if (order == ByPath) return at(a).path < at(b).path;
        if (order == RareFirst && amounts[at(a).label] != amounts[at(b).label])
            return amounts[at(a).label] < amounts[at(b).label];
        return at(a).label < at(b).label;
    });
}

}  // namespace

GalleryPanel::GalleryPanel(QWidget* parent)
    : QWidget(parent), sortTask_([this](Sorted sorted) {
          // Of an older selection: the newer one is being sorted.
          if (sorted.data == data_ && sorted.samples.size() == samples_.size())
              grid_->setSamples(std::move(sorted.samples));
      }) {
    setObjectName("gallery_panel");
    title_ = new QLabel;
    title_->setObjectName("gallery_title");
    order_ = new QComboBox;
    order_->setObjectName("gallery_order");
    order_->addItems({tr("Rare classes first"), tr("By class"), tr("By path")});
    order_->setToolTip(
        tr("The order of the pictures. Rare classes first: what does not belong to a cluster, such as a wrong label, "
           "comes before what it is made of."));
    size_ = new QSlider(Qt::Horizontal);
    size_->setObjectName("gallery_size");
    size_->setRange(ThumbnailGrid::kLeastSide, ThumbnailGrid::kMostSide);
    size_->setMaximumWidth(110);
    size_->setToolTip(tr("Size of the pictures"));
    note_ =
        new QLabel(tr("Select points to see their pictures here: with the lasso above the map, or by Shift and "
                      "drag."));
    note_->setObjectName("gallery_note");
    note_->setWordWrap(true);
    note_->setAlignment(Qt::AlignCenter);
    note_->setMargin(24);
    grid_ = new ThumbnailGrid;
    size_->setValue(grid_->side());
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 6, 8, 4);
    head->addWidget(title_, 1);
    head->addWidget(order_);
    head->addWidget(size_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(note_, 1);
    column->addWidget(grid_, 1);
    connect(order_, &QComboBox::currentIndexChanged, this, &GalleryPanel::sort);
    connect(size_, &QSlider::valueChanged, grid_, &ThumbnailGrid::setSide);
    setSamples({});
}

void GalleryPanel::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    data_ = std::move(dataSet);
    grid_->setDataSet(data_);
    setSamples({});
}

void GalleryPanel::setLabels(std::shared_ptr<const DataSet> relabelled) {
    data_ = std::move(relabelled);
    grid_->setLabels(data_);
    sort();
}

void GalleryPanel::setSamples(std::vector<int> samples) {
    samples_ = std::move(samples);
    title_->setText(samples_.empty()
                        ? QString()
                        : tr("%1 selected").arg(QLocale().toString(static_cast<qulonglong>(samples_.size()))));
    note_->setVisible(samples_.empty());
    grid_->setVisible(!samples_.empty());
    for (QWidget* widget : {static_cast<QWidget*>(order_), static_cast<QWidget*>(size_)})
        widget->setVisible(!samples_.empty());
    sort();
}

void GalleryPanel::sort() {
    if (samples_.empty()) {
        grid_->setSamples({});
        return;
    }
    sortTask_.start([data = data_, samples = samples_, order = static_cast<Order>(order_->currentIndex())]() mutable {
        sortBy(order, *data, samples);
        return Sorted{data, std::move(samples)};
    });
}

}  // namespace embedscope
