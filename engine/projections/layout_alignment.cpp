#include "engine/layout_alignment.h"

#include <Eigen/LU>
#include <Eigen/SVD>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

// Schönemann 1966 ("A generalized solution of the orthogonal Procrustes problem").

namespace embedscope {
namespace {

using Place = Eigen::Vector3d;  // in a plane the last is 0
using Turn = Eigen::Matrix3d;

/// How much better the other hand must fit before the picture flips.
constexpr double kClearlyBetter = 1.1;
/// Below this angle, in degrees, axes keep their names.
constexpr double kUnnoticed = 0.5;

struct PlacePair {
    Place from, to;
};

Place placeOf(const Layout& layout, std::size_t row) {
    return {static_cast<double>(layout.coordinates[2 * row]), static_cast<double>(layout.coordinates[2 * row + 1]),
            layout.depths.empty() ? 0 : static_cast<double>(layout.depths[row])};
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

struct Turned {
    Turn turn = Turn::Identity();
    bool mirrored = false;
};

/// The best turn of a hand differs from that of the other in the direction in which that costs least.
template <int Dims>
Turned bestTurn(const Turn& product, const RigidMotion* before) {
    using Square = Eigen::Matrix<double, Dims, Dims>;
    const Square part = product.template topLeftCorner<Dims, Dims>();
    const Eigen::JacobiSVD<Square> svd(part, Eigen::ComputeFullU | Eigen::ComputeFullV);
    const Square both = svd.matrixV() * svd.matrixU().transpose();
    const auto fits = svd.singularValues();
    const double common = fits.head(Dims - 1).sum(), least = both.determinant() < 0 ? -fits[Dims - 1] : fits[Dims - 1];
    const double turned = common + least, mirrored = common - least;
    const double keep = before ? kClearlyBetter : 1;
    Turned best;
    best.mirrored = before && before->mirrored ? turned <= keep * mirrored : mirrored > keep * turned;
    if (fits[0] == 0) {  // all in one place: nothing to turn by, and the hand stays
        best.mirrored = before && before->mirrored;
        if (best.mirrored) best.turn(Dims - 1, Dims - 1) = -1;
        return best;
    }
    Square hands = Square::Identity();
    hands(Dims - 1, Dims - 1) = (both.determinant() < 0) == best.mirrored ? 1 : -1;
    best.turn.template topLeftCorner<Dims, Dims>() = svd.matrixV() * hands * svd.matrixU().transpose();
    return best;
}

Place placeOf(const std::array<double, 3>& values) {
    return {values[0], values[1], values[2]};
}

std::string turnedName(const std::string& name, const RigidMotion& motion, bool inSpace) {
    if (inSpace) return name + (motion.mirrored ? ", mirrored and turned" : ", turned");
    // A mirrored plane was mirrored at its x axis first.
    const long degrees = std::lround(std::atan2(motion.turn[1][0], motion.turn[0][0]) * 180 / std::numbers::pi);
    return name + (motion.mirrored ? ", mirrored, turned by " : ", turned by ") + std::to_string(degrees) + "°";
}

/// In degrees, of a motion that mirrors nothing.
double angleOf(const Turn& turn, bool inSpace) {
    const double cosine = inSpace ? (turn.trace() - 1) / 2 : turn(0, 0);
    return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

}  // namespace

RigidMotion motionOnto(const Layout& target, const Layout& layout, const RigidMotion* before) {
    RigidMotion motion;
    if (target.depths.empty() != layout.depths.empty()) return motion;
    const std::vector<PlacePair> pairs = sharedPlaces(target, layout);
    motion.shared = pairs.size();
    if (pairs.size() < 2) return motion;
    Place from = Place::Zero(), to = Place::Zero();
    for (const PlacePair& pair : pairs) {
        from += pair.from;
        to += pair.to;
    }
    from /= static_cast<double>(pairs.size());
    to /= static_cast<double>(pairs.size());
    Turn product = Turn::Zero();
    for (const PlacePair& pair : pairs) product += (pair.from - from) * (pair.to - to).transpose();
    const Turned best = layout.depths.empty() ? bestTurn<2>(product, before) : bestTurn<3>(product, before);
    motion.mirrored = best.mirrored;
    for (int i = 0; i < 3; ++i) {
        const auto row = static_cast<std::size_t>(i);
        for (int j = 0; j < 3; ++j) motion.turn[row][static_cast<std::size_t>(j)] = best.turn(i, j);
        motion.centre[row] = from[i];
        motion.target[row] = to[i];
    }
    return motion;
}

std::shared_ptr<const Layout> moved(const Layout& layout, const RigidMotion& motion) {
    auto result = std::make_shared<Layout>(layout);
    const Place centre = placeOf(motion.centre), target = placeOf(motion.target);
    Turn turn;
    for (int i = 0; i < 3; ++i) turn.row(i) = placeOf(motion.turn[static_cast<std::size_t>(i)]).transpose();
    const bool inSpace = !layout.depths.empty();
    for (std::size_t row = 0; row < layout.samples->size(); ++row) {
        const Place place = target + turn * (placeOf(layout, row) - centre);
        result->coordinates[2 * row] = static_cast<float>(place.x());
        result->coordinates[2 * row + 1] = static_cast<float>(place.y());
        if (inSpace) result->depths[row] = static_cast<float>(place.z());
    }
    if (motion.mirrored || angleOf(turn, inSpace) > kUnnoticed)
        for (std::string& name : result->axisNames) name = turnedName(name, motion, inSpace);
    return result;
}

}  // namespace embedscope
