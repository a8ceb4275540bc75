// Selecting many points in the embedding view.
#include "ui/scatter/embedding_view.h"

#include <QLabel>
#include <QLocale>
#include <QPalette>

#include <algorithm>

namespace embedscope {
namespace {

/// "143 selected: coat 71 %, shirt 20 %, ..." with the three commonest classes.
QString describe(const DataSet& data, const std::vector<int>& samples) {
    std::vector<std::pair<std::size_t, int>> counts(data.classNames.size() + 1);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i].second = static_cast<int>(i) - 1;
    for (const int sample : samples)
        ++counts[static_cast<std::size_t>(data.samples[static_cast<std::size_t>(sample)].label + 1)].first;
    std::ranges::stable_sort(counts, std::ranges::greater{}, &std::pair<std::size_t, int>::first);
    QStringList parts;
    for (const auto& [count, label] : counts) {
        if (count == 0 || parts.size() == 3) break;
        const QString name = label < 0 ? QObject::tr("unlabelled")
                                       : QString::fromStdString(data.classNames[static_cast<std::size_t>(label)]);
        parts << QString("%1 %2 %").arg(name).arg(100.0 * static_cast<double>(count) / samples.size(), 0, 'f', 0);
    }
    return QObject::tr("%1 selected: %2").arg(QLocale().toString(static_cast<int>(samples.size())), parts.join(", "));
}

}  // namespace

void EmbeddingView::setSelection(std::vector<int> samples) {
    std::ranges::sort(samples);
    const auto repeated = std::ranges::unique(samples);
    samples.erase(repeated.begin(), repeated.end());
    if (samples == selection_) return;
    selection_ = std::move(samples);
    applyVisibility();
    selectionNote_->setVisible(!selection_.empty());
    if (!selection_.empty()) selectionNote_->setText(describe(*data_, selection_));
    selectionNote_->adjustSize();
    Q_EMIT selectionChanged();
}

void EmbeddingView::endLasso(Qt::KeyboardModifiers modifiers) {
    std::vector<int> inside;
    for (const std::size_t row : rowsInside(points_, frame(), lasso_.outline()))
        inside.push_back((*layout_->samples)[row]);
    lasso_.end();
    surface_->widget()->update();
    std::ranges::sort(inside);
    std::vector<int> result;
    if (modifiers & Qt::ControlModifier)
        std::ranges::set_difference(selection_, inside, std::back_inserter(result));
    else
        std::ranges::set_union(selection_, inside, std::back_inserter(result));
    setSelection(std::move(result));
}

void EmbeddingView::selectVisible() {
    std::vector<int> samples;
    for (std::size_t row = 0; row < points_.size(); ++row)
        if (!(points_[row].style & kHiddenStyle)) samples.push_back((*layout_->samples)[row]);
    setSelection(std::move(samples));
}

void EmbeddingView::invertSelection() {
    std::vector<int> samples;
    for (std::size_t row = 0; row < points_.size(); ++row)
        if (const int sample = (*layout_->samples)[row];
            !(points_[row].style & kHiddenStyle) && !std::ranges::binary_search(selection_, sample))
            samples.push_back(sample);
    setSelection(std::move(samples));
}

}  // namespace embedscope
