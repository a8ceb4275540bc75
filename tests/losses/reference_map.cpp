#include "engine/losses/measure.h"
#include "tests/losses/reference_case.h"

#include <functional>
#include <stdexcept>
#include <vector>

namespace embedscope {
namespace {

using Json = nlohmann::json;
using Values = ParameterValues;

double distanceOf(const Json& params) {
    const Json& distance = params.at("distance");
    const std::string type = distance.at("type");
    const bool normalized = distance.at("normalize_embeddings");
    const auto as = [](Measure measure) { return static_cast<double>(measure); };
    if (type == "CosineSimilarity") return as(Measure::Cosine);
    if (type == "DotProductSimilarity") return as(normalized ? Measure::Cosine : Measure::Dot);
    if (type == "SNRDistance") return as(normalized ? Measure::NormalizedSignalNoise : Measure::SignalNoise);
    if (type != "LpDistance" || distance.at("p") != 2) throw std::runtime_error("Unknown distance " + distance.dump());
    if (distance.at("power") == 2) return as(normalized ? Measure::NormalizedSquared : Measure::Squared);
    return as(normalized ? Measure::NormalizedEuclidean : Measure::Euclidean);
}

double averageOf(const Json& params) {
    return params.at("reducer") == "AvgNonZeroReducer" ? 0 : 1;
}

double number(const Json& params, const char* name) {
    return params.at(name).get<double>();
}

/// A parameter of ours and the name that the reference has for it.
using Names = std::vector<std::pair<const char*, const char*>>;

/// A start of configuration names, our loss, and what of `params` becomes which parameter.
struct Entry {
    const char* config;
    const char* id;
    Names names;
    bool distance = false, average = false, twoViews = false;
    std::function<void(const Json&, OurLoss&)> more = nullptr;
};

const std::vector<Entry>& entries() {
    static const std::vector<Entry> kEntries = {
        {"contrastive_sqdist", "contrastive_squared", {{"margin", "margin"}}},
        {"hadsell_sqmargin",
         "contrastive_hadsell",
         {{"margin", "margin"}},
         false,
         false,
         false,
         [](const Json& params, OurLoss& ours) { ours.factor = params.at("factor"); }},
        {"hadsell_naive_sqrt", "contrastive_hadsell", {{"margin", "margin"}}},
        {"contrastive_pml",
         "contrastive_linear",
         {{"margin", "neg_margin"}, {"positive_margin", "pos_margin"}},
         true,
         true},
        {"snr_contrastive",
         "snr_contrastive",
         {{"margin", "neg_margin"}, {"positive_margin", "pos_margin"}},
         true,
         true},
        {"triplet_sqdist", "triplet_squared", {{"margin", "margin"}}},
        {"triplet_pml",
         "triplet_margin",
         {{"margin", "margin"}, {"swap", "swap"}, {"form", "smooth_loss"}},
         true,
         true},
        {"margin_loss",
         "margin_loss",
         {{"margin", "margin"}, {"beta", "beta"}},
         true,
         false,
         false,
         [](const Json& params, OurLoss& ours) {
             ours.choice.parameters["average"] = params.at("reducer") == "DivisorReducer" ? 0 : 1;
         }},
        {"centroid_triplet", "centroid_triplet", {{"margin", "margin"}}, false, true},
        {"ntxent_pml", "nt_xent", {{"temperature", "temperature"}}, true},
        {"supcon_pml", "supcon", {{"temperature", "temperature"}}, true, true},
        {"supcon_khosla", "supcon_khosla", {{"temperature", "temperature"}, {"base_temperature", "base_temperature"}}},
        {"multisimilarity", "multi_similarity", {{"alpha", "alpha"}, {"beta", "beta"}, {"base", "base"}}, true},
        {"circle", "circle", {{"relaxation", "m"}, {"scale", "gamma"}}, false, true},
        {"lifted_pml", "lifted", {{"margin", "neg_margin"}, {"positive_margin", "pos_margin"}}, true},
        {"generalized_lifted_pml",
         "generalized_lifted",
         {{"margin", "neg_margin"}, {"positive_margin", "pos_margin"}},
         true},
        {"npairs_pml", "n_pairs", {}, true},
        {"angular", "angular", {{"angle", "alpha"}}},
        {"tuplet_margin", "tuplet_margin", {{"angle", "margin"}, {"scale", "scale"}}},
        {"intra_pair_variance", "intra_pair_variance", {{"positive_slack", "pos_eps"}, {"negative_slack", "neg_eps"}}},
        {"fastap",
         "fast_ap",
         {{"bins", "num_bins"}},
         false,
         false,
         false,
         [](const Json& params, OurLoss& ours) {
             ours.choice.parameters["distance"] = params.at("distance").at("power") == 2 ? 0 : 1;
         }},
        {"proxynca", "proxy_nca", {{"scale", "softmax_scale"}}},
        {"proxyanchor", "proxy_anchor", {{"margin", "margin"}, {"alpha", "alpha"}}},
        {"arcface", "arcface", {{"angle", "margin"}, {"scale", "scale"}}},
        {"cosface", "cosface", {{"margin", "margin"}, {"scale", "scale"}}},
        {"normalizedsoftmax", "normalized_softmax", {{"temperature", "temperature"}}},
        {"uniformity", "uniformity", {{"sharpness", "t"}}, false, false, true},
        {"simclr", "simclr", {{"temperature", "temperature"}}, false, false, true},
        {"vicreg",
         "vicreg",
         {{"invariance", "invariance_lambda"}, {"variance", "variance_mu"}, {"covariance", "covariance_v"}},
         false,
         false,
         true},
        {"barlow_twins", "barlow_twins", {{"redundancy", "lambda_param"}}, false, false, true},
        {"alignment", "alignment", {{"power", "alpha"}}, false, false, true},
        {"align_plus_uniform",
         "align_uniform",
         {{"power", "alpha"}, {"sharpness", "t"}, {"uniformity", "lam"}},
         false,
         false,
         true},
    };
    return kEntries;
}

}  // namespace

std::optional<OurLoss> ourLoss(const Json& reference) {
    const std::string id = reference.at("id");
    for (const Entry& entry : entries()) {
        if (!id.starts_with(entry.config)) continue;
        const Json& params = reference.at("params");
        OurLoss ours{{entry.id, {}}, 1, entry.twoViews};
        Values& values = ours.choice.parameters;
        for (const auto& [name, theirs] : entry.names) {
            const Json& value = params.at(theirs);
            values[name] = value.is_boolean() ? double(value.get<bool>()) : number(params, theirs);
        }
        if (entry.distance) values["distance"] = distanceOf(params);
        if (entry.average) values["average"] = averageOf(params);
        if (entry.more) entry.more(params, ours);
        return ours;
    }
    return std::nullopt;
}

}  // namespace embedscope
