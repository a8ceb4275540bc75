#include "engine/tuple_losses.h"

#include "engine/learning.h"
#include "engine/losses/loss.h"
#include "engine/training/mined_sample.h"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>

namespace embedscope {
namespace {

/// Anchor, positive and negative of each.
struct RowsOfTuples {
    torch::Tensor rows;    ///< [3n, D]
    torch::Tensor labels;  ///< [3n]
};

RowsOfTuples rowsOf(const BankFrame& bank, const DataSet& data, const std::vector<MinedTuple>& tuples) {
    std::unordered_map<std::int32_t, std::size_t> rowOf;
    for (std::size_t row = 0; row < bank.count(); ++row) rowOf.emplace((*bank.samples)[row], row);
    const auto count = static_cast<std::int64_t>(3 * tuples.size());
    RowsOfTuples made{torch::empty({count, static_cast<std::int64_t>(bank.dimension)}),
                      torch::empty({count}, torch::kLong)};
    auto* numbers = made.rows.data_ptr<float>();
    auto* labels = made.labels.data_ptr<std::int64_t>();
    for (const MinedTuple& tuple : tuples)
        for (const std::int32_t sample : {tuple.anchor, tuple.positive, tuple.negative}) {
            numbers = std::ranges::copy(bank.row(rowOf.at(sample)), numbers).out;
            *labels++ = data.samples[static_cast<std::size_t>(sample)].label;
        }
    return made;
}

}  // namespace

std::string judgeTuples(const Experiment& settings, const BankFrame& bank, const DataSet& data,
                        std::vector<MinedTuple>& tuples) {
    if (!usesLabels(settings)) return "This run learns from views of images: its loss is not one of such triplets.";
    if (const std::string why = whyNoLossOfTuples(settings.loss.id); !why.empty()) return why;
    const int classes = std::max(1, static_cast<int>(data.classNames.size()));  // for a loss with a weight for each
    const auto loss = makeLoss(settings.loss, settings.addedLosses,
                               {.dimension = bank.dimension, .classes = classes, .seed = settings.seed});
    if (!loss->weights().empty())
        return "The loss has learned weights of its own, which only a run that is going on can ask.";
    const RowsOfTuples made = rowsOf(bank, data, tuples);
    judgeTriplets(made.rows, made.labels, loss.get(), tuples);
    return {};
}

}  // namespace embedscope
