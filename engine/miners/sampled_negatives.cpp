// Distance-weighted: C.-Y. Wu et al.: Sampling Matters in Deep Embedding Learning. ICCV 2017 (1706.07567).
#include "engine/miners/sampled_negatives.h"

#include "engine/encoders/tensor_state.h"
#include "engine/losses/log_sums.h"
#include "engine/miners/miner_table.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

torch::Tensor distanceWeights(const torch::Tensor& embeddings, const torch::Tensor& labels, double cutoff,
                              double endless) {
    const torch::NoGradGuard noGradient;
    const auto dimension = static_cast<double>(embeddings.size(1));
    const torch::Tensor all = measured(embeddings, Measure::NormalizedEuclidean);
    const torch::Tensor candidates = pairMasks(embeddings, labels, {}).dissimilar.logical_and(all < endless);
    const torch::Tensor raised = all.clamp_min(cutoff);
    const torch::Tensor rest = (1 - raised.square() / 4).clamp_min(1e-12);
    const torch::Tensor logarithm = (2 - dimension) * raised.log() - (dimension - 3) / 2 * rest.log();
    const torch::Tensor open =
        logarithm.masked_fill(candidates.logical_not(), -std::numeric_limits<double>::infinity());
    return open.softmax(1).masked_fill(candidates.logical_not(), 0);
}

namespace {

/// Draws one negative for each similar pair.
class SampledNegatives : public Miner {
public:
    explicit SampledNegatives(std::uint64_t seed) : generator_(at::make_generator<at::CPUGeneratorImpl>(seed)) {}

    Tuples mine(const torch::Tensor& embeddings, const torch::Tensor& labels) override {
        const torch::NoGradGuard noGradient;
        const torch::Tensor chances = weights(embeddings, labels).cpu();
        const torch::Tensor similar = pairMasks(embeddings, labels, {}).similar.cpu();
        const torch::Tensor pairs = similar.logical_and((chances.sum(1, true) > 0)).nonzero().t();
        Tuples tuples;
        tuples.kind = Tuples::Kind::Triplets;
        tuples.triplets = torch::cat({pairs, drawn(chances, pairs[0]).unsqueeze(0)}).to(embeddings.device());
        return tuples;
    }

    void save(const StateWriter& state) const override { embedscope::save(state, "generator", generator_.get_state()); }
    void load(const StateReader& state) override {
        const torch::Tensor saved = loaded(state, "generator"), now = generator_.get_state();
        if (!saved.sizes().equals(now.sizes()) || saved.scalar_type() != now.scalar_type())
            state.fail("generator", "is of another version of the tensor library");
        generator_.set_state(saved);
    }

protected:
    virtual torch::Tensor weights(const torch::Tensor& embeddings, const torch::Tensor& labels) const = 0;

private:
    /// By the inverse of the cumulated chances: one number a triplet, however many triplets an anchor has.
    torch::Tensor drawn(const torch::Tensor& chances, const torch::Tensor& anchors) {
        const torch::Tensor upTo = chances.to(torch::kFloat64).cumsum(1);
        const torch::Tensor place = torch::rand({anchors.size(0)}, generator_, torch::kFloat64);
        const torch::Tensor result = torch::empty({anchors.size(0)}, torch::kInt64);
        const auto sum = upTo.accessor<double, 2>();
        const auto anchor = anchors.accessor<std::int64_t, 1>();
        const double* wanted = place.data_ptr<double>();
        std::int64_t* negative = result.data_ptr<std::int64_t>();
        const std::int64_t last = chances.size(1) - 1;
        for (std::int64_t i = 0; i < result.size(0); ++i) {
            const auto row = sum[anchor[i]];
            // The first that reaches beyond the place has a chance; rounding must not carry past the last such.
            const double bounded = std::min(wanted[i] * row[last], std::nextafter(row[last], 0.0));
            negative[i] = std::upper_bound(row.data(), row.data() + last, bounded) - row.data();
        }
        return result;
    }

    at::Generator generator_;
};

class DistanceWeighted : public SampledNegatives {
public:
    DistanceWeighted(const ParameterValues& values, std::uint64_t seed)
        : SampledNegatives(seed), cutoff_(values.at("cutoff")), endless_(values.at("nonzero_loss_cutoff")) {}

protected:
    torch::Tensor weights(const torch::Tensor& embeddings, const torch::Tensor& labels) const override {
        return distanceWeights(embeddings, labels, cutoff_, endless_);
    }

private:
    double cutoff_, endless_;
};

class RandomTriplets : public SampledNegatives {
public:
    using SampledNegatives::SampledNegatives;

protected:
    torch::Tensor weights(const torch::Tensor& embeddings, const torch::Tensor& labels) const override {
        return pairMasks(embeddings, labels, {}).dissimilar.to(torch::kFloat64);
    }
};

}  // namespace

MinerRow distanceWeighted() {
    MinerRow row;
    row.entry.id = "distance_weighted";
    row.entry.label = "Distance-weighted";
    row.entry.group = "Drawn at random";
    row.entry.help =
        "Draws one negative for each similar pair, evenly over distances, so that near, middling and far negatives all "
        "push: steady, with little noise.";
    row.entry.formula = "chance of n ~ 1/q(d(a,n)), q(d) = d^(D-2) (1 - d²/4)^((D-3)/2)";
    row.entry.source = "Wu et al., ICCV 2017";
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    row.entry.parameters = {minerParameter("cutoff", "Cut-off", 0.05, 1.9, 0.05, 0.5,
                                           "Negatives nearer than this count as if there. Smaller: harder negatives, "
                                           "noisier movement."),
                            minerParameter("nonzero_loss_cutoff", "Farthest", 0.1, 2, 0.05, 1.4,
                                           "Negatives farther than this are never drawn.")};
    row.make = [](const ParameterValues& values, std::uint64_t seed) {
        return std::make_unique<DistanceWeighted>(values, seed);
    };
    return row;
}

MinerRow randomTriplets() {
    MinerRow row;
    row.entry.id = "random";
    row.entry.label = "Random";
    row.entry.group = "Drawn at random";
    row.entry.help = "Draws one negative for each similar pair at random. A baseline: most soon give no loss.";
    row.entry.grouping = Grouping::Pairs | Grouping::Triplets;
    row.make = [](const ParameterValues&, std::uint64_t seed) { return std::make_unique<RandomTriplets>(seed); };
    return row;
}

}  // namespace embedscope
