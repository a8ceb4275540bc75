#include "engine/losses/triplet_sum.h"

#include "engine/losses/anchor_partners.h"
#include "engine/losses/precomputed.h"

#include <ATen/Dispatch.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace embedscope {
namespace {

using Shape = TripletTerm::Shape;

struct Totals {
    double sum = 0;
    std::int64_t selected = 0, counted = 0, active = 0, possible = 0;

    void add(const Totals& other) {
        sum += other.sum;
        selected += other.selected;
        counted += other.counted;
        active += other.active;
        possible += other.possible;
    }
};

/// The window and the term in the precision of the loop.
template <typename Scalar>
struct Rule {
    Scalar above, upTo, margin;
    Scalar angleFactor = 0;  ///< Not 0: chosen are triplets with d²(a,n) + d²(p,n) < factor · d²(a,p).
    Rule(const Tuples& tuples, double termMargin) : margin(static_cast<Scalar>(termMargin)) {
        if (tuples.kind == Tuples::Kind::Angle) {
            // |n - (a+p)/2|² is the median's square, d²(a,n)/2 + d²(p,n)/2 - d²(a,p)/4.
            const double tangent = std::tan(tuples.angle * std::numbers::pi / 180);
            angleFactor = static_cast<Scalar>((1 + tangent * tangent) / (2 * tangent * tangent));
        }
        const bool window = tuples.kind == Tuples::Kind::Window;
        constexpr double kEndless = std::numeric_limits<double>::infinity();
        above = static_cast<Scalar>(window ? tuples.above : -kEndless);
        upTo = static_cast<Scalar>(window ? tuples.upTo : kEndless);
        if (angleFactor > 0) upTo = 0;
    }
};

/// One anchor's negatives, gathered so that the loop over them is straight and vectorises.
template <typename Scalar>
struct Negatives {
    std::vector<std::int64_t> index;
    std::vector<Scalar> distance, window, gradient;
    std::vector<Scalar> fromPositive, positiveGradient;  ///< d(p,n) and its gradient; for swap only.
    std::vector<Scalar> toBoth;                          ///< d²(a,n) + d²(p,n); for angles only.

    void gather(const Scalar* distances, const Scalar* windows) {
        gatherRow(distances, distance);
        gatherRow(windows, window);
        gradient.assign(index.size(), 0);
    }
    void gatherRow(const Scalar* row, std::vector<Scalar>& values) const {
        values.resize(index.size());
        for (std::size_t n = 0; n < index.size(); ++n) values[n] = row[index[n]];
    }
    void scatter(const std::vector<Scalar>& values, Scalar* row) const {
        for (std::size_t n = 0; n < index.size(); ++n) row[index[n]] += values[n];
    }
};

template <typename Scalar, Shape kShape>
inline Scalar termValue(Scalar t) {
    if constexpr (kShape == Shape::Count) return 1;
    if constexpr (kShape == Shape::Hinge) return t > 0 ? t : 0;
    return t > 20 ? t : std::log1p(std::exp(t));  // torch's Softplus is the identity from 20 on
}

template <typename Scalar, Shape kShape>
inline Scalar termSlope(Scalar t) {
    if constexpr (kShape == Shape::Count) return 1;
    if constexpr (kShape == Shape::Hinge) return static_cast<Scalar>(t > 0);
    return t > 20 ? 1 : 1 / (1 + std::exp(-t));
}

/// All triplets of one anchor and one positive. @return how their sum changes with d(a,p).
template <typename Scalar, Shape kShape, bool kSwap>
Scalar sumOverNegatives(Negatives<Scalar>& negatives, Scalar toPositive, Scalar windowToPositive,
                        const Rule<Scalar>& rule, Totals& totals) {
    const std::size_t size = negatives.index.size();
    const bool byAngle = rule.angleFactor > 0;
    const Scalar *distance = negatives.distance.data(),
                 *window = (byAngle ? negatives.toBoth : negatives.window).data();
    if (byAngle) windowToPositive *= rule.angleFactor;
    const Scalar* other = negatives.fromPositive.data();
    Scalar *gradient = negatives.gradient.data(), *otherGradient = negatives.positiveGradient.data();
    Scalar sum = 0, slopes = 0;
    std::int32_t selected = 0, counted = 0, active = 0;
#pragma omp simd reduction(+ : sum, slopes, selected, counted, active)
    for (std::size_t n = 0; n < size; ++n) {
        const Scalar gap = window[n] - windowToPositive;
        const bool chosen = (gap > rule.above) & (gap <= rule.upTo);
        const Scalar nearest = kSwap ? std::min(distance[n], other[n]) : distance[n];
        const Scalar t = toPositive - nearest + rule.margin;
        const Scalar value = termValue<Scalar, kShape>(t);
        const Scalar slope = chosen ? termSlope<Scalar, kShape>(t) : 0;
        sum += chosen ? value : 0;
        slopes += slope;
        selected += chosen;
        counted += chosen & (value > 0);
        active += value > 0;
        if constexpr (kSwap) {
            const Scalar own = distance[n] < other[n] ? 1 : (distance[n] > other[n] ? 0 : Scalar(0.5));
            gradient[n] -= slope * own;
            otherGradient[n] -= slope * (1 - own);
        } else {
            gradient[n] -= slope;
        }
    }
    totals.add({static_cast<double>(sum), selected, counted, active, static_cast<std::int64_t>(size)});
    return slopes;
}

/// @param gradient [B, B]; receives how the sum changes with each distance.
template <typename Scalar>
struct Pass {
    const AnchorPartners& partners;
    const Scalar* distances;
    const Scalar* windows;
    Rule<Scalar> rule;
    Scalar* gradient;

