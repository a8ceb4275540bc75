#include "engine/measures.h"

#include <limits>

namespace embedscope {
namespace {

constexpr double kNoBound = std::numeric_limits<double>::infinity();
const char* const kRetrieval = "Retrieval";
const char* const kClusters = "Clusters";
const char* const kVerification = "Verification";
const char* const kHealth = "Health";
const char* const kMusgrave = "Musgrave, Belongie, Lim 2020, arXiv:2003.08505";

MeasureEntry recall(const std::string& k) {
    return {"recall_at_" + k,
            "Recall@" + k,
            kRetrieval,
            "Share of samples with one of their own class among the " + k +
                " nearest others. Samples alone in their class are left out.",
            "mean over queries of [a match among the " + k + " nearest]",
            kMusgrave};
}

}  // namespace

const std::vector<MeasureEntry>& measureCatalog() {
    static const std::vector<MeasureEntry> table{
        recall("1"),
        recall("2"),
        recall("4"),
        recall("8"),
        {"r_precision", "R-precision", kRetrieval,
         "Share of the own class among the R nearest others, R being the number of others in the class.",
         "matches among the R nearest / R", kMusgrave},
        {"map_at_r", "MAP@R", kRetrieval,
         "Like R-precision, but matches count more the nearer they come: also the order must be right.",
         "1/R · sum over i <= R of precision(i) · [the i-th nearest matches]", kMusgrave},
        {"mrr", "Mean reciprocal rank", kRetrieval,
         "How soon the first match comes: 1 if it is the nearest, 1/2 if "
         "the second, ...",
         "mean of 1 / rank of the nearest match", ""},
        {"knn_accuracy", "k-NN accuracy", kRetrieval,
         "Share of samples whose class wins the vote of the 20 nearest others (fewer where a class is smaller); a tie "
         "goes to the nearest of the tied.",
         "mean of [majority of the k nearest = own class]", ""},
        {"linear_probe", "Linear probe", kRetrieval,
         "Share of the held-out samples that a linear classifier puts into their class after it was fitted to the "
         "embeddings of training samples. Not measured where whole classes are held out.",
         "mean of [argmax_c (w_c·x + b_c) = own class]; w, b by logistic regression",
         "Alain, Bengio 2016, "
         "arXiv:1610.01644"},
        {"nmi", "NMI", kClusters,
         "How well k-means, with as many clusters as classes, finds the classes again. Rises with many clusters even "
         "by chance: see AMI.",
         "I(classes; clusters) / ((H(classes) + H(clusters)) / 2)", ""},
        {"ami", "AMI", kClusters, "NMI with the share that chance would give taken off.",
         "(I - E[I]) / ((H(classes) + H(clusters)) / 2 - E[I])", "Vinh, Epps, Bailey 2010", 0, 1},
        {"silhouette", "Silhouette", kClusters,
         "How much nearer a sample is to its own class than to the nearest other class.", "mean of (b - a) / max(a, b)",
         "Rousseeuw 1987", -1, 1},
        {"roc_auc", "ROC AUC", kVerification,
         "Chance that a similar pair is nearer than a dissimilar one; from pairs drawn at random.",
         "P(d similar < d dissimilar) + P(equal) / 2", ""},
        {"eer", "Equal error rate", kVerification,
         "Error at the threshold where as many dissimilar pairs pass as similar ones fail.", "FMR(t) = FNMR(t)", "", 1,
         0},
        {"fnmr_at_fmr_1", "FNMR at FMR 1 %", kVerification,
         "Share of similar pairs rejected when at most 1 % of the dissimilar ones may pass.",
         "min FNMR(t) with FMR(t) <= 0.01", "", 1, 0},
        {"fnmr_at_fmr_01", "FNMR at FMR 0.1 %", kVerification,
         "Share of similar pairs rejected when at most 0.1 % of the dissimilar ones may pass.",
         "min FNMR(t) with FMR(t) <= 0.001", "", 1, 0},
        {"best_accuracy", "Best accuracy", kVerification,
         "Share of pairs judged rightly at the best threshold, similar and dissimilar counting the same.",
         "max over t of 1 - (FMR(t) + FNMR(t)) / 2", "", 0.5, 1},
        {"best_threshold", "Best threshold", kVerification, "The distance up to which a pair is best called similar.",
         "argmin over t of FMR(t) + FNMR(t)", "", 0, kNoBound},
        {"alignment", "Alignment", kHealth, "Mean squared distance of similar pairs on the unit sphere; low is good.",
         "mean of |x - y|² over similar pairs", "Wang, Isola 2020, arXiv:2005.10242", 4, 0},
        {"uniformity", "Uniformity", kHealth,
         "How evenly the samples fill the unit sphere; 0 if they sit in one point, lower is more even. Of more than "
         "4,096 samples so many, evenly chosen, are measured, and the standard error is told.",
         "log of the mean of exp(-2 |x - y|²) over all pairs", "Wang, Isola 2020, arXiv:2005.10242", 0, -4},
        {"uniformity_error", "Uniformity, standard error", kHealth,
         "Standard deviation of the uniformity of 4,096 random samples around that of all; 0 where all were measured.",
         "sqrt(4/n · variance over samples of their mean of exp(-2 |x - y|²) · (1 - n/N)) / mean", "Hoeffding 1948",
         kNoBound, 0},
        {"normalized_deviation", "Deviation of normalised coordinates", kHealth,
         "About 1/sqrt(dimension) for an embedding that uses its space, 0 for a collapsed one.",
         "mean over coordinates of the standard deviation", "", 0, 1},
        {"effective_rank", "Effective rank", kHealth,
         "How many directions the embedding uses: 1 for a line, its dimension if all count the same.",
         "exp(H(s / sum s)), s the singular values of the centred rows", "Roy, Vetterli 2007", 1, kNoBound},
    };
    return table;
}

}  // namespace embedscope
