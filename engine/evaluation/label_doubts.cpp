// Neighbours against labels, after D. L. Wilson: Asymptotic Properties of Nearest Neighbor Rules Using Edited Data.
// IEEE Transactions on Systems, Man, and Cybernetics, 1972.
#include "engine/label_doubts.h"

#include "engine/evaluation/query_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace embedscope {
namespace {

constexpr std::size_t kAsked = 10;
constexpr int kOwnAtMost = 1;
constexpr float kOtherAtLeast = 0.5F;
constexpr int kBackedBy = 5;

/// Labels of the nearest entries; ties: the lower entry. @param distances Infinite: no neighbour.
std::vector<std::int32_t> nearestLabels(std::span<const float> distances, std::span<const std::int32_t> labels) {
    std::vector<std::pair<float, std::size_t>> nearest;
    for (std::size_t i = 0; i < distances.size(); ++i)
        if (std::isfinite(distances[i])) nearest.emplace_back(distances[i], i);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kAsked, nearest.size()));
    std::ranges::partial_sort(nearest, nearest.begin() + count);
    std::vector<std::int32_t> found;
    for (std::ptrdiff_t i = 0; i < count; ++i) found.push_back(labels[nearest[static_cast<std::size_t>(i)].second]);
    return found;
}

/// None if the label is not in doubt.
std::optional<LabelDoubt> doubtOf(std::int32_t label, std::span<const std::int32_t> neighbors) {
    if (neighbors.size() < kAsked || std::ranges::count(neighbors, label) > kOwnAtMost) return std::nullopt;
    std::map<std::int32_t, int> votes;
    for (const std::int32_t each : neighbors) ++votes[each];
    const auto most = std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
    const float share = static_cast<float>(most->second) / static_cast<float>(neighbors.size());
    if (most->first == label || share < kOtherAtLeast) return std::nullopt;
    return LabelDoubt{0, most->first, share};
}

}  // namespace

std::optional<LabelDoubts> doubtedLabels(std::span<const float> embeddings, int dimension,
                                         std::span<const std::int32_t> labels, std::stop_token stop) {
    const Gallery<float> gallery(embeddings, dimension, labels, scaleFor(embeddings));
    const QueryRows<float> queries = leaveOneOut(gallery, embeddings);
    std::vector<std::optional<LabelDoubt>> found(queries.size());
    std::vector<std::uint8_t> asked(queries.size()), backed(queries.size());
    const bool complete = forQueries(gallery, queries, stop, [&](std::size_t query, std::span<const float> distances) {
        if (distances.empty()) return;  // not finite
        asked[query] = 1;
        const std::vector<std::int32_t> neighbors = nearestLabels(distances, gallery.labels());
        backed[query] = std::ranges::count(neighbors, queries.labels[query]) >= kBackedBy;
        found[query] = doubtOf(queries.labels[query], neighbors);
        if (found[query]) found[query]->row = static_cast<std::int32_t>(queries.rows[query]);
    });
    if (!complete) return std::nullopt;
    LabelDoubts doubts;
    doubts.checked = static_cast<std::size_t>(std::ranges::count(asked, 1));
    doubts.backed = static_cast<std::size_t>(std::ranges::count(backed, 1));
    for (const auto& doubt : found)
        if (doubt) doubts.doubts.push_back(*doubt);
    std::ranges::sort(doubts.doubts, {}, [](const LabelDoubt& doubt) { return std::tuple(-doubt.share, doubt.row); });
    return doubts;
}

}  // namespace embedscope
