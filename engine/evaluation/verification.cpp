#include "engine/verification.h"

#include "engine/evaluation/sorted_distances.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

struct OperatingPoint {
    double threshold = 0;  ///< Half way to the next larger distance.
    double fmr = 0;
    double fnmr = 1;
};

/// From "nothing passes" to "everything passes", one point a distinct distance.
std::vector<OperatingPoint> operatingPoints(std::span<const float> similar, std::span<const float> dissimilar) {
    const double lowest = std::min(similar.front(), dissimilar.front());
    std::vector<OperatingPoint> points{{lowest / 2, 0, 1}};
    std::size_t s = 0, d = 0;
    while (s < similar.size() || d < dissimilar.size()) {
        const float at = std::min(s < similar.size() ? similar[s] : dissimilar[d],
                                  d < dissimilar.size() ? dissimilar[d] : similar[s]);
        while (s < similar.size() && similar[s] == at) ++s;
        while (d < dissimilar.size() && dissimilar[d] == at) ++d;
        double next = at;
        if (s < similar.size()) next = similar[s];
        if (d < dissimilar.size() && (s == similar.size() || dissimilar[d] < similar[s])) next = dissimilar[d];
        points.push_back({(at + next) / 2, static_cast<double>(d) / static_cast<double>(dissimilar.size()),
                          1 - static_cast<double>(s) / static_cast<double>(similar.size())});
    }
    return points;
}

double equalErrorRate(std::span<const OperatingPoint> points) {
    // FMR - FNMR rises from -1 to 1.
    std::size_t after = 1;
    while (points[after].fmr < points[after].fnmr) ++after;
    const OperatingPoint& a = points[after - 1];
    const OperatingPoint& b = points[after];
    const double gapBefore = a.fnmr - a.fmr, gapAfter = b.fmr - b.fnmr;
    const double share = gapBefore / (gapBefore + gapAfter);
    return a.fmr + share * (b.fmr - a.fmr);
}

double fnmrAt(std::span<const OperatingPoint> points, double fmr) {
    double lowest = 1;
    for (const OperatingPoint& point : points)
        if (point.fmr <= fmr) lowest = std::min(lowest, point.fnmr);
    return lowest;
}

VerificationMeasures measuresOf(std::span<const float> similar, std::span<const float> dissimilar) {
    VerificationMeasures measures;
    if (similar.empty() || dissimilar.empty()) return measures;
    const auto points = operatingPoints(similar, dissimilar);
    const auto best = std::ranges::min_element(points, {}, [](const auto& point) { return point.fmr + point.fnmr; });
    measures.auc = areaUnderCurve(similar, dissimilar);
    measures.equalErrorRate = equalErrorRate(points);
    measures.fnmrAtFmr1Percent = fnmrAt(points, 0.01);
    measures.fnmrAtFmr01Percent = fnmrAt(points, 0.001);
    measures.bestThreshold = best->threshold;
    measures.bestAccuracy = 1 - (best->fmr + best->fnmr) / 2;
    return measures;
}

std::vector<float> sorted(std::span<const float> distances) {
    std::vector<float> kept;
    std::ranges::copy_if(distances, std::back_inserter(kept), [](float value) { return std::isfinite(value); });
    std::ranges::sort(kept);
    return kept;
}

}  // namespace

VerificationMeasures verificationMeasures(std::span<const float> similar, std::span<const float> dissimilar) {
    return measuresOf(sorted(similar), sorted(dissimilar));
}

VerificationMeasures verificationMeasures(std::span<const float> embeddings, int dimension, const PairSample& pairs) {
    return measuresOf(sortedDistances(embeddings, dimension, pairs.similar),
                      sortedDistances(embeddings, dimension, pairs.dissimilar));
}

}  // namespace embedscope
