#include "engine/training/proxy_frame.h"

#include <algorithm>

namespace embedscope {

std::vector<std::int64_t> classNumbers(const DataSet& data) {
    std::vector<std::int64_t> classOf(data.classNames.size(), -1);
    for (const Sample& sample : data.samples)
        if (sample.split == Split::Train && sample.label != kUnlabelled) classOf[sample.label] = 0;
    std::int64_t next = 0;
    for (std::int64_t& number : classOf)
        if (number == 0) number = next++;
    return classOf;
}

std::shared_ptr<const ProxyFrame> proxyFrame(const std::optional<Proxies>& proxies, const DataSet& data) {
    constexpr std::size_t kMost = 300;  // more would hide the samples
    if (!proxies) return nullptr;
    std::vector<std::int32_t> labelOf;
    const std::vector<std::int64_t> classOf = classNumbers(data);
    for (std::size_t label = 0; label < classOf.size(); ++label)
        if (classOf[label] >= 0) labelOf.push_back(static_cast<std::int32_t>(label));

    const torch::Tensor rows = proxies->rows.to(torch::kCPU, torch::kFloat32).contiguous();
    const auto width = static_cast<std::size_t>(rows.size(1));
    const std::size_t all = proxies->classes.size(), count = std::min(all, kMost);
    auto frame = std::make_shared<ProxyFrame>();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = i * all / count;
        const float* row = rows.data_ptr<float>() + at * width;
        frame->rows.insert(frame->rows.end(), row, row + width);
        frame->labels.push_back(labelOf.at(static_cast<std::size_t>(proxies->classes[at])));
    }
    return frame;
}

}  // namespace embedscope
