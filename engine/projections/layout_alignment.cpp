#include "engine/layout_alignment.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

// Schönemann 1966 ("A generalized solution of the orthogonal Procrustes problem"); in a plane it has a closed form.

namespace embedscope {
namespace {

using Complex = std::complex<double>;

/// How much better the other hand must fit before the picture flips.
constexpr double kClearlyBetter = 1.1;
/// Below this angle, in degrees, axes keep their names.
constexpr double kUnnoticed = 0.5;

struct PlacePair {
    Complex from, to;
};

Complex placeOf(const Layout& layout, std::size_t row) {
    return {static_cast<double>(layout.coordinates[2 * row]), static_cast<double>(layout.coordinates[2 * row + 1])};
}

/// Of the samples that both show.
std::vector<PlacePair> sharedPlaces(const Layout& target, const Layout& layout) {
    std::vector<PlacePair> pairs;
    const std::vector<std::int32_t>&own = *layout.samples, &others = *target.samples;
    if (layout.samples == target.samples) {
        for (std::size_t row = 0; row < own.size(); ++row)
            pairs.push_back({placeOf(layout, row), placeOf(target, row)});
        return pairs;
    }
    if (others.empty()) return pairs;
    std::vector<std::ptrdiff_t> rowOf(static_cast<std::size_t>(*std::ranges::max_element(others)) + 1, -1);
    for (std::size_t row = 0; row < others.size(); ++row)
        rowOf[static_cast<std::size_t>(others[row])] = static_cast<std::ptrdiff_t>(row);
    for (std::size_t row = 0; row < own.size(); ++row)
        if (const auto sample = static_cast<std::size_t>(own[row]); sample < rowOf.size() && rowOf[sample] >= 0)
            pairs.push_back({placeOf(layout, row), placeOf(target, static_cast<std::size_t>(rowOf[sample]))});
    return pairs;
}

std::string turnedName(const std::string& name, const PlaneMotion& motion) {
    const long degrees = std::lround(std::atan2(motion.sine, motion.cosine) * 180 / std::numbers::pi);
    return name + (motion.mirrored ? ", mirrored, turned by " : ", turned by ") + std::to_string(degrees) + "°";
}

}  // namespace

PlaneMotion motionOnto(const Layout& target, const Layout& layout, const PlaneMotion* before) {
    const std::vector<PlacePair> pairs = sharedPlaces(target, layout);
    PlaneMotion motion;
    motion.shared = pairs.size();
    if (pairs.size() < 2) return motion;
    Complex from = 0, to = 0;
    for (const PlacePair& pair : pairs) {
        from += pair.from;
        to += pair.to;
    }
    from /= static_cast<double>(pairs.size());
    to /= static_cast<double>(pairs.size());
    Complex turned = 0, mirrored = 0;  // the sums whose directions are the best turns
    for (const PlacePair& pair : pairs) {
        turned += (pair.to - to) * std::conj(pair.from - from);
        mirrored += (pair.to - to) * (pair.from - from);
    }
    const double keep = before ? kClearlyBetter : 1;
    motion.mirrored = before && before->mirrored ? std::abs(turned) <= keep * std::abs(mirrored)
                                                 : std::abs(mirrored) > keep * std::abs(turned);
    const Complex sum = motion.mirrored ? mirrored : turned;
    if (std::abs(sum) > 0) {
        motion.cosine = sum.real() / std::abs(sum);
        motion.sine = sum.imag() / std::abs(sum);
    }
    motion.centreX = from.real();
    motion.centreY = from.imag();
    motion.targetX = to.real();
    motion.targetY = to.imag();
    return motion;
}

std::shared_ptr<const Layout> moved(const Layout& layout, const PlaneMotion& motion) {
    auto result = std::make_shared<Layout>(layout);
    const Complex centre(motion.centreX, motion.centreY), target(motion.targetX, motion.targetY);
    const Complex turn(motion.cosine, motion.sine);
    for (std::size_t row = 0; row < layout.samples->size(); ++row) {
        const Complex offset = placeOf(layout, row) - centre;
        const Complex place = target + turn * (motion.mirrored ? std::conj(offset) : offset);
        result->coordinates[2 * row] = static_cast<float>(place.real());
        result->coordinates[2 * row + 1] = static_cast<float>(place.imag());
    }
    const double degrees = std::abs(std::atan2(motion.sine, motion.cosine)) * 180 / std::numbers::pi;
    if (motion.mirrored || degrees > kUnnoticed)
        for (std::string& name : result->axisNames) name = turnedName(name, motion);
    return result;
}

}  // namespace embedscope
