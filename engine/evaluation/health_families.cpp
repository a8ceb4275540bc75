#include "engine/health.h"

#include <algorithm>

namespace embedscope {

const std::array<HealthFamilyEntry, 5>& healthFamilies() {
    static constexpr std::array<HealthFamilyEntry, 5> kFamilies{{
        {HealthFamily::Embedding, "embedding", "Embedding", "Whether the points use their space or fall together."},
        {HealthFamily::Batches, "batches", "Batches", "Whether the batches have something to teach."},
        {HealthFamily::Steps, "steps", "Steps", "Whether the weights move as they should: gradients, learning rate."},
        {HealthFamily::Generalisation, "generalisation", "Hold-out", "Whether unseen images gain too."},
        {HealthFamily::Data, "data", "Data", "Whether labels and hold-out can be believed."},
    }};
    return kFamilies;
}

const HealthFamilyEntry& entryOf(HealthFamily family) {
    return *std::ranges::find(healthFamilies(), family, &HealthFamilyEntry::family);
}

}  // namespace embedscope
