#pragma once

#include "engine/snapshot.h"

#include <string>
#include <string_view>

namespace embedscope {

/// What the events of a run say of how it stands.
struct RunEvents {
    RunPhase phase = RunPhase::Running;
    std::string message;
};

/// One line of events.jsonl; a line that is none changes nothing.
void takeEvent(std::string_view line, RunEvents& events);

}  // namespace embedscope
