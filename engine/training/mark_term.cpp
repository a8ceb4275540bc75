// The loss: R. Hadsell, S. Chopra, Y. LeCun: Dimensionality Reduction by Learning an Invariant Mapping. CVPR 2006, with
// squared distances on both sides.
#include "engine/training/mark_term.h"

#include "engine/training/random.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace embedscope {
namespace {

constexpr double kMargin = 1;         // of squared distances: 60 degrees on the sphere
constexpr double kLeastWidth = 1e-6;  // of a batch, so that a collapsed one is not divided by

std::vector<std::int32_t> trainingPart(const std::vector<std::int32_t>& samples, const DataSet& data) {
    std::vector<std::int32_t> kept;
    std::ranges::copy_if(samples, std::back_inserter(kept), [&](std::int32_t sample) {
        return data.samples[static_cast<std::size_t>(sample)].split == Split::Train;
    });
    return kept;
}

}  // namespace

MarkTerm::MarkTerm(const Marks& marks, const DataSet& data, bool normalized, std::uint64_t seed)
    : normalized_(normalized), seed_(seed) {
    for (const Mark& mark : marks.list) {
        if (!mark.isPair() || mark.weight == 0) continue;
        Mark training = mark;
        training.first = trainingPart(mark.first, data);
        training.second = trainingPart(mark.second, data);
        const bool oneSided = !mark.second.empty() && training.second.empty();
        const std::size_t pairs = oneSided ? 0 : training.pairs();
        if (pairs == 0) continue;
        marks_.push_back({training.first, training.second, mark.kind == MarkKind::Similar, mark.weight, pairs});
        pairs_ += pairs;
    }
}

/// False where both sides hold the image it hit on.
bool MarkTerm::drawPair(const Sides& sides, std::mt19937_64& generator, std::int32_t& a, std::int32_t& b) {
    const std::size_t first = drawBelow(generator, sides.first.size());
    a = sides.first[first];
    if (sides.second.empty()) {
        const std::size_t other = drawBelow(generator, sides.first.size() - 1);
        b = sides.first[other + (other >= first ? 1 : 0)];
    } else {
        b = sides.second[drawBelow(generator, sides.second.size())];
    }
    if (a > b) std::swap(a, b);
    return a != b;
}

/// Marks take turns, so that one of thousands of pairs leaves the others their share.
MarkedPairs MarkTerm::draw(std::uint64_t step, std::size_t images) const {
    MarkedPairs drawn;
    if (marks_.empty()) return drawn;
    std::mt19937_64 generator(seedOf(seed_ ^ (step << 16), RandomStream::Marks));
    const std::size_t wanted = std::min(std::max<std::size_t>(images / kImagesPerPair, 1), pairs_);
    std::unordered_map<std::int32_t, std::int32_t> rowOf;
    const auto row = [&](std::int32_t sample) {
        const auto [place, isNew] = rowOf.try_emplace(sample, static_cast<std::int32_t>(drawn.samples.size()));
        if (isNew) drawn.samples.push_back(sample);
        return place->second;
    };
    std::set<std::pair<std::size_t, std::pair<std::int32_t, std::int32_t>>> once;
    const std::size_t start = drawBelow(generator, marks_.size());
    // Small marks run out of pairs, and large ones may hit the same pair twice: more attempts than pairs.
    for (std::size_t attempt = 0; drawn.pairs.size() < wanted && attempt < 40 * wanted; ++attempt) {
        const std::size_t number = (start + attempt) % marks_.size();
        const Sides& sides = marks_[number];
        std::int32_t a = 0, b = 0;
        if (!drawPair(sides, generator, a, b) || !once.insert({number, {a, b}}).second) continue;
        const std::int32_t first = row(a);  // before the second: the order of rows must not vary
        drawn.pairs.push_back({first, row(b), sides.similar});
        drawn.weights.push_back(sides.weight);
    }
    return drawn;
}

torch::Tensor MarkTerm::evaluate(const MarkedPairs& marked, const torch::Tensor& rows,
                                 const torch::Tensor& batch) const {
    std::vector<std::int64_t> first, second;
    std::vector<float> similar;
    for (const GivenPair& pair : marked.pairs) {
        first.push_back(pair.first);
        second.push_back(pair.second);
        similar.push_back(pair.similar ? 1.0F : 0.0F);
    }
    const auto options = torch::TensorOptions().device(rows.device());
    const auto listed = [&](const auto& values, at::ScalarType type) {
        return torch::tensor(values, torch::TensorOptions(type)).to(options.device());
    };
    const torch::Tensor pulled = listed(similar, torch::kFloat);
    const torch::Tensor weights =
        listed(std::vector<float>(marked.weights.begin(), marked.weights.end()), torch::kFloat);
    torch::Tensor squares =
        (rows.index_select(0, listed(first, torch::kLong)) - rows.index_select(0, listed(second, torch::kLong)))
            .pow(2)
            .sum(1);
    if (!normalized_) {
        const torch::Tensor points = batch.detach();
        squares = squares / (points - points.mean(0, true)).pow(2).sum(1).mean().clamp_min(kLeastWidth);
    }
    const torch::Tensor terms = pulled * squares + (1 - pulled) * (kMargin - squares).clamp_min(0);
    return (weights * terms).mean();
}

}  // namespace embedscope
