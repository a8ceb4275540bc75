// What the hold-out, the labels and the images say.
#include "engine/evaluation/alarm_table.h"
#include "engine/evaluation/cures.h"

#include <cmath>

namespace embedscope {
namespace {

std::optional<Finding> findOverFitting(const HealthCase& run) {
    constexpr double kEpochs = 3;
    const HealthCourse& course = run.course;
    if (course.epochsBelowBest < kEpochs || !(run.now().trainRecallAt1 >= course.trainAtBestHoldOut))
        return std::nullopt;
    Finding finding{"Over-fitting: Recall@1 of the hold-out fell from " + inPercent(course.bestHoldOut) + " to " +
                        inPercent(run.now().holdOutRecallAt1) + ", that of training images is " +
                        inPercent(run.now().trainRecallAt1) + ".",
                    "Stop here, change the images at random while they are trained on, or take more images.",
                    std::nullopt};
    if (run.settings.augmentation.id == "none")
        finding.cure = Cure{"Change images at random", {SetAugmentation{{"supervised", {}}}}};
    else
        finding.cure = lowerRate(run.settings, 10);
    return finding;
}

std::optional<Finding> findDoubtedLabels(const HealthCase& run) {
    // Classes that overlap are doubted, too: 17 % in a healthy run on CIFAR-10; with 30 % wrong labels, 23 %.
    constexpr double kMany = 0.2;
    const double share = run.now().doubtedLabels / run.now().checkedLabels;
    if (run.course.epochEnds < 1 || !(share > kMany)) return std::nullopt;
    return Finding{"Labels disagree with their neighbours: of " +
                       std::to_string(std::llround(run.now().checkedLabels)) + " training images asked, " +
                       inPercent(share) + " lie among images of one other class.",
                   "Look at these images: labels may be wrong, or classes may not be told apart.", std::nullopt};
}

std::optional<Finding> findDuplicates(const HealthCase& run) {
    constexpr double kMany = 0.01;
    const double share = run.now().duplicates / run.now().checkedHeldOut;
    if (!(share > kMany)) return std::nullopt;
    return Finding{inPercent(share) + " of " + std::to_string(std::llround(run.now().checkedHeldOut)) +
                       " held-out images have a near-duplicate among the training images, so what is measured on the "
                       "hold-out is too good.",
                   "Keep copies of an image on one side: hold out whole classes or folders, or remove the copies.",
                   std::nullopt};
}

}  // namespace

AlarmRow overFitting() {
    return {"over_fitting", HealthFamily::Generalisation, 0, findOverFitting};
}

AlarmRow labelsInDoubt() {
    return {"doubted_labels", HealthFamily::Data, 0, findDoubtedLabels};
}

AlarmRow duplicatesAcrossSplits() {
    return {"near_duplicates", HealthFamily::Data, 0, findDuplicates};
}

}  // namespace embedscope
