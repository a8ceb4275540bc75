#include "engine/training/live_changes.h"

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

/// Empty if the loss of `settings` lets its parameter `id` change while a run goes on.
std::string liveRefusal(const Experiment& settings, const std::string& id) try {
    const CatalogEntry& loss = entryOf(lossCatalog(), settings.loss.id, "loss");
    if (parameterOf(loss, id).changesLive) return "";
    return "\"" + id + "\" of the loss \"" + loss.label +
           "\" cannot change while a run goes on; stop it and start again with the new value.";
} catch (const std::invalid_argument& unknown) {
    return unknown.what();
}

}  // namespace

LiveChange changed(const Experiment& settings, const SetLearningRate& request) {
    Experiment next = settings;
    next.learningRate = request.learningRate;
    return checked(std::move(next), "learning_rate", request.learningRate);
}

LiveChange changed(const Experiment& settings, const SetLossParameter& request) {
    Experiment next = settings;
    next.loss.parameters[request.id] = request.value;
    LiveChange change = checked(std::move(next), "loss_parameter", {{"id", request.id}, {"value", request.value}});
    if (std::string refusal = liveRefusal(settings, request.id); !refusal.empty()) change.refusal = std::move(refusal);
    return change;
}

LiveChange changed(const Experiment& settings, const SetMiner& request) {
    Experiment next = settings;
    next.miner = request.miner;
    return checked(std::move(next), "miner",
                   {{"id", request.miner.id}, {"parameters", nlohmann::json(request.miner.parameters)}});
}

}  // namespace embedscope
