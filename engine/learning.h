#pragma once

#include "engine/experiment.h"

#include <string>
#include <vector>

namespace embedscope {

inline bool usesLabels(const Experiment& experiment) {
    return experiment.learning != Learning::SelfSupervised;
}
inline bool usesViews(const Experiment& experiment) {
    return experiment.learning != Learning::Supervised;
}

/// `experiment` with another source of similar and dissimilar samples. Batches, augmentation and head that do not suit
/// it are replaced by sensible ones; whatever suits it stays.
Experiment suitedTo(Learning learning, Experiment experiment);

/// What problems() says of the settings that belong to learning from views and from few labels.
std::vector<std::string> learningProblems(const Experiment& experiment);

}  // namespace embedscope
