#include "ui/label_edits.h"

#include <algorithm>
#include <utility>

namespace embedscope {

void LabelEdits::setDataSet(std::shared_ptr<const DataSet> original) {
    original_ = std::move(original);
    edits_.clear();
    inEffect_ = 0;
    apply();
}

bool LabelEdits::relabel(std::vector<int> samples, std::int32_t label) {
    if (!edited_) return false;
    std::erase_if(samples,
                  [&](int sample) { return edited_->samples[static_cast<std::size_t>(sample)].label == label; });
    if (samples.empty()) return false;
    std::ranges::sort(samples);
    edits_.resize(inEffect_);
    edits_.push_back({std::move(samples), label});
    ++inEffect_;
    apply();
    return true;
}

void LabelEdits::setInEffect(std::size_t count) {
    count = std::min(count, edits_.size());
    if (count == inEffect_) return;
    inEffect_ = count;
    apply();
}

std::vector<LabelEdit> LabelEdits::edits() const {
    return {edits_.begin(), edits_.begin() + static_cast<std::ptrdiff_t>(inEffect_)};
}

std::vector<int> LabelEdits::changedSamples() const {
    std::vector<int> changed;
    if (edited_ == original_) return changed;
    for (std::size_t i = 0; i < original_->size(); ++i)
        if (original_->samples[i].label != edited_->samples[i].label) changed.push_back(static_cast<int>(i));
    return changed;
}

void LabelEdits::apply() {
    edited_ = original_;
    if (inEffect_ > 0) {
        auto edited = std::make_shared<DataSet>(*original_);  // the pixels are shared
        for (std::size_t i = 0; i < inEffect_; ++i)
            for (const int sample : edits_[i].samples)
                edited->samples[static_cast<std::size_t>(sample)].label = edits_[i].label;
        edited_ = std::move(edited);
    }
    Q_EMIT changed();
}

}  // namespace embedscope
