#include "ui/inspector/watch_panel.h"

#include "ui/charts/chart_theme.h"
#include "ui/charts/frame_limit.h"
#include "ui/charts/overlay_chart.h"
#include "ui/inspector/neighbor_grid.h"
#include "ui/inspector/pixels.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPixmap>
#include <QPushButton>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr int kFramesPerSecond = 5;
constexpr int kPicture = 36;
constexpr std::size_t kMostPoints = 2000;  // of a curve; then every second one is dropped

enum Column { kPair, kKind, kDistance, kChange, kApart, kColumns };

std::pair<int, int> keyOf(int a, int b) {
    return {std::min(a, b), std::max(a, b)};
}

/// A run that went back takes its curve with it.
void append(std::vector<QPointF>& curve, QPointF point) {
    while (!curve.empty() && curve.back().x() >= point.x()) curve.pop_back();
    curve.push_back(point);
    if (curve.size() <= kMostPoints) return;
    std::vector<QPointF> thinned;
    for (std::size_t i = 0; i < curve.size(); i += 2) thinned.push_back(curve[i]);
    curve = std::move(thinned);
}

/// Pairs of one kind share a hue; the lightness tells them apart.
QColor shadeOf(const QColor& hue, std::size_t number) {
    return number % 3 == 0 ? hue : number % 3 == 1 ? hue.lighter(140) : hue.darker(140);
}

}  // namespace

WatchPanel::WatchPanel(QWidget* parent) : QWidget(parent) {
    setObjectName("watchPanel");
    fillWithGround(*this);
    frames_ = std::make_unique<FrameLimit>(kFramesPerSecond, [this] { draw(); });
    build();
    draw();
}

WatchPanel::~WatchPanel() = default;

void WatchPanel::build() {
    note_ =
        new QLabel(tr("Pin two to eight images to watch the distances between them: click a point and press P, or "
                      "use the menu of the picture (right click). Two of one class and one of another show best "
                      "what the loss does."));
    note_->setObjectName("watchNote");
    note_->setWordWrap(true);
    clear_ = new QPushButton(tr("Unpin all"));
    clear_->setObjectName("unpin_all");
    connect(clear_, &QPushButton::clicked, this, &WatchPanel::unpinAll);
    pins_ = new QHBoxLayout;
    pins_->setSpacing(2);
    chart_ = new OverlayChart("watchChart", tr("Distance"),
                              tr("Euclidean distance between the embeddings of each pair, since both were pinned. An "
                                 "embedding is the one last computed: between two steps all points drift, so a curve "
                                 "is exact where both are of one step, as at the end of an epoch."),
                              false);
    table_ = new QTableWidget(0, kColumns);
    table_->setObjectName("watchedPairs");
    table_->setHorizontalHeaderLabels({tr("Pair"), tr("Classes"), tr("Distance"), tr("Change"), tr("Steps apart")});
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(22);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table_->horizontalHeader()->setSectionResizeMode(kKind, QHeaderView::Stretch);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSelectionMode(QAbstractItemView::NoSelection);
    table_->setShowGrid(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 4);
    column->setSpacing(4);
    column->addWidget(note_);
    column->addLayout(pins_);
    column->addWidget(chart_, 3);
    column->addWidget(table_, 2);
}

void WatchPanel::setDataSet(std::shared_ptr<const DataSet> dataSet) {
    const bool same = dataSet == data_;
    data_ = std::move(dataSet);
    restart();
    if (same)
        Q_EMIT pinsChanged(samples_);  // for the views, which forget with the data
    else
        setSamples({});
}

void WatchPanel::setLabels(std::shared_ptr<const DataSet> relabelled) {
    data_ = std::move(relabelled);
    draw();
}

void WatchPanel::restart() {
    bank_.reset();
    curves_.clear();
    draw();
}

void WatchPanel::toggle(int sample) {
    std::vector<int> samples = samples_;
    if (const auto pinned = std::ranges::find(samples, sample); pinned != samples.end())
        samples.erase(pinned);
    else if (samples.size() < kMost)
        samples.push_back(sample);
    setSamples(std::move(samples));
}

void WatchPanel::unpinAll() {
    setSamples({});
}

void WatchPanel::setSamples(std::vector<int> samples) {
    if (samples == samples_) return;
    samples_ = std::move(samples);
    std::erase_if(curves_, [this](const auto& each) {
        const auto pinned = [this](int sample) { return std::ranges::find(samples_, sample) != samples_.end(); };
        return !pinned(each.first.first) || !pinned(each.first.second);
    });
    makePins();
    follow();
    draw();
    Q_EMIT pinsChanged(samples_);
}

void WatchPanel::showBank(std::shared_ptr<const BankFrame> bank) {
    if (!bank || bank == bank_) return;
    bank_ = std::move(bank);
    follow();
    if (isVisible() && !samples_.empty()) frames_->request();
}

