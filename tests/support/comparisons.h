#pragma once

#include "engine/comparison.h"

#include <string>
#include <utility>

namespace embedscope::test {

/// Triplets with this margin.
inline Experiment tripletExperiment(double margin, std::uint64_t seed = 1) {
    Experiment experiment;
    experiment.data.folder = "/pictures";
    experiment.loss = {"triplet_margin", {{"margin", margin}}};
    experiment.seed = seed;
    return experiment;
}

/// "A" and "B", the same but for the margin.
inline Comparison twoMargins() {
    Comparison comparison;
    comparison.name = "Margins";
    comparison.runs = {{"A", tripletExperiment(0.2), std::nullopt}, {"B", tripletExperiment(0.5), std::nullopt}};
    return comparison;
}

inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace embedscope::test
