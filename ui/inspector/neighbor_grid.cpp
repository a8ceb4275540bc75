#include "ui/inspector/neighbor_grid.h"

#include "ui/charts/chart_theme.h"
#include "ui/inspector/neighbor_button.h"
#include "ui/inspector/pixels.h"

#include <algorithm>

namespace embedscope {
namespace {

constexpr int kSpacing = 5;

Kinship kinshipOf(const DataSet& data, int one, int other) {
    if (one < 0) return Kinship::Unknown;
    const std::int32_t a = data.samples[static_cast<std::size_t>(one)].label;
    const std::int32_t b = data.samples[static_cast<std::size_t>(other)].label;
    if (a == kUnlabelled || b == kUnlabelled) return Kinship::Unknown;
    return a == b ? Kinship::Same : Kinship::Other;
}

}  // namespace

QString className(const DataSet& data, int sample) {
    const std::int32_t label = data.samples[static_cast<std::size_t>(sample)].label;
    return label == kUnlabelled ? NeighborGrid::tr("unlabelled")
                                : QString::fromStdString(data.classNames[static_cast<std::size_t>(label)]);
}

NeighborGrid::NeighborGrid(int most, QWidget* parent) : QWidget(parent) {
    setObjectName("neighborGrid");
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    for (int i = 0; i < most; ++i) {
        auto* button = new NeighborButton(this);
        button->setObjectName(QString("neighbor%1").arg(i));
        button->hide();
        connect(button, &NeighborButton::clicked, this, [this, i] {
            if (static_cast<std::size_t>(i) < samples_.size())
                Q_EMIT sampleActivated(samples_[static_cast<std::size_t>(i)]);
        });
        buttons_.push_back(button);
    }
}

void NeighborGrid::showNeighbors(const DataSet& dataSet, int sample, const std::vector<int>& samples,
                                 const std::vector<float>& distances) {
    samples_ = samples;
    for (std::size_t i = 0; i < buttons_.size(); ++i) {
        buttons_[i]->setVisible(i < samples.size());
        if (i >= samples.size()) continue;
        const auto index = static_cast<std::size_t>(samples[i]);
        buttons_[i]->setNeighbor(imageFromPixels(dataSet.image(index), dataSet.shape),
                                 kinshipOf(dataSet, sample, samples[i]), distances[i]);
        buttons_[i]->setToolTip(tr("<p style='white-space:pre'><b>%1</b><br>%2<br>Euclidean distance %3<br>"
                                   "Click to show this image</p>")
                                    .arg(className(dataSet, samples[i]).toHtmlEscaped(),
                                         QString::fromStdString(dataSet.samples[index].path).toHtmlEscaped(),
                                         shortNumber(distances[i])));
    }
    place();
    updateGeometry();
}

void NeighborGrid::clear() {
    samples_.clear();
    for (NeighborButton* button : buttons_) button->hide();
    updateGeometry();
}

int NeighborGrid::columnsAt(int width) const {
    return std::max(1, (width + kSpacing) / (NeighborButton::kWidth + kSpacing));
}

int NeighborGrid::heightForWidth(int width) const {
    const int columns = columnsAt(width);
    const int rows = (static_cast<int>(samples_.size()) + columns - 1) / columns;
    return std::max(0, rows * (NeighborButton::kHeight + kSpacing) - kSpacing);
}

QSize NeighborGrid::sizeHint() const {
    const int wide = 4 * (NeighborButton::kWidth + kSpacing) - kSpacing;
    return {wide, heightForWidth(wide)};
}

QSize NeighborGrid::minimumSizeHint() const {
    return {2 * NeighborButton::kWidth + kSpacing, 0};
}

void NeighborGrid::place() {
    const int columns = columnsAt(width());
    for (int i = 0; i < static_cast<int>(buttons_.size()); ++i)
        buttons_[static_cast<std::size_t>(i)]->move((i % columns) * (NeighborButton::kWidth + kSpacing),
                                                    (i / columns) * (NeighborButton::kHeight + kSpacing));
}

void NeighborGrid::resizeEvent(QResizeEvent*) {
    place();
}

}  // namespace embedscope
