#include "engine/training/mined_sample.h"

#include "engine/losses/pair_weights.h"
#include "engine/training/random.h"

#include <torch/csrc/autograd/autograd.h>

#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <set>

namespace embedscope {
namespace {

using Kind = Tuples::Kind;
using RowsOfTuple = std::array<std::int64_t, 3>;  ///< Anchor, positive, negative; -1: none.

bool isOfTriplets(Kind kind) {
    return kind == Kind::Triplets || kind == Kind::Window || kind == Kind::Angle;
}

/// What the miner's choice says of single rows and pairs of them, on the CPU.
class Choices {
public:
    explicit Choices(const MinedStep& step) : step_(step) {
        const torch::Tensor rows = step.partners.embeddings;
        const PairWeights weights = pairWeights(rows, step.partners.labels, step.tuples);
        similar_ = weights.similar.to(torch::kCPU, torch::kFloat).contiguous();
        dissimilar_ = weights.dissimilar.to(torch::kCPU, torch::kFloat).contiguous();
        if (step.tuples.kind == Kind::Window)
            windows_ = measured(rows, step.tuples.distance).to(torch::kCPU, torch::kFloat).contiguous();
        if (step.tuples.kind == Kind::Angle)
            windows_ = measured(rows, Measure::Squared).to(torch::kCPU, torch::kFloat).contiguous();
        if (step.tuples.kind == Kind::Triplets) triplets_ = step.tuples.triplets.cpu().contiguous();
    }

    std::size_t count() const {
        if (triplets_.defined()) return static_cast<std::size_t>(triplets_.size(1));
        const double similar = similar_.sum().item<double>();
        const double all = isOfTriplets(step_.tuples.kind) ? similar : similar + dissimilar_.sum().item<double>();
        return static_cast<std::size_t>(std::llround(all));
    }

    /// Nothing where the anchor that was drawn has no partner.
    std::optional<RowsOfTuple> draw(std::mt19937_64& generator) const {
        if (triplets_.defined()) return listed(drawBelow(generator, count()));
        const auto anchors = static_cast<std::uint64_t>(step_.partners.anchors);
        const auto anchor = static_cast<std::int64_t>(drawBelow(generator, anchors));
        RowsOfTuple rows{anchor, -1, -1};
        rows[1] = oneOf(partners(similar_, anchor), generator);
        std::vector<std::int64_t> negatives = partners(dissimilar_, anchor);
        if (windows_.defined())
            std::erase_if(negatives, [&](std::int64_t negative) { return !isInWindow(anchor, rows[1], negative); });
        rows[2] = oneOf(negatives, generator);
        const bool enough =
            isOfTriplets(step_.tuples.kind) ? rows[1] >= 0 && rows[2] >= 0 : rows[1] >= 0 || rows[2] >= 0;
        return enough ? std::optional(rows) : std::nullopt;
    }

    /// [rows] How often each stands in a tuple.
    torch::Tensor timesChosen() const {
        return (similar_.sum(0) + similar_.sum(1) + dissimilar_.sum(0) + dissimilar_.sum(1)).contiguous();
    }

private:
    RowsOfTuple listed(std::uint64_t number) const {
        const auto* rows = triplets_.data_ptr<std::int64_t>();
        const auto count = static_cast<std::uint64_t>(triplets_.size(1));
        return {rows[number], rows[count + number], rows[2 * count + number]};
    }

    static std::vector<std::int64_t> partners(const torch::Tensor& weights, std::int64_t anchor) {
        const std::int64_t count = weights.size(1);
        const float* row = weights.data_ptr<float>() + anchor * count;
        std::vector<std::int64_t> found;
        for (std::int64_t other = 0; other < count; ++other)
            if (row[other] > 0) found.push_back(other);
        return found;
    }

    static std::int64_t oneOf(const std::vector<std::int64_t>& rows, std::mt19937_64& generator) {
        return rows.empty() ? -1 : rows[drawBelow(generator, rows.size())];
    }

    bool isInWindow(std::int64_t anchor, std::int64_t positive, std::int64_t negative) const {
        if (positive < 0) return false;
        const std::int64_t count = windows_.size(1);
        const float* values = windows_.data_ptr<float>();
        const float toPositive = values[anchor * count + positive], toNegative = values[anchor * count + negative];
        const Tuples& tuples = step_.tuples;
        if (tuples.kind == Kind::Window)
            return toNegative - toPositive > tuples.above && toNegative - toPositive <= tuples.upTo;
        const double tangent = std::tan(tuples.angle * std::numbers::pi / 180);
        const double factor = (1 + tangent * tangent) / (2 * tangent * tangent);
        return toNegative + values[positive * count + negative] < factor * toPositive;
    }

