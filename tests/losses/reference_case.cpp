#include "tests/losses/reference_case.h"

#include "engine/losses/loss_table.h"
#include "engine/losses/two_view_table.h"
#include "tests/support/reference_tensor.h"

namespace embedscope {
namespace {

using Json = nlohmann::json;

Tuples tuplesOf(const Json& reference) {
    const Json& inputs = reference["inputs"];
    Tuples tuples;
    const std::string wanted = reference["params"].value("tuples", "the given");
    if (wanted.starts_with("all")) return tuples;
    if (inputs.contains("triplets")) {
        tuples.kind = Tuples::Kind::Triplets;
        tuples.triplets = indicesOf(inputs["triplets"], 3);
        if (wanted.starts_with("only the first")) tuples.triplets = tuples.triplets.slice(1, 0, 1);
    } else if (inputs.contains("pairs")) {
        Json similar = Json::array(), dissimilar = Json::array();
        for (std::size_t i = 0; i < inputs["pairs"].size(); ++i)
            (inputs["pair_y"][i] == 0 ? similar : dissimilar).push_back(inputs["pairs"][i]);
        tuples.kind = Tuples::Kind::Pairs;
        tuples.positivePairs = indicesOf(similar, 2);
        tuples.negativePairs = indicesOf(dissimilar, 2);
    }
    return tuples;
}

}  // namespace

CaseInputs inputsOf(const Json& reference, torch::ScalarType precision) {
    const Json& inputs = reference["inputs"];
    CaseInputs result;
    if (inputs.contains("view1")) {
        result.embeddings = torch::cat({tensorOf(inputs["view1"]), tensorOf(inputs["view2"])});
        result.labels = torch::arange(result.embeddings.size(0) / 2).repeat({2});
    } else {
        result.embeddings = tensorOf(inputs["embeddings"]);
        result.labels = labelsOf(inputs["labels"]);
        result.tuples = tuplesOf(reference);
    }
    if (inputs.contains("proxies")) result.weights = tensorOf(inputs["proxies"]).to(precision);
    if (inputs.contains("W")) result.weights = tensorOf(inputs["W"]).t().contiguous().to(precision);
    result.embeddings = result.embeddings.to(precision).requires_grad_(true);
    return result;
}

Outcome evaluated(const OurLoss& ours, const CaseInputs& inputs) {
    LossSetting setting;
    setting.dimension = static_cast<int>(inputs.embeddings.size(1));
    setting.classes = inputs.weights.defined() ? static_cast<int>(inputs.weights.size(0)) : 0;
    const auto loss = makeLoss(ours.twoViews ? twoViewLossTable() : lossTable(), ours.choice, setting);
    torch::Tensor weights;
    if (inputs.weights.defined()) {
        weights = loss->weights().at(0);
        weights.set_data(inputs.weights.clone());
    }
    const LossValue value = loss->evaluate(inputs.embeddings, inputs.labels, inputs.tuples);
    value.loss.backward();
    Outcome outcome;
    outcome.loss = ours.factor * value.loss.item<double>();
    outcome.gradient = ours.factor * inputs.embeddings.grad().to(torch::kFloat64);
    if (weights.defined()) outcome.weightsGradient = ours.factor * weights.grad().to(torch::kFloat64);
    outcome.activeFraction = value.activeFraction;
    return outcome;
}

torch::Tensor expectedGradient(const Json& reference) {
    const Json& expected = reference["expected"];
    if (expected.contains("grad_view1"))
        return torch::cat({tensorOf(expected["grad_view1"]), tensorOf(expected["grad_view2"])});
    return expected.contains("grad_embeddings") ? tensorOf(expected["grad_embeddings"]) : torch::Tensor();
}

torch::Tensor expectedWeightsGradient(const Json& reference) {
    const Json& expected = reference["expected"];
    if (expected.contains("grad_proxies")) return tensorOf(expected["grad_proxies"]);
    return expected.contains("grad_W") ? tensorOf(expected["grad_W"]).t().contiguous() : torch::Tensor();
}

}  // namespace embedscope
