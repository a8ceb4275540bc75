#include "engine/training/hold_out_measures.h"

#include "engine/measures.h"

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

struct Part {
    std::vector<float> rows;
    std::vector<std::int32_t> labels;
};

/// `count` rows, evenly spread: the hold-out is in the order of the data, so that classes keep their shares.
Part spread(std::span<const float> rows, std::size_t width, const std::vector<std::int32_t>& labels,
            std::size_t count) {
    Part part;
    part.rows.reserve(count * width);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = i * labels.size() / count;
        const auto row = rows.subspan(at * width, width);
        part.rows.insert(part.rows.end(), row.begin(), row.end());
        part.labels.push_back(labels[at]);
    }
    return part;
}

}  // namespace

HoldOutMeasures::HoldOutMeasures(const DataSet& data, const EmbeddingBank& bank,
                                 const std::vector<std::int32_t>& holdOut, std::uint64_t seed)
    : seed_(seed) {
    for (const std::int32_t sample : holdOut) labels_.push_back(data.samples[sample].label);
    for (const std::int32_t sample : bank.samples()) {
        const Sample& each = data.samples[sample];
        trainingLabels_.push_back(each.split == Split::Train ? each.label : kUnlabelled);
    }
}

std::shared_ptr<const HoldOutMeasures::Values> HoldOutMeasures::measure(const EmbeddingBank& holdOut,
                                                                        const EmbeddingBank& bank, bool all,
                                                                        const std::stop_token& stop) const {
    if (!any()) return nullptr;
    MeasureOptions options;
    options.seed = seed_;
    options.fitted = bank.embeddings();
    options.fittedLabels = trainingLabels_;
    const auto width = static_cast<std::size_t>(holdOut.dimension());
    const bool sampled = !all && !whole();
    const Part part = sampled ? spread(holdOut.embeddings(), width, labels_, kMostAtEpochEnd) : Part{};
    auto found = sampled ? measureAll(part.rows, holdOut.dimension(), part.labels, options, stop)
                         : measureAll(holdOut.embeddings(), holdOut.dimension(), labels_, options, stop);
    return found ? std::make_shared<const Values>(std::move(*found)) : nullptr;
}

}  // namespace embedscope
