#include "engine/losses/triplet_sum.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <limits>
#include <vector>

namespace embedscope {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

struct Counts {
    std::int64_t selected = 0, active = 0, possible = 0;
};

/// One anchor's negatives, gathered so that the loop over them is straight and vectorises.
template <typename Scalar>
struct Negatives {
    std::vector<std::int64_t> index;
    std::vector<Scalar> distance, window, gradient;

    void gather(const Scalar* distances, const Scalar* windows, const std::int64_t* labels, std::int64_t anchor,
                std::int64_t count) {
        index.clear();
        distance.clear();
        window.clear();
        for (std::int64_t n = 0; n < count; ++n) {
            if (labels[n] < 0 || labels[n] == labels[anchor]) continue;
            index.push_back(n);
            distance.push_back(distances[anchor * count + n]);
            window.push_back(windows[anchor * count + n]);
        }
        gradient.assign(index.size(), 0);
    }
};

/// All triplets of one anchor and one positive.
template <typename Scalar>
Scalar sumOverNegatives(Negatives<Scalar>& negatives, Scalar distanceToPositive, Scalar windowToPositive,
                        const Tuples& tuples, Scalar margin, Counts& counts, Scalar& positiveGradient) {
    const Scalar above = static_cast<Scalar>(tuples.above), upTo = static_cast<Scalar>(tuples.upTo);
    const std::size_t size = negatives.index.size();
    const Scalar* distance = negatives.distance.data();
    const Scalar* window = negatives.window.data();
    Scalar* gradient = negatives.gradient.data();
    Scalar sum = 0, active = 0, selected = 0;
    for (std::size_t n = 0; n < size; ++n) {
        const Scalar gap = window[n] - windowToPositive;
        const Scalar chosen = static_cast<Scalar>((gap > above) & (gap <= upTo));
        const Scalar term = distanceToPositive - distance[n] + margin;
        const Scalar counted = chosen * static_cast<Scalar>(term > 0);
        sum += counted * term;
        active += counted;
        selected += chosen;
        gradient[n] -= counted;
    }
    counts.selected += static_cast<std::int64_t>(selected);
    counts.active += static_cast<std::int64_t>(active);
    counts.possible += static_cast<std::int64_t>(size);
    positiveGradient += active;
    return sum;
}

/// @param gradient [B, B] zeroed; receives how the sum changes with each distance.
template <typename Scalar>
double sumOverAnchors(const Scalar* distances, const Scalar* windows, const std::int64_t* labels, std::int64_t count,
                      const Tuples& tuples, double margin, Scalar* gradient, Counts& total) {
    std::vector<double> sums(count);
    std::vector<Counts> counts(count);
    at::parallel_for(0, count, 8, [&](std::int64_t begin, std::int64_t end) {
        Negatives<Scalar> negatives;
        for (std::int64_t a = begin; a < end; ++a) {
            if (labels[a] < 0) continue;
            negatives.gather(distances, windows, labels, a, count);
            for (std::int64_t p = 0; p < count; ++p) {
                if (p == a || labels[p] != labels[a]) continue;
                sums[a] += sumOverNegatives(negatives, distances[a * count + p], windows[a * count + p], tuples,
                                            static_cast<Scalar>(margin), counts[a], gradient[a * count + p]);
            }
            for (std::size_t n = 0; n < negatives.index.size(); ++n)
                gradient[a * count + negatives.index[n]] += negatives.gradient[n];
        }
    });
    double sum = 0;  // in the anchors' order: the same for any number of threads
    for (std::int64_t a = 0; a < count; ++a) {
        sum += sums[a];
        total.selected += counts[a].selected;
        total.active += counts[a].active;
        total.possible += counts[a].possible;
    }
    return sum;
}

/// Hands a gradient that was computed with the value to the distances.
struct PrecomputedSum : torch::autograd::Function<PrecomputedSum> {
    static Variable forward(AutogradContext* context, const Variable& distances, const torch::Tensor& gradient,
                            double sum) {
        context->save_for_backward({gradient});
        return torch::full({}, sum, distances.options().requires_grad(false));
    }
    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        return {context->get_saved_variables()[0] * gradients[0], {}, {}};
    }
};

Tuples everyTriplet() {
    Tuples tuples;
    tuples.kind = Tuples::Kind::Window;
    tuples.above = -std::numeric_limits<double>::infinity();
    tuples.upTo = std::numeric_limits<double>::infinity();
    return tuples;
}

TripletSum sumListed(const torch::Tensor& distances, const torch::Tensor& triplets, double margin) {
    const torch::Tensor anchors = triplets[0];
    const torch::Tensor terms =
        (distances.index({anchors, triplets[1]}) - distances.index({anchors, triplets[2]}) + margin).relu();
    TripletSum result;
    result.sum = terms.sum();
    result.selected = triplets.size(1);
    result.active = (terms > 0).sum().item<std::int64_t>();
    return result;
}

/// @return {sum, counts} of a window, the gradient in `gradient`.
double windowSum(const torch::Tensor& distances, const torch::Tensor& windows, const torch::Tensor& labels,
                 const Tuples& tuples, double margin, torch::Tensor& gradient, Counts& counts) {
    gradient = torch::zeros_like(distances);
    double sum = 0;
    AT_DISPATCH_FLOATING_TYPES(distances.scalar_type(), "sumTriplets", [&] {
        sum = sumOverAnchors(distances.data_ptr<scalar_t>(), windows.data_ptr<scalar_t>(),
                             labels.data_ptr<std::int64_t>(), distances.size(0), tuples, margin,
                             gradient.data_ptr<scalar_t>(), counts);
    });
    return sum;
}

}  // namespace

TripletSum sumTriplets(const torch::Tensor& distances, const torch::Tensor& windowDistances,
                       const torch::Tensor& labels, const Tuples& tuples, double margin) {
    if (tuples.kind == Tuples::Kind::Triplets) return sumListed(distances, tuples.triplets, margin);
    const Tuples window = tuples.kind == Tuples::Kind::Window ? tuples : everyTriplet();
    // The loops run on the CPU; on another device only the B x B matrices travel.
    const torch::Tensor values = distances.detach().cpu().contiguous();
    const torch::Tensor windows =
        windowDistances.defined() ? windowDistances.detach().to(values.options()).contiguous() : values;
    torch::Tensor gradient;
    Counts counts;
    const double sum = windowSum(values, windows, labels.cpu().contiguous(), window, margin, gradient, counts);
    return {PrecomputedSum::apply(distances, gradient.to(distances.device()), sum), counts.selected, counts.active,
            counts.possible};
}

std::pair<torch::Tensor, torch::Tensor> windowPairCounts(const torch::Tensor& windowDistances,
                                                         const torch::Tensor& labels, const Tuples& tuples) {
    const torch::Tensor values = windowDistances.detach().cpu().contiguous();
    torch::Tensor gradient;
    Counts counts;
    // With an endless margin every chosen triplet is active, so the gradient counts the pairs.
    constexpr double kEndless = 1e6;
    windowSum(values, values, labels.cpu().contiguous(), tuples, kEndless, gradient, counts);
    gradient = gradient.to(windowDistances.device());
    return {gradient.clamp_min(0), gradient.neg().clamp_min(0)};
}

}  // namespace embedscope
