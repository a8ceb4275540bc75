#include "engine/evaluation/ranking.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace embedscope {
namespace {

template <typename Scalar>
struct Entry {
    Scalar distance;
    std::uint32_t index;
    auto operator<=>(const Entry&) const = default;  // ties: the lower index
};

/// A distance within which at least `count` entries lie, or the largest finite one: a histogram costs one look at each
/// entry, where sorting or selecting costs many.
template <typename Scalar>
Scalar limitFor(std::span<const Scalar> distances, std::size_t count) {
    constexpr std::size_t kBins = 1024;
    constexpr Scalar kNever = std::numeric_limits<Scalar>::infinity();
    Scalar largest = 0;
    for (const Scalar distance : distances) largest = std::max(largest, distance < kNever ? distance : Scalar(0));
    if (count >= distances.size() || largest <= 0) return largest;
    const Scalar binsPerUnit = kBins / largest;
    if (!std::isfinite(binsPerUnit)) return largest;
    std::array<std::uint32_t, kBins + 1> bins{};
    for (const Scalar distance : distances)
        if (distance < kNever) ++bins[static_cast<std::size_t>(distance * binsPerUnit)];
    std::size_t bin = 0;
    for (std::size_t within = bins[0]; within < count && bin < kBins; within += bins[bin]) ++bin;
    // One bin more: rounding may put the bin's last entries beyond its edge.
    return std::min(largest, static_cast<Scalar>(bin + 2) / binsPerUnit);
}

/// The `count` nearest entries at finite distances, nearest first.
template <typename Scalar>
std::vector<Entry<Scalar>> nearest(std::span<const Scalar> distances, std::size_t count) {
    const Scalar limit = limitFor(distances, count);
    std::vector<Entry<Scalar>> entries;
    entries.reserve(std::min(distances.size(), 2 * count));
    for (std::size_t i = 0; i < distances.size(); ++i)
        if (distances[i] <= limit) entries.push_back({distances[i], static_cast<std::uint32_t>(i)});
    if (count < entries.size()) {
        std::ranges::nth_element(entries, entries.begin() + static_cast<std::ptrdiff_t>(count));
        entries.resize(count);
    }
    std::ranges::sort(entries);
    return entries;
}

/// Without sorting: how many entries come before the nearest with this label.
template <typename Scalar>
std::size_t rankOfFirstMatch(std::span<const Scalar> distances, std::span<const std::int32_t> labels,
                             std::int32_t label) {
    Scalar best = std::numeric_limits<Scalar>::infinity();
    std::size_t at = 0;
    for (std::size_t i = 0; i < distances.size(); ++i)
        if (labels[i] == label && distances[i] < best) best = distances[i], at = i;
    if (!std::isfinite(best)) return 0;
    const auto before = std::ranges::count_if(distances, [best](Scalar distance) { return distance < best; });
    const auto tied = std::ranges::count(distances.first(at), best);
    return static_cast<std::size_t>(before + tied) + 1;
}

template <typename Scalar>
bool majorityIs(std::int32_t label, std::span<const Entry<Scalar>> voters, std::span<const std::int32_t> labels) {
    std::map<std::int32_t, int> votes;
    for (const auto& voter : voters) ++votes[labels[voter.index]];
    int most = 0;
    for (const auto& [candidate, count] : votes) most = std::max(most, count);
    for (const auto& voter : voters)  // nearest first
        if (votes[labels[voter.index]] == most) return labels[voter.index] == label;
    return false;
}

template <typename Scalar>
QueryRanking rankingOf(std::span<const Scalar> distances, std::span<const std::int32_t> labels, std::int32_t label,
                       std::size_t matches, std::size_t k) {
    QueryRanking ranking{matches};
    const auto sorted = nearest(distances, std::max(matches, k));
    std::size_t hits = 0;
    for (std::size_t i = 0; i < std::min(matches, sorted.size()); ++i) {
        if (labels[sorted[i].index] != label) continue;
        if (++hits == 1) ranking.firstMatch = i + 1;
        ranking.averagePrecisionAtR += static_cast<double>(hits) / static_cast<double>(i + 1);
    }
    if (hits == 0) ranking.firstMatch = rankOfFirstMatch(distances, labels, label);
    if (matches > 0) {
        ranking.rPrecision = static_cast<double>(hits) / static_cast<double>(matches);
        ranking.averagePrecisionAtR /= static_cast<double>(matches);
    }
    ranking.voteIsRight = majorityIs(label, std::span(sorted).first(std::min(k, sorted.size())), labels);
    return ranking;
}

}  // namespace

template <typename Scalar>
std::optional<std::vector<QueryRanking>> rankings(const Gallery<Scalar>& gallery, const QueryRows<Scalar>& queries,
                                                  int k, std::stop_token stop) {
    std::vector<QueryRanking> results(queries.size());
    const bool complete = forQueries(gallery, queries, stop, [&](std::size_t query, std::span<Scalar> distances) {
        const std::int32_t label = queries.labels[query];
        const std::size_t matches = gallery.countOf(label) - (queries.leaveOneOut ? 1 : 0);
        // A query that is not finite has no neighbours: it misses everything.
        results[query] = distances.empty() ? QueryRanking{matches}
                                           : rankingOf(std::span<const Scalar>(distances), gallery.labels(), label,
                                                       matches, static_cast<std::size_t>(std::max(k, 1)));
    });
    if (!complete) return std::nullopt;
    return results;
}

template std::optional<std::vector<QueryRanking>> rankings<float>(const Gallery<float>&, const QueryRows<float>&, int,
                                                                  std::stop_token);
template std::optional<std::vector<QueryRanking>> rankings<double>(const Gallery<double>&, const QueryRows<double>&,
                                                                   int, std::stop_token);

}  // namespace embedscope
