// Collapse, total: all points in one place. Dimensional: all points near a line or a plane; L. Jing et al.:
// Understanding Dimensional Collapse in Contrastive Self-supervised Learning. ICLR 2022.
#include "engine/evaluation/alarm_table.h"
#include "engine/evaluation/cures.h"
#include "engine/learning.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kWindow = 10;  // steps

bool isAnyOf(std::string_view id, std::initializer_list<std::string_view> ids) {
    return std::ranges::find(ids, id) != ids.end();
}

double parameter(const Catalog& catalog, const Choice& choice, std::string_view id, std::string_view kind) {
    return valueOf(entryOf(catalog, choice.id, kind), choice.parameters, id);
}

/// What the loss is when all embeddings are the same; NaN where it depends on the batch.
double lossAtRest(const HealthCase& run) {
    const Experiment& settings = run.settings;
    if (!usesLabels(settings))
        return settings.viewLoss.id == "simclr" ? std::log(static_cast<double>(run.subject.batchSize - 1))
                                                : Vitals::kNone;
    if (usesViews(settings) || !settings.addedLosses.empty()) return Vitals::kNone;
    if (!isAnyOf(settings.loss.id, {"triplet_margin", "triplet_squared"})) return Vitals::kNone;
    const bool soft =
        settings.loss.id == "triplet_margin" && parameter(lossCatalog(), settings.loss, "form", "loss") == 1;
    const double margin = parameter(lossCatalog(), settings.loss, "margin", "loss");
    return soft ? std::log1p(std::exp(margin)) : margin;
}

bool sitsAtRest(const HealthCase& run) {
    const double rest = lossAtRest(run);
    const double loss = run.mean(&Vitals::loss, kWindow);
    const double active = run.mean(&Vitals::activeFraction, kWindow);
    return std::abs(loss - rest) < 0.03 * rest && !(active < 0.95);
}

/// Points that began close together have not collapsed: the limit is lower for them.
bool isCollapsed(const HealthCase& run) {
    constexpr double kCollapsed = 0.1, kAnyway = 0.02, kOfBest = 0.25;
    const double spread = run.mean(&Vitals::spread, kWindow);
    if (spread < std::max(kAnyway, std::min(kCollapsed, kOfBest * run.course.bestSpread))) return true;
    // Not normalised, the points may fall into one place while their directions still differ.
    const bool shrunk = run.mean(&Vitals::scale, kWindow) < 0.3 * run.course.firstScale;
    return sitsAtRest(run) && (spread < 0.3 || (!run.settings.normalizeEmbeddings && shrunk));
}

bool pushesNothing(const Experiment& settings) {
    return !usesLabels(settings) && isAnyOf(settings.viewLoss.id, {"simsiam", "byol", "alignment"});
}

std::string whatCollapsed(const HealthCase& run) {
    std::string text = "All embeddings have fallen into one place: their deviation is " +
                       inPercent(run.mean(&Vitals::spread, kWindow)) + " of that of evenly spread points";
    if (sitsAtRest(run))
        text += ", and the loss sits at " + shortText(run.mean(&Vitals::loss, kWindow)) +
                ", which it is when all are the same";
    return text + ".";
}

/// How much each step moved the weights while the points fell together. Large steps of another time are not the cause.
double updateOfFall(const HealthCase& run) {
    constexpr double kAround = 30;  // steps
    double sum = 0, count = 0;
    for (const Vitals& report : run.recent) {
        if (std::isnan(report.updateRatio) || std::abs(report.step - run.course.lastSpreadStep) > kAround) continue;
        sum += report.updateRatio;
        ++count;
    }
    return count > 0 ? sum / count : run.course.highestUpdate;
}

bool isMined(const Experiment& settings) {
    return overlaps(entryOf(lossCatalog(), settings.loss.id, "loss").grouping, Grouping::Pairs | Grouping::Triplets);
}

/// The margin of a loss over pairs or triplets; NaN if it has none.
double marginOf(const Experiment& settings) {
    const CatalogEntry& loss = entryOf(lossCatalog(), settings.loss.id, "loss");
    const auto margin = std::ranges::find(loss.parameters, "margin", &Parameter::id);
    if (!isMined(settings) || margin == loss.parameters.end() || !margin->changesLive) return Vitals::kNone;
    return valueOf(loss, settings.loss.parameters, "margin");
}

Cure usualMargin(const Experiment& settings) {
    const CatalogEntry& loss = entryOf(lossCatalog(), settings.loss.id, "loss");
    const double margin = parameterOf(loss, "margin").standard;
    return {"Set the margin to " + shortText(margin), {SetLossParameter{"margin", margin}}};
}

