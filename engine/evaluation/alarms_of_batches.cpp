// Whether batches have something to teach.
#include "engine/evaluation/alarm_table.h"
#include "engine/evaluation/cures.h"
#include "engine/learning.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kWindow = 20;      // steps
constexpr double kLongWindow = 60;  // steps, to see that nothing moves
constexpr double kSolved = 0.95;    // Recall@1 from which on nothing left to learn is no failure

bool isSolved(const HealthCase& run) {
    return run.now().holdOutRecallAt1 >= kSolved || run.now().trainRecallAt1 >= kSolved;
}

bool hasEmptyBatches(const HealthCase& run) {
    return run.mean(&Vitals::emptyBatches, kWindow) > 0.5;
}

std::optional<Finding> findNoPairs(const HealthCase& run) {
    if (!hasEmptyBatches(run)) return std::nullopt;
    return Finding{inPercent(run.mean(&Vitals::emptyBatches, kWindow)) +
                       " of the batches hold no similar or no dissimilar pair, so they teach nothing.",
                   "Start a run whose batches are made of P classes with K images each, or with larger batches.",
                   std::nullopt};
}

std::optional<Finding> findNothingActive(const HealthCase& run) {
    constexpr double kNearlyNone = 0.002;
    if (!(run.mean(&Vitals::activeFraction, kWindow) < kNearlyNone) || hasEmptyBatches(run) || isSolved(run))
        return std::nullopt;
    Finding finding{"Only " + inPercent(run.mean(&Vitals::activeFraction, kWindow)) +
                        " of the pairs or triplets have a loss, so there is little to learn from.",
                    "Choose a harder miner or a larger margin.", std::nullopt};
    if (run.settings.miner.id != "batch_hard")
        finding.cure = Cure{"Mine the hardest of each batch", {SetMiner{{"batch_hard", {}}}}};
    return finding;
}

/// Everything is active while training goes well, too; but then the loss falls or unseen images gain.
std::optional<Finding> findEverythingActive(const HealthCase& run) {
    constexpr double kNearlyAll = 0.995;
    if (!(run.mean(&Vitals::activeFraction, kLongWindow) > kNearlyAll)) return std::nullopt;
    if (!(run.mean(&Vitals::loss, kLongWindow) > 0.98 * run.course.firstLoss)) return std::nullopt;
    if (!(run.course.bestHoldOut < run.course.firstHoldOut + 0.02) || run.course.epochEnds < 1 || isSolved(run))
        return std::nullopt;
    return Finding{"Every pair or triplet has a loss, and the loss has not fallen since the first steps.",
                   "Choose semi-hard mining, a smaller margin, or another learning rate.", semiHardMining()};
}

std::optional<Finding> findDeadProxies(const HealthCase& run) {
    const double dead = run.now().deadProxies, all = run.now().proxies;
    if (run.course.epochEnds < 2 || !(dead > 0.2 * all)) return std::nullopt;
    return Finding{std::to_string(std::llround(dead)) + " of " + std::to_string(std::llround(all)) +
                       (std::llround(dead) == 1 ? " proxies is" : " proxies are") + " nearest to no training image.",
                   "Lower the margin or the scale of the loss, or start again with fewer proxies for each class; the "
                   "learning rate may be too low for them.",
                   std::nullopt};
}

}  // namespace

AlarmRow noValidPairs() {
    return {"no_valid_pairs", HealthFamily::Batches, 0, findNoPairs};
}

AlarmRow nothingActive() {
    return {"nothing_active", HealthFamily::Batches, 20, findNothingActive};
}

AlarmRow everythingActive() {
    return {"everything_active", HealthFamily::Batches, 20, findEverythingActive};
}

AlarmRow deadProxies() {
    return {"dead_proxies", HealthFamily::Batches, 0, findDeadProxies};
}

}  // namespace embedscope
