// J. Wang et al.: Deep Metric Learning with Angular Loss. ICCV 2017 (1708.01682).
#include "engine/losses/anchor_partners.h"
#include "engine/losses/distances.h"
#include "engine/losses/matrix_product.h"
#include "engine/losses/parameter_loss.h"
#include "engine/losses/precomputed.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace embedscope {
namespace {

/// Products of normalised with raw rows and of normalised rows among themselves, and how the sum changes with them.
template <typename Scalar>
struct Products {
    const Scalar *toRaw, *toEach;
    Scalar *toRawGradient, *toEachGradient;
    std::int64_t count;
    Scalar squaredTangent;
};

/// Both ordered pairs of a and p, which share their negatives: 2·log(1 + Σ_n exp(4t(a+p)·n - 2(1+t)a·p)).
template <typename Scalar>
double addPair(const Products<Scalar>& all, std::int64_t a, std::int64_t p, const std::vector<std::int64_t>& negatives,
               std::vector<Scalar>& exponents) {
    const Scalar pull = 2 * (1 + all.squaredTangent), push = 4 * all.squaredTangent;
    const Scalar own = pull * all.toEach[a * all.count + p];
    Scalar highest = 0;  // the 1 of log(1 + …) is exp 0
    for (std::size_t n = 0; n < negatives.size(); ++n) {
        const Scalar toBoth = all.toRaw[a * all.count + negatives[n]] + all.toRaw[p * all.count + negatives[n]];
        exponents[n] = push * toBoth - own;
        highest = std::max(highest, exponents[n]);
    }
    Scalar sum = std::exp(-highest);
    for (Scalar& each : exponents) sum += each = std::exp(each - highest);
    Scalar total = 0;
    for (std::size_t n = 0; n < negatives.size(); ++n) {
        const Scalar share = 2 * exponents[n] / sum;
        total += share;
        all.toRawGradient[a * all.count + negatives[n]] += push * share;
        all.toRawGradient[p * all.count + negatives[n]] += push * share;
    }
    all.toEachGradient[a * all.count + p] -= pull * total;
    return 2 * (static_cast<double>(highest) + std::log(static_cast<double>(sum)));
}

struct Sum {
    double value = 0;
    std::int64_t pairs = 0;
};

/// Threads share by classes, because a pair writes into the rows of both its ends.
template <typename Scalar>
Sum sumOverPairs(const Products<Scalar>& all, const AnchorPartners& partners) {
    const auto classes = partners.groups();
    std::vector<Sum> sums(classes.size());
    at::parallel_for(0, static_cast<std::int64_t>(classes.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::int64_t> positives, negatives;
        std::vector<Scalar> exponents;
        for (std::int64_t each = begin; each < end; ++each) {
            for (const std::int64_t a : classes[each]) {
                partners.list(a, positives, negatives);
                exponents.resize(negatives.size());
                for (const std::int64_t p : positives) {
                    if (p < a) continue;
                    sums[each].value += addPair(all, a, p, negatives, exponents);
                    sums[each].pairs += 2;
                }
            }
        }
    });
    Sum total;  // in the classes' order: the same for any number of threads
    for (const Sum& sum : sums) {
        total.value += sum.value;
        total.pairs += sum.pairs;
    }
    return total;
}

class Angular : public ParameterLoss {
public:
    using ParameterLoss::ParameterLoss;

    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples&) override {
        const torch::Tensor rows = normalizedRows(embeddings);
        const torch::Tensor toRaw = rowProducts(rows, embeddings), toEach = rowProducts(rows);
        const torch::Tensor raw = toRaw.detach().cpu().contiguous(), each = toEach.detach().cpu().contiguous();
        const torch::Tensor rawGradient = torch::zeros_like(raw), eachGradient = torch::zeros_like(each);
        const double tangent = std::tan(value("angle") * std::numbers::pi / 180);
        const AnchorPartners partners(labels, {});
        const Sum sum = AT_DISPATCH_FLOATING_TYPES(raw.scalar_type(), "angular", [&] {
            return sumOverPairs<scalar_t>(
                {raw.data_ptr<scalar_t>(), each.data_ptr<scalar_t>(), rawGradient.data_ptr<scalar_t>(),
                 eachGradient.data_ptr<scalar_t>(), raw.size(0), static_cast<scalar_t>(tangent * tangent)},
                partners);
        });
        const torch::Tensor total = precomputed(toRaw, sum.value, rawGradient) + precomputed(toEach, 0, eachGradient);
        return {total / static_cast<double>(std::max<std::int64_t>(sum.pairs, 1)),
                std::numeric_limits<double>::quiet_NaN()};
    }
};

}  // namespace

LossRow angular() {
    return {
        {.id = "angular",
         .label = "Angular",
         .group = "Triplet losses",
         .help = "Limits the angle under which the negative sees the pair of anchor and positive. It does not depend "
                 "on scale, so compact and wide classes are treated alike.",
         .formula = "L(a,p) = log(1 + Σ_n exp(4t(a+p)·n - 2(1+t)a·p)), t = tan²α",
         .source = "Wang et al., ICCV 2017",
         .parameters = {liveParameter("angle", "Angle α", 5, 80, 1, 40,
                                      "Degrees that a negative may see the pair under. Larger: negatives are pushed "
                                      "harder than positives are pulled.")},
         .grouping = Grouping::Batch},
        makeOf<Angular>};
}

}  // namespace embedscope
