#include "engine/comparison_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace embedscope {

const std::vector<ComparisonColumn>& comparisonColumns() {
    static const std::vector<ComparisonColumn> kColumns{
        {"epoch", "Epoch", "Times that the training images were gone through.", &ComparisonRow::epoch, "", 1, 0},
        {"seconds", "Time", "Of training, without pauses and the turns of other runs.", &ComparisonRow::seconds, "s", 1,
         0},
        {"loss", "Loss", "Mean over the last epoch. Different losses have different scales.", &ComparisonRow::loss, "",
         4, 0},
        {"recall_at_1", "Recall@1", "Share of held-out images whose nearest other one is of their class.",
         &ComparisonRow::recallAt1, "%", 1, 1},
        {"map_at_r", "MAP@R", "How early the images of the own class come among the nearest, on the hold-out.",
         &ComparisonRow::mapAtR, "%", 1, 1},
        {"roc_auc", "AUC", "Chance that a similar pair is nearer than a dissimilar one, on the hold-out.",
         &ComparisonRow::auc, "", 3, 1},
        {"distance_gap", "Separation (σ)",
         "How far dissimilar pairs lie beyond similar ones on average, in pooled standard deviations (d').",
         &ComparisonRow::distanceGap, "", 2, 1},
        {"effective_rank", "Effective rank", "How many directions the embeddings use.", &ComparisonRow::effectiveRank,
         "", 1, 0},
        {"active_fraction", "Active", "Share of pairs or triplets with a loss above 0, over the last epoch.",
         &ComparisonRow::activeFraction, "%", 1, 0},
        {"images_per_second", "Images/s", "Of training, without the evaluations at epoch ends.",
         &ComparisonRow::imagesPerSecond, "", 0, 1},
        {"seconds_to_goal", "Time to goal", "Until Recall@1 first reached the goal.", &ComparisonRow::secondsToGoal,
         "s", 1, -1},
    };
    return kColumns;
}

std::string writtenNumber(const ComparisonColumn& column, double value) {
    if (!std::isfinite(value)) return "–";
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", column.decimals, column.unit == "%" ? 100 * value : value);
    return column.unit.empty() ? text : text + (' ' + column.unit);
}

std::vector<std::size_t> bestRows(const ComparisonColumn& column, const std::vector<ComparisonRow>& rows) {
    std::vector<std::size_t> best;
    std::size_t known = 0;
    for (std::size_t i = 0; i < rows.size() && column.better != 0; ++i) {
        const double value = rows[i].*column.number;
        if (!std::isfinite(value)) continue;
        ++known;
        const double lead = best.empty() ? 1 : (value - rows[best.front()].*column.number) * column.better;
        if (lead > 0) best.clear();
        if (lead >= 0) best.push_back(i);
    }
    return known < 2 ? std::vector<std::size_t>{} : best;
}

Spread spreadOf(const SeedGroup& group, const ComparisonColumn& column, const std::vector<ComparisonRow>& rows) {
    Spread spread;
    double sum = 0, squares = 0;
    for (const std::size_t run : group.runs)
        if (const double value = rows.at(run).*column.number; std::isfinite(value)) sum += value, ++spread.count;
    if (spread.count == 0) return spread;
    spread.mean = sum / static_cast<double>(spread.count);
    for (const std::size_t run : group.runs)
        if (const double value = rows.at(run).*column.number; std::isfinite(value))
            squares += (value - spread.mean) * (value - spread.mean);
    if (spread.count > 1) spread.deviation = std::sqrt(squares / static_cast<double>(spread.count - 1));
    return spread;
}

}  // namespace embedscope
