#include "engine/training/live_changes.h"

#include "engine/learning.h"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

LiveChange checked(Experiment settings, std::string kind, const nlohmann::json& value) {
    // An id that is no UTF-8 is refused below like any unknown one; it must not throw here.
    std::string json = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    LiveChange change{std::move(settings), "", std::move(kind), std::move(json)};
    if (const auto wrong = problems(change.settings); !wrong.empty()) change.refusal = wrong.front();
    return change;
}

nlohmann::json json(const Choice& choice) {
    return {{"id", choice.id}, {"parameters", nlohmann::json(choice.parameters)}};
}

/// Empty if the loss lets its parameter `id` change while a run goes on.
std::string liveRefusal(const Catalog& catalog, const Choice& choice, const std::string& id) try {
    const CatalogEntry& loss = entryOf(catalog, choice.id, "loss");
    if (parameterOf(loss, id).changesLive) return "";
    return "\"" + id + "\" of the loss \"" + loss.label +
           "\" cannot change while a run goes on; stop it and start again with the new value.";
} catch (const std::invalid_argument& unknown) {
    return unknown.what();
}

template <typename Request>
LiveChange parameterChange(const Experiment& settings, Choice Experiment::*loss, const Catalog& catalog,
                           const Request& request, const char* kind) {
    Experiment next = settings;
    (next.*loss).parameters[request.id] = request.value;
    LiveChange change = checked(std::move(next), kind, {{"id", request.id}, {"value", request.value}});
    if (std::string refusal = liveRefusal(catalog, settings.*loss, request.id); !refusal.empty())
        change.refusal = std::move(refusal);
    return change;
}

constexpr const char* kNoLabels =
    "This run learns from views of images, so the loss on labels does nothing in it; start a run that learns from "
    "labels.";
constexpr const char* kNoViews =
    "This run learns from labels alone, so the loss on views does nothing in it; start a run that learns from views.";

}  // namespace

LiveChange changed(const Experiment& settings, const SetLearningRate& request) {
    Experiment next = settings;
    next.learningRate = request.learningRate;
    return checked(std::move(next), "learning_rate", request.learningRate);
}

LiveChange changed(const Experiment& settings, const SetLossParameter& request) {
    LiveChange change = parameterChange(settings, &Experiment::loss, lossCatalog(), request, "loss_parameter");
    if (!usesLabels(settings)) change.refusal = kNoLabels;
    return change;
}

LiveChange changed(const Experiment& settings, const SetViewLossParameter& request) {
    LiveChange change =
        parameterChange(settings, &Experiment::viewLoss, viewLossCatalog(), request, "view_loss_parameter");
    if (!usesViews(settings)) change.refusal = kNoViews;
    return change;
}

LiveChange changed(const Experiment& settings, const SetViewLossWeight& request) {
    Experiment next = settings;
    next.viewLossWeight = request.weight;
    LiveChange change = checked(std::move(next), "view_loss_weight", request.weight);
    if (settings.learning != Learning::SemiSupervised)
        change.refusal =
            "The weight of the loss on views means something only beside a loss on labels; start a run "
            "that learns from both.";
    return change;
}

LiveChange changed(const Experiment& settings, const SetLoss& request) {
    Experiment next = settings;
    next.loss = request.loss;
    return checked(std::move(next), "loss",
                   {{"id", request.loss.id}, {"parameters", nlohmann::json(request.loss.parameters)}});
}

LiveChange changed(const Experiment& settings, const SetMiner& request) {
    Experiment next = settings;
    next.miner = request.miner;
    return checked(std::move(next), "miner", json(request.miner));
}

LiveChange changed(const Experiment& settings, const SetAugmentation& request) {
    Experiment next = settings;
    next.augmentation = request.augmentation;
    return checked(std::move(next), "augmentation", json(request.augmentation));
}

}  // namespace embedscope