    template <Shape kShape, bool kSwap>
    Totals anchor(std::int64_t a, Negatives<Scalar>& negatives, std::vector<std::int64_t>& positives) const {
        Totals totals;
        const std::int64_t count = partners.count();
        partners.list(a, positives, negatives.index);
        negatives.gather(distances + a * count, windows + a * count);
        for (const std::int64_t p : positives) {
            if (rule.angleFactor > 0) {
                negatives.gatherRow(windows + p * count, negatives.toBoth);
                for (std::size_t n = 0; n < negatives.index.size(); ++n) negatives.toBoth[n] += negatives.window[n];
            }
            if constexpr (kSwap) {
                negatives.gatherRow(distances + p * count, negatives.fromPositive);
                negatives.positiveGradient.assign(negatives.index.size(), 0);
            }
            gradient[a * count + p] += sumOverNegatives<Scalar, kShape, kSwap>(negatives, distances[a * count + p],
                                                                               windows[a * count + p], rule, totals);
            if constexpr (kSwap) negatives.scatter(negatives.positiveGradient, gradient + p * count);
        }
        negatives.scatter(negatives.gradient, gradient + a * count);
        return totals;
    }

    /// Swapping writes into the rows of the positives too, so that threads then share by groups, not by anchors.
    template <Shape kShape, bool kSwap>
    Totals all() const {
        std::vector<Totals> each(partners.count());
        const auto groups = kSwap ? partners.groups() : std::vector<std::vector<std::int64_t>>{};
        const auto tasks = kSwap ? static_cast<std::int64_t>(groups.size()) : partners.count();
        at::parallel_for(0, tasks, kSwap ? 1 : 8, [&](std::int64_t begin, std::int64_t end) {
            Negatives<Scalar> negatives;
            std::vector<std::int64_t> positives;
            for (std::int64_t task = begin; task < end; ++task) {
                if constexpr (kSwap)
                    for (const std::int64_t a : groups[task]) each[a] = anchor<kShape, true>(a, negatives, positives);
                else
                    each[task] = anchor<kShape, false>(task, negatives, positives);
            }
        });
        Totals totals;  // in the anchors' order: the same for any number of threads
        for (const Totals& one : each) totals.add(one);
        return totals;
    }