/// A distance that has not been computed anew makes no point.
void WatchPanel::follow() {
    if (!bank_) return;
    for (const WatchedPair& pair : watchedPairs(*bank_, samples_)) {
        if (std::isnan(pair.distance)) continue;
        Curve& curve = curves_[keyOf(samples_[pair.first], samples_[pair.second])];
        const QPointF point(static_cast<double>(pair.step), pair.distance);
        if (curve.empty() || curve.back() != point) append(curve, point);
    }
}

std::vector<QPointF> WatchPanel::curveOf(int first, int second) const {
    const auto found = curves_.find(keyOf(first, second));
    return found == curves_.end() ? Curve{} : found->second;
}

const WatchPanel::Curve& WatchPanel::curve(const WatchedPair& pair) const {
    static const Curve kEmpty;
    const auto found = curves_.find(keyOf(samples_[pair.first], samples_[pair.second]));
    return found == curves_.end() ? kEmpty : found->second;
}

QString WatchPanel::nameOf(int sample) const {
    return className(*data_, sample);
}

bool WatchPanel::isSimilar(const WatchedPair& pair) const {
    const std::int32_t label = data_->samples[static_cast<std::size_t>(samples_[pair.first])].label;
    return label != kUnlabelled && label == data_->samples[static_cast<std::size_t>(samples_[pair.second])].label;
}

/// A button a pinned image; clicked, it is unpinned.
void WatchPanel::makePins() {
    pins_->removeWidget(clear_);
    while (QLayoutItem* item = pins_->takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
    for (std::size_t i = 0; i < samples_.size(); ++i) {
        const int sample = samples_[i];
        auto* pin = new QToolButton;
        pin->setObjectName(QString("pin_%1").arg(i + 1));
        pin->setIcon(QPixmap::fromImage(fitted(
            imageFromPixels(data_->image(static_cast<std::size_t>(sample)), data_->shape), QSize(kPicture, kPicture))));
        pin->setIconSize({kPicture, kPicture});
        pin->setText(QString::number(i + 1) + " ×");
        pin->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        pin->setAutoRaise(true);
        pin->setToolTip(tr("%1: %2. Click to unpin.").arg(i + 1).arg(nameOf(sample)));
        connect(
            pin, &QToolButton::clicked, this, [this, sample] { toggle(sample); }, Qt::QueuedConnection);
        pins_->addWidget(pin);
    }
    pins_->addStretch(1);
    pins_->addWidget(clear_, 0, Qt::AlignTop);
}

void WatchPanel::draw() {
    const bool any = samples_.size() >= 2 && bank_;
    note_->setVisible(!any);
    clear_->setVisible(!samples_.empty());
    for (QWidget* shown : {static_cast<QWidget*>(chart_), static_cast<QWidget*>(table_)}) shown->setVisible(any);
    if (!any) return;
    const std::vector<WatchedPair> pairs = watchedPairs(*bank_, samples_);
    drawChart(pairs);
    fillTable(pairs);
}

void WatchPanel::drawChart(const std::vector<WatchedPair>& pairs) {
    const ChartTheme theme = chartTheme(*this);
    std::vector<OverlayLine> lines;
    std::size_t similar = 0, dissimilar = 0;
    for (const WatchedPair& pair : pairs) {
        const QColor color =
            isSimilar(pair) ? shadeOf(theme.similar, similar++) : shadeOf(theme.dissimilar, dissimilar++);
        lines.push_back({QString("%1–%2").arg(pair.first + 1).arg(pair.second + 1), color, curve(pair)});
    }
    chart_->setLines(std::move(lines), tr("training step"));
}

void WatchPanel::fillTable(const std::vector<WatchedPair>& pairs) {
    table_->setRowCount(static_cast<int>(pairs.size()));
    for (int row = 0; row < table_->rowCount(); ++row) {
        const WatchedPair& pair = pairs[static_cast<std::size_t>(row)];
        const QString first = nameOf(samples_[pair.first]), second = nameOf(samples_[pair.second]);
        const double change = curve(pair).empty() ? std::nan("") : pair.distance - curve(pair).front().y();
        const QString texts[kColumns] = {
            QString("%1 – %2").arg(pair.first + 1).arg(pair.second + 1),
            isSimilar(pair) ? tr("%1, similar").arg(first) : first + " – " + second,
            shortNumber(pair.distance),
            (change > 0 ? "+" : "") + shortNumber(change),
            std::isnan(pair.distance) ? tr("not tracked") : QLocale().toString(static_cast<qlonglong>(pair.apart)),
        };
        for (int column = 0; column < kColumns; ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            if (column >= kDistance) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            table_->setItem(row, column, item);
        }
    }
}

void WatchPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    draw();
}

}  // namespace embedscope