    const MinedStep& step_;
    torch::Tensor similar_, dissimilar_;
    torch::Tensor windows_;   ///< Defined if not every pair of partners makes a triplet.
    torch::Tensor triplets_;  ///< Defined if they are listed.
};

/// The tuple by itself: its rows, and what the loss is told of them.
struct Alone {
    torch::Tensor rows, labels;
    Tuples tuples;
};

Alone alone(const MinedStep& step, const RowsOfTuple& tuple) {
    std::vector<std::int64_t> kept{tuple[0]};
    std::int64_t positive = -1, negative = -1;
    const auto keep = [&kept](std::int64_t row) {
        kept.push_back(row);
        return static_cast<std::int64_t>(kept.size()) - 1;
    };
    if (tuple[1] >= 0) positive = keep(tuple[1]);
    if (tuple[2] >= 0) negative = keep(tuple[2]);
    const torch::Device device = step.partners.embeddings.device();
    const auto list = [&](const std::vector<std::int64_t>& values) {
        return torch::tensor(values, torch::kLong).to(device);
    };
    const auto pair = [&](std::int64_t other) {
        return other < 0 ? list({}).reshape({2, 0}) : list({0, other}).reshape({2, 1});
    };
    Alone made;
    made.rows = step.partners.embeddings.index_select(0, list(kept)).detach().requires_grad_(true);
    made.labels = step.partners.labels.index_select(0, list(kept));
    if (isOfTriplets(step.tuples.kind)) {
        made.tuples.kind = Kind::Triplets;
        made.tuples.triplets = list({0, positive, negative}).reshape({3, 1});
    } else {
        made.tuples.kind = Kind::Pairs;
        made.tuples.positivePairs = pair(positive);
        made.tuples.negativePairs = pair(negative);
    }
    return made;
}

/// @param gradientShare Gets the length of the gradient.
void judge(const MinedStep& step, const RowsOfTuple& rows, Loss& loss, MinedTuple& tuple) {
    const Alone single = alone(step, rows);
    const LossValue value = loss.evaluate(single.rows, single.labels, single.tuples);
    tuple.loss = value.loss.item<float>();
    // Not backward(): proxies and weights of the loss must not gather it.
    const auto gradients = torch::autograd::grad({value.loss}, {single.rows}, {}, {}, false, true);
    tuple.gradientShare = gradients.front().defined() ? gradients.front().norm().item<float>() : 0;
}

float distance(const MinedStep& step, std::int64_t a, std::int64_t b) {
    if (b < 0) return MinedTuple::kNone;
    const torch::Tensor& rows = step.partners.embeddings;
    return (rows[a] - rows[b]).norm().item<float>();
}

void shareOut(std::vector<MinedTuple>& tuples) {
    float sum = 0;
    for (const MinedTuple& tuple : tuples) sum += tuple.gradientShare;
    for (MinedTuple& tuple : tuples) tuple.gradientShare = sum > 0 ? tuple.gradientShare / sum : tuple.gradientShare;
}

void count(const MinedStep& step, const Choices& choices, MinedCounts& counts) {
    const torch::Tensor times = choices.timesChosen();
    for (std::size_t row = 0; row < step.samples.size(); ++row) {
        const auto sample = static_cast<std::size_t>(step.samples[row]);
        ++counts.drawn[sample];
        if (times.data_ptr<float>()[row] > 0) ++counts.mined[sample];
    }
}

MinedTuple tupleOf(const MinedStep& step, const RowsOfTuple& rows, Loss* loss) {
    const auto sampleOfRow = [&](std::int64_t row) {
        return row >= 0 && row < step.partners.anchors ? step.samples[static_cast<std::size_t>(row)] : -1;
    };
    MinedTuple tuple;
    tuple.anchor = sampleOfRow(rows[0]);
    tuple.positive = sampleOfRow(rows[1]);
    tuple.negative = sampleOfRow(rows[2]);
    tuple.toPositive = distance(step, rows[0], rows[1]);
    tuple.toNegative = distance(step, rows[0], rows[2]);
    if (loss) judge(step, rows, *loss, tuple);
    return tuple;
}

}  // namespace

MinedTuples sampleOf(const MinedStep& step, Loss* loss, MinedCounts& counts) {
    const Choices choices(step);
    count(step, choices, counts);
    MinedTuples mined;
    mined.step = static_cast<std::int64_t>(step.step);
    mined.chosen = choices.count();
    mined.counts = counts;
    std::mt19937_64 generator(seedOf(step.step, RandomStream::Pairs));
    std::set<RowsOfTuple> once;
    const std::size_t attempts = mined.chosen == 0 ? 0 : 10 * MinedTuples::kMost;
    for (std::size_t attempt = 0; mined.tuples.size() < MinedTuples::kMost && attempt < attempts; ++attempt) {
        const std::optional<RowsOfTuple> rows = choices.draw(generator);
        if (rows && once.insert(*rows).second) mined.tuples.push_back(tupleOf(step, *rows, loss));
    }
    if (loss) shareOut(mined.tuples);
    return mined;
}

std::string whyNoLossOfTuples(std::string_view loss) {
    const CatalogEntry& entry = entryOf(lossCatalog(), loss, "loss");
    if (overlaps(entry.grouping, Grouping::Pairs | Grouping::Triplets)) return {};
    return '"' + entry.label + "\" looks at whole batches and not at these pairs, so none has a loss of its own.";
}

void judgeTriplets(const torch::Tensor& rows, const torch::Tensor& labels, Loss* loss,
                   std::vector<MinedTuple>& tuples) {
    MinedStep step{{rows, labels, rows.size(0)}, {}, {}, 0};
    step.tuples.kind = Kind::Triplets;
    for (std::size_t i = 0; i < tuples.size(); ++i) {
        const auto anchor = 3 * static_cast<std::int64_t>(i);
        tuples[i].toPositive = distance(step, anchor, anchor + 1);
        tuples[i].toNegative = distance(step, anchor, anchor + 2);
        if (loss) judge(step, {anchor, anchor + 1, anchor + 2}, *loss, tuples[i]);
    }
    if (loss) shareOut(tuples);
}

}  // namespace embedscope
