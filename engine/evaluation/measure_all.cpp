#include "engine/clustering.h"
#include "engine/embedding_health.h"
#include "engine/evaluation/linear_probe.h"
#include "engine/measures.h"
#include "engine/retrieval.h"
#include "engine/verification.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace embedscope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
using Values = std::map<std::string, double>;

/// What all measures are taken of.
struct Subject {
    std::span<const float> embeddings;
    int dimension;
    std::span<const std::int32_t> labels;
    const MeasureOptions& options;
    std::stop_token stop;
};

/// With more voters than a sample has mates, the others outvote them however good the embedding is.
int votersOf(const Subject& subject) {
    std::map<std::int32_t, int> sizes;
    for (const std::int32_t label : subject.labels)
        if (label >= 0) ++sizes[label];
    int voters = subject.options.voters;
    for (const auto& [label, size] : sizes)
        if (size > 1) voters = std::min(voters, size - 1);
    return voters;
}

bool addRetrieval(Values& values, const Subject& subject) {
    const auto found =
        retrievalMeasures(subject.embeddings, subject.dimension, subject.labels, votersOf(subject), subject.stop);
    if (!found) return false;
    const RetrievalValues& overall = found->overall;
    values["recall_at_1"] = overall.recallAt1;
    values["recall_at_2"] = overall.recallAt2;
    values["recall_at_4"] = overall.recallAt4;
    values["recall_at_8"] = overall.recallAt8;
    values["r_precision"] = overall.rPrecision;
    values["map_at_r"] = overall.meanAveragePrecisionAtR;
    values["mrr"] = overall.meanReciprocalRank;
    values["knn_accuracy"] = found->knnAccuracy;
    return true;
}

/// k-means sees the labelled rows only, so that it looks for as many clusters as there are classes.
bool addClusters(Values& values, const Subject& subject) {
    const auto width = static_cast<std::size_t>(subject.dimension);
    std::vector<float> rows;
    std::vector<std::int32_t> labels;
    for (std::size_t i = 0; i < subject.labels.size(); ++i) {
        if (subject.labels[i] < 0) continue;
        const auto row = subject.embeddings.subspan(i * width, width);
        rows.insert(rows.end(), row.begin(), row.end());
        labels.push_back(subject.labels[i]);
    }
    const auto classes = std::set(labels.begin(), labels.end()).size();
    values["nmi"] = values["ami"] = kNone;
    if (classes > 1) {
        const KMeansOptions options{static_cast<int>(classes), 50, subject.options.seed};
        const auto clusters = kMeans(rows, subject.dimension, options, subject.stop);
        if (!clusters) return false;
        const Agreement found = agreement(labels, *clusters);
        values["nmi"] = found.normalizedMutualInformation;
        values["ami"] = found.adjustedMutualInformation;
    }
    const auto found = silhouette(rows, subject.dimension, labels, subject.stop);
    if (found) values["silhouette"] = *found;
    return found.has_value();
}

void addVerification(Values& values, const Subject& subject) {
    const PairSample pairs = samplePairs(subject.labels, subject.options.pairsEach, subject.options.seed);
    const bool both = !pairs.similar.empty() && !pairs.dissimilar.empty();
    const auto found = verificationMeasures(subject.embeddings, subject.dimension, pairs);
    values["roc_auc"] = both ? found.auc : kNone;
    values["eer"] = both ? found.equalErrorRate : kNone;
    values["fnmr_at_fmr_1"] = both ? found.fnmrAtFmr1Percent : kNone;
    values["fnmr_at_fmr_01"] = both ? found.fnmrAtFmr01Percent : kNone;
    values["best_accuracy"] = both ? found.bestAccuracy : kNone;
    values["best_threshold"] = both ? found.bestThreshold : kNone;
}

bool addHealth(Values& values, const Subject& subject) {
    const auto found = embeddingHealth(subject.embeddings, subject.dimension, subject.labels, subject.stop);
    if (!found) return false;
    values["alignment"] = found->alignment;
    values["uniformity"] = found->uniformity;
    values["uniformity_error"] = found->uniformityError;
    values["normalized_deviation"] = found->deviation;
    values["effective_rank"] = found->effectiveRank;
    return true;
}

bool addProbe(Values& values, const Subject& subject) {
    const auto found = linearProbe({subject.options.fitted, subject.options.fittedLabels},
                                   {subject.embeddings, subject.labels}, subject.dimension, subject.stop);
    if (found) values["linear_probe"] = *found;
    return found.has_value();
}

}  // namespace

std::optional<std::map<std::string, double>> measureAll(std::span<const float> embeddings, int dimension,
                                                        std::span<const std::int32_t> labels,
                                                        const MeasureOptions& options, std::stop_token stop) {
    const Subject subject{embeddings, dimension, labels, options, stop};
    Values values;
    if (!addRetrieval(values, subject) || !addClusters(values, subject) || !addHealth(values, subject) ||
        !addProbe(values, subject))
        return std::nullopt;
    addVerification(values, subject);
    return values;
}

}  // namespace embedscope
