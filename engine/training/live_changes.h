#pragma once

#include "engine/run.h"

#include <string>
#include <variant>

namespace embedscope {

/// A change of settings that was asked of a live run, and what became of it.
struct LiveChange {
    Experiment settings;  ///< With the change, if it is accepted.
    std::string refusal;  ///< One sentence with the cure; empty: accepted.
    std::string kind;     ///< For RunRecorder::event.
    std::string json;
};

LiveChange changed(const Experiment& settings, const SetLearningRate& request);
LiveChange changed(const Experiment& settings, const SetLossParameter& request);
LiveChange changed(const Experiment& settings, const SetViewLossParameter& request);
LiveChange changed(const Experiment& settings, const SetViewLossWeight& request);
LiveChange changed(const Experiment& settings, const SetLoss& request);
LiveChange changed(const Experiment& settings, const SetMiner& request);
LiveChange changed(const Experiment& settings, const SetAugmentation& request);

}  // namespace embedscope