    Totals all(const TripletTerm& term) const {
        switch (term.shape) {
            case Shape::Hinge:
                return term.swap ? all<Shape::Hinge, true>() : all<Shape::Hinge, false>();
            case Shape::Soft:
                return term.swap ? all<Shape::Soft, true>() : all<Shape::Soft, false>();
            case Shape::Count:
                break;
        }
        return all<Shape::Count, false>();
    }
};

/// The sum over everything but a list, with `gradient` filled.
Totals sumUnlisted(const torch::Tensor& distances, const torch::Tensor& windows, const torch::Tensor& labels,
                   const Tuples& tuples, const TripletTerm& term, torch::Tensor& gradient) {
    const torch::Tensor values = distances.detach().cpu().contiguous();
    const torch::Tensor gaps = windows.defined() ? windows.detach().to(values.options()).contiguous() : values;
    const AnchorPartners partners(labels, tuples);
    gradient = torch::zeros_like(values);
    return AT_DISPATCH_FLOATING_TYPES(values.scalar_type(), "sumTriplets", [&] {
        const Pass<scalar_t> pass{partners, values.data_ptr<scalar_t>(), gaps.data_ptr<scalar_t>(),
                                  Rule<scalar_t>(tuples, term.margin), gradient.data_ptr<scalar_t>()};
        return pass.all(term);
    });
}

/// What the tuples choose by; undefined if they need no distances.
torch::Tensor windowDistances(const torch::Tensor& embeddings, const Tuples& tuples) {
    const torch::NoGradGuard noGradient;
    if (tuples.kind == Tuples::Kind::Window) return measured(embeddings, tuples.distance);
    if (tuples.kind == Tuples::Kind::Angle) return measured(embeddings, Measure::Squared);
    return {};
}

/// The distances of listed pairs: each by itself, or looked up in the matrix where the list is long.
class ListedDistances {
public:
    ListedDistances(const torch::Tensor& embeddings, std::int64_t triplets, const Distance& distance)
        : embeddings_(embeddings), distance_(distance) {
        const std::int64_t rows = embeddings.size(0);
        if (8 * triplets > rows * rows) matrix_ = measured(embeddings, distance);
    }
    torch::Tensor of(const torch::Tensor& anchors, const torch::Tensor& others) const {
        if (matrix_.defined()) return matrix_.index({anchors, others});
        return measuredPairs(embeddings_, anchors, others, distance_);
    }

private:
    torch::Tensor embeddings_, matrix_;
    Distance distance_;
};

TripletSum sumListed(const torch::Tensor& embeddings, const torch::Tensor& triplets, const TripletTerm& term) {
    const ListedDistances distances(embeddings, triplets.size(1), term.distance);
    const torch::Tensor toPositive = distances.of(triplets[0], triplets[1]);
    torch::Tensor toNegative = distances.of(triplets[0], triplets[2]);
    if (term.swap) toNegative = torch::min(toNegative, distances.of(triplets[1], triplets[2]));
    const torch::Tensor t = toPositive - toNegative + term.margin;
    const torch::Tensor terms = term.shape == Shape::Hinge ? t.relu() : torch::softplus(t);
    TripletSum result;
    result.sum = terms.sum();
    result.selected = result.possible = triplets.size(1);
    result.counted = result.active = (terms > 0).sum().item<std::int64_t>();
    return result;
}

}  // namespace

TripletSum sumTriplets(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples,
                       const TripletTerm& term) {
    if (tuples.kind == Tuples::Kind::Triplets) return sumListed(embeddings, tuples.triplets, term);
    const torch::Tensor distances = measured(embeddings, term.distance);
    const bool sameDistance = tuples.kind == Tuples::Kind::Window && tuples.distance == term.distance;
    const torch::Tensor windows = sameDistance ? distances.detach() : windowDistances(embeddings, tuples);
    torch::Tensor gradient;
    const Totals totals = sumUnlisted(distances, windows, labels, tuples, term, gradient);
    return {precomputed(distances, totals.sum, gradient), totals.selected, totals.counted, totals.active,
            totals.possible};
}

PairWeights windowPairCounts(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) {
    torch::Tensor counts;
    const torch::Tensor windows = windowDistances(embeddings, tuples);
    sumUnlisted(windows, windows, labels, tuples, {.shape = Shape::Count}, counts);
    counts = counts.to(embeddings.device());
    return {counts.clamp_min(0), counts.neg().clamp_min(0)};
}

}  // namespace embedscope