Finding collapseWithCause(const HealthCase& run) {
    constexpr double kSmallMargin = 0.02;
    const Experiment& settings = run.settings;
    const auto back = static_cast<std::int64_t>(run.course.lastSpreadStep);
    // What no rate would change comes first.
    if (usesLabels(settings) && run.mean(&Vitals::emptyBatches, kWindow) > 0.5)
        return {"",
                "Most batches hold no dissimilar images, so that nothing is pushed apart. Start a run with the sampler "
                "\"Balanced classes (P x K)\", or with larger batches.",
                std::nullopt};
    if (usesLabels(settings) && marginOf(settings) < kSmallMargin)
        return {"",
                "A margin of " + shortText(marginOf(settings)) +
                    " lets dissimilar images lie on each other. Go back and set a larger one.",
                goingBack(back, usualMargin(settings))};
    if (settings.viewLoss.id == "simsiam" && !usesLabels(settings) &&
        parameter(viewLossCatalog(), settings.viewLoss, "target", "loss") == 1)
        return {"",
                "SimSiam needs its target held still: without the stopped gradient one place for all images is the "
                "best answer. Go back and hold it still.",
                goingBack(back, {"Hold the target still", {SetViewLossParameter{"target", 0}}})};
    if (const double update = updateOfFall(run); update > kLargeUpdate)
        return {"",
                "The steps were too large: while the points fell together each moved the weights by " +
                    inPercent(update) + ". Go back and lower the learning rate.",
                smallerSteps(run, run.course.lastSpreadStep)};
    if (pushesNothing(settings))
        return {"",
                "This loss pushes no images apart. Start a run with SimCLR or VICReg, or give the head BatchNorm on "
                "its output and lower the learning rate.",
                goingBack(back, lowerRate(settings, 10))};
    if (usesLabels(settings) && isAnyOf(settings.miner.id, {"batch_hard", "hard", "batch_easy_hard"}))
        return {"",
                std::string("The hardest negatives pull everything together while the encoder knows nothing yet") +
                    (settings.normalizeEmbeddings ? "" : ", the more as the embeddings are not normalised") +
                    ". Go back and mine semi-hard triplets first.",
                goingBack(back, semiHardMining())};
    const std::string noCause = "No cause stands out: the steps are of usual size. ";
    if (usesLabels(settings) && settings.miner.id != "semi_hard" && isMined(settings))
        return {"", noCause + "Go back and mine semi-hard triplets; if it happens again, lower the learning rate.",
                goingBack(back, semiHardMining())};
    return {"",
            noCause +
                "Go back and choose a loss that pushes more images apart, such as SupCon; or lower the "
                "learning rate.",
            goingBack(back, lowerRate(settings, 10))};
}

std::optional<Finding> findTotal(const HealthCase& run) {
    if (!isCollapsed(run)) return std::nullopt;
    Finding finding = collapseWithCause(run);
    finding.sentence = whatCollapsed(run);
    return finding;
}

/// With labels the classes come to lie in classes - 1 directions; without, a share of the space is expected.
double expectedRank(const HealthCase& run) {
    const double cap = run.now().rankCap;
    return usesLabels(run.settings) ? std::min<double>(cap, run.subject.classes - 1) : cap / 4;
}

std::optional<Finding> findDimensional(const HealthCase& run) {
    if (run.course.epochEnds < 1 || isCollapsed(run)) return std::nullopt;
    const double expected = expectedRank(run);
    if (!(run.now().effectiveRank < 0.3 * expected)) return std::nullopt;
    return Finding{"The embeddings use " + shortText(run.now().effectiveRank) + " of " + shortText(run.now().rankCap) +
                       " possible directions (effective rank); about " + shortText(expected) + " are expected.",
                   usesLabels(run.settings)
                       ? "Lower the learning rate, or choose a loss that compares with more of the batch, such as "
                         "Multi-Similarity or SupCon."
                       : "Choose larger batches or stronger changes of the images, or VICReg or Barlow Twins, which "
                         "spread the directions.",
                   lowerRate(run.settings, 3)};
}

}  // namespace

AlarmRow totalCollapse() {
    return {"total_collapse", HealthFamily::Embedding, 5, findTotal};
}

AlarmRow dimensionalCollapse() {
    return {"dimensional_collapse", HealthFamily::Embedding, 0, findDimensional};
}

}  // namespace embedscope
