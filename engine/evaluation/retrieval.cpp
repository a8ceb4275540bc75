#include "engine/retrieval.h"

#include "engine/evaluation/ranking.h"

#include <algorithm>
#include <atomic>
#include <map>

namespace embedscope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The values of RetrievalValues, for means over them.
constexpr std::array kValues{&RetrievalValues::recallAt1,         &RetrievalValues::recallAt2,
                             &RetrievalValues::recallAt4,         &RetrievalValues::recallAt8,
                             &RetrievalValues::rPrecision,        &RetrievalValues::meanAveragePrecisionAtR,
                             &RetrievalValues::meanReciprocalRank};

RetrievalValues valuesOf(const QueryRanking& ranking) {
    const std::size_t rank = ranking.firstMatch;
    const auto within = [rank](std::size_t k) { return rank > 0 && rank <= k ? 1.0 : 0.0; };
    return {1,
            within(1),
            within(2),
            within(4),
            within(8),
            ranking.rPrecision,
            ranking.averagePrecisionAtR,
            rank > 0 ? 1 / static_cast<double>(rank) : 0};
}

RetrievalValues meanOf(std::span<const RetrievalValues> many) {
    RetrievalValues mean;
    for (const RetrievalValues& one : many) {
        mean.queries += one.queries;
        for (const auto value : kValues) mean.*value += one.*value;
    }
    for (const auto value : kValues)
        mean.*value = many.empty() ? kNone : mean.*value / static_cast<double>(many.size());
    return mean;
}

RetrievalMeasures measuresOf(std::span<const QueryRanking> rankings, std::span<const std::int32_t> labels) {
    std::vector<RetrievalValues> all;
    std::map<std::int32_t, std::vector<RetrievalValues>> byClass;
    std::size_t right = 0;
    for (std::size_t query = 0; query < rankings.size(); ++query) {
        right += rankings[query].voteIsRight;
        if (rankings[query].matches == 0) continue;
        all.push_back(valuesOf(rankings[query]));
        byClass[labels[query]].push_back(all.back());
    }
    RetrievalMeasures measures;
    measures.overall = meanOf(all);
    std::vector<RetrievalValues> classMeans;
    for (const auto& [label, values] : byClass) {
        classMeans.push_back(meanOf(values));
        measures.perClass.push_back({label, classMeans.back()});
    }
    measures.classMean = meanOf(classMeans);
    measures.knnAccuracy = rankings.empty() ? kNone : static_cast<double>(right) / static_cast<double>(rankings.size());
    return measures;
}

}  // namespace

double recallAt1(std::span<const float> embeddings, int dimension, std::span<const std::int32_t> labels,
                 std::stop_token stop) {
    const Gallery<float> gallery(embeddings, dimension, labels, scaleFor(embeddings));
    std::atomic<std::size_t> queries = 0, hits = 0;
    const auto ask = [&](std::size_t query, std::span<const float> distances) {
        if (gallery.countOf(gallery.label(query)) < 2) return;
        ++queries;
        const auto nearest = std::ranges::min_element(distances);  // the first of equals
        if (nearest == distances.end() || *nearest == std::numeric_limits<float>::infinity()) return;
        hits += gallery.label(static_cast<std::size_t>(nearest - distances.begin())) == gallery.label(query);
    };
    const bool complete = forQueries(gallery, leaveOneOut(gallery, embeddings), stop, ask);
    if (!complete || queries == 0) return kNone;
    return static_cast<double>(hits) / static_cast<double>(queries);
}

std::optional<RetrievalMeasures> retrievalMeasures(std::span<const float> embeddings, int dimension,
                                                   std::span<const std::int32_t> labels, int k, std::stop_token stop) {
    const Gallery<float> gallery(embeddings, dimension, labels, scaleFor(embeddings));
    const auto found = rankings(gallery, leaveOneOut(gallery, embeddings), k, stop);
    if (!found) return std::nullopt;
    return measuresOf(*found, gallery.labels());
}

std::optional<RetrievalMeasures> retrievalMeasures(std::span<const float> queries,
                                                   std::span<const std::int32_t> queryLabels,
                                                   std::span<const float> references,
                                                   std::span<const std::int32_t> referenceLabels, int dimension, int k,
                                                   std::stop_token stop) {
    const double scale = std::min(scaleFor(queries), scaleFor(references));
    const Gallery<float> gallery(references, dimension, referenceLabels, scale);
    QueryRows<float> asking{queries, {}, {}, false};
    for (std::size_t row = 0; row < queryLabels.size(); ++row) {
        if (queryLabels[row] < 0) continue;
        asking.rows.push_back(row);
        asking.labels.push_back(queryLabels[row]);
    }
    const auto found = rankings(gallery, asking, k, stop);
    if (!found) return std::nullopt;
    return measuresOf(*found, asking.labels);
}

}  // namespace embedscope
