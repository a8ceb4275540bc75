#include "ui/shown_labels.h"

#include <algorithm>
#include <utility>

namespace embedscope {

ShownLabels shownLabels(std::shared_ptr<const DataSet> data, const Marks& marks) {
    const auto relabels = [](const Mark& mark) { return mark.kind == MarkKind::Label; };
    if (!data || std::ranges::none_of(marks.list, relabels)) return {std::move(data), {}};
    auto marked = std::make_shared<DataSet>(*data);  // the pixels are shared
    for (const Mark& mark : marks.list)
        if (relabels(mark))
            for (const std::int32_t sample : mark.first)
                marked->samples[static_cast<std::size_t>(sample)].label = mark.label;
    ShownLabels shown;
    for (std::size_t i = 0; i < data->size(); ++i)
        if (marked->samples[i].label != data->samples[i].label) shown.changed.push_back(static_cast<int>(i));
    shown.data = shown.changed.empty() ? std::move(data) : std::move(marked);
    return shown;
}

}  // namespace embedscope
