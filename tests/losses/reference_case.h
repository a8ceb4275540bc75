#pragma once

#include "engine/losses/loss.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace embedscope {

/// How one of our losses states a case of losses.json.
struct OurLoss {
    Choice choice;
    double factor = 1;      ///< What the reference multiplies our value with.
    bool twoViews = false;  ///< Of the table of losses on two views.
};

/// Nothing if the case's configuration is unknown to the map.
std::optional<OurLoss> ourLoss(const nlohmann::json& reference);

/// A case's tensors in one precision.
struct CaseInputs {
    torch::Tensor embeddings, labels;
    torch::Tensor weights;  ///< Proxies or weights, one row a class; undefined if the case has none.
    Tuples tuples;
};
CaseInputs inputsOf(const nlohmann::json& reference, torch::ScalarType precision);

struct Outcome {
    double loss = 0;
    torch::Tensor gradient, weightsGradient;  ///< float64.
    double activeFraction = 0;
};
Outcome evaluated(const OurLoss& ours, const CaseInputs& inputs);

/// The expected gradient, the views of a two-view case one below the other; undefined if the case has none.
torch::Tensor expectedGradient(const nlohmann::json& reference);
torch::Tensor expectedWeightsGradient(const nlohmann::json& reference);

}  // namespace embedscope
