#pragma once

#include "engine/run.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What an alarm is about; a window has a light for each.
enum class HealthFamily : std::uint8_t {
    Embedding,       ///< Whether the points use their space.
    Batches,         ///< Whether the batches have something to teach.
    Steps,           ///< Whether the weights move as they should.
    Generalisation,  ///< Whether unseen images gain too.
    Data,            ///< Whether labels and hold-out can be believed.
};

struct HealthFamilyEntry {
    HealthFamily family;
    std::string_view id;  ///< In saved files.
    std::string_view label;
    std::string_view help;
};

/// In the order of the lights.
const std::array<HealthFamilyEntry, 5>& healthFamilies();
const HealthFamilyEntry& entryOf(HealthFamily family);

/// Changes that may cure what an alarm tells, asked of the run in this order; each is written into its log.
struct Cure {
    std::string label;  ///< For a button: "Go back and lower the learning rate to 0.0001".
    std::vector<Request> requests;
};

/// Something that keeps a run from learning.
struct Alarm {
    std::string id;  ///< Of its row in the table of alarms, e.g. "total_collapse".
    HealthFamily family = HealthFamily::Embedding;
    std::int64_t sinceStep = 0;
    std::int64_t overAtStep = -1;       ///< -1: it still holds.
    std::string sentence;               ///< What was measured.
    std::string advice;                 ///< What to do.
    std::optional<Cure> cure;           ///< None if no change of a live run helps.
    std::vector<std::int32_t> samples;  ///< That it is about, at most kMostAlarmSamples; indices into the data set.

    bool holds() const { return overAtStep < 0; }
};

inline constexpr std::size_t kMostAlarmSamples = 500;

/// What threatens a run, and what did. Immutable once published.
struct HealthState {
    static constexpr std::size_t kMostAlarms = 100;
    std::vector<Alarm> alarms;  ///< In the order in which they were raised; of too many the oldest is dropped.
};

}  // namespace embedscope
