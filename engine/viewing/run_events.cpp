#include "engine/viewing/run_events.h"

#include <nlohmann/json.hpp>

namespace embedscope {
namespace {

RunPhase phaseNamed(const std::string& name) {
    if (name == "finished") return RunPhase::Finished;
    if (name == "failed") return RunPhase::Failed;
    return RunPhase::Stopped;
}

std::string textIn(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

void takeEvent(std::string_view line, RunEvents& events) {
    const nlohmann::json event = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!event.is_object() || !event.contains("value")) return;
    const std::string kind = textIn(event, "kind");
    const nlohmann::json& value = event["value"];
    if (kind == "end" && value.is_object())
        events = {phaseNamed(textIn(value, "phase")), textIn(value, "message")};
    else if (kind == "paused" && value.is_boolean())
        events = {value.get<bool>() ? RunPhase::Paused : RunPhase::Running, {}};
    else if (events.phase != RunPhase::Paused || kind == "from_checkpoint")
        events = {};  // what comes after the end is of a run that goes on; in a pause settings may change
}

}  // namespace embedscope
