#pragma once

#include "engine/experiment.h"
#include "engine/losses/tuples.h"
#include "engine/snapshot.h"

#include <torch/types.h>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace embedscope {

struct LossValue {
    torch::Tensor loss;         ///< Scalar with a gradient; 0 (with a graph) if no tuple was active.
    double activeFraction = 0;  ///< Share of the tuples with non-zero loss, 0..1; NaN where that has no meaning.
};

/// What a loss is told when it is made.
struct LossSetting {
    int dimension = 64;
    int classes = 0;         ///< Number of classes of the training part.
    std::uint64_t seed = 1;  ///< For proxies and weights of its own.
    torch::Device device = torch::kCPU;
};

/// Points that a loss owns, as it sees them.
struct Proxies {
    torch::Tensor rows;                 ///< [C, D] without gradient.
    std::vector<std::int64_t> classes;  ///< [C] class of the training part.
};

class Loss {
public:
    virtual ~Loss() = default;

    /// @param embeddings [B, D] with gradient. @param labels [B] int64, -1 unlabelled: part of no pair.
    virtual LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) = 0;

    /// Proxies or weights of its own, for the optimiser. Stable order.
    virtual std::vector<torch::Tensor> weights() { return {}; }

    /// Those of its weights that are points among the embeddings.
    virtual std::optional<Proxies> proxies() const { return std::nullopt; }

    /// A parameter its row calls changesLive. @throws std::invalid_argument for others.
    virtual void setParameter(std::string_view id, double value) = 0;

    /// Where its margin stands among Euclidean distances. @param similarMeanSquare mean squared similar distance.
    virtual std::optional<MarginMark> marginMark(double similarMeanSquare) const = 0;
};

/// @throws std::invalid_argument naming the known ids or parameters.
std::unique_ptr<Loss> makeLoss(const Choice& choice, const LossSetting& setting);

/// The loss, with the added ones if there are any: a weighted sum on the same batch and tuples, of which the first
/// gives active fraction, margin mark and live parameters.
std::unique_ptr<Loss> makeLoss(const Choice& choice, const std::vector<AddedLoss>& added, const LossSetting& setting);

}  // namespace embedscope
