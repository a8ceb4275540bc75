#include "engine/projections/alignment.h"

#include <cmath>
#include <complex>

// Schönemann 1966 ("A generalized solution of the orthogonal Procrustes problem"); in a plane it has a closed form.

namespace embedscope {
namespace {

using Complex = std::complex<double>;

Complex pointAt(std::span<const float> map, std::size_t i) {
    return {static_cast<double>(map[2 * i]), static_cast<double>(map[2 * i + 1])};
}

Complex meanOf(std::span<const float> map) {
    Complex sum = 0;
    for (std::size_t i = 0; i < map.size() / 2; ++i) sum += pointAt(map, i);
    return map.empty() ? sum : sum / static_cast<double>(map.size() / 2);
}

double radiusAround(std::span<const float> map, Complex centre) {
    double sum = 0;
    for (std::size_t i = 0; i < map.size() / 2; ++i) sum += std::norm(pointAt(map, i) - centre);
    return map.empty() ? 0 : std::sqrt(sum / static_cast<double>(map.size() / 2));
}

Complex unit(Complex value) {
    const double size = std::abs(value);
    return size > 0 ? value / size : Complex(1, 0);
}

}  // namespace

std::vector<float> alignedMap(std::span<const float> map, std::span<const float> before, double radius) {
    const Complex centre = meanOf(map);
    const double size = radiusAround(map, centre);
    const double scale = size > 0 ? radius / size : 1;
    const bool follows = before.size() == map.size() && !map.empty();
    const Complex target = follows ? meanOf(before) : Complex();
    Complex turned = 0, mirrored = 0;  // the sums whose directions are the best turns
    for (std::size_t i = 0; follows && i < map.size() / 2; ++i) {
        const Complex from = pointAt(map, i) - centre, to = pointAt(before, i) - target;
        turned += to * std::conj(from);
        mirrored += to * from;
    }
    const bool mirror = std::abs(mirrored) > std::abs(turned);
    const Complex turn = scale * (follows ? unit(mirror ? mirrored : turned) : Complex(1, 0));
    std::vector<float> result(map.size());
    for (std::size_t i = 0; i < map.size() / 2; ++i) {
        const Complex offset = pointAt(map, i) - centre;
        const Complex place = target + turn * (mirror ? std::conj(offset) : offset);
        result[2 * i] = static_cast<float>(place.real());
        result[2 * i + 1] = static_cast<float>(place.imag());
    }
    return result;
}

double meanDisplacement(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size() / 2; ++i) sum += std::abs(pointAt(a, i) - pointAt(b, i));
    const double radius = radiusAround(b, meanOf(b));
    return a.empty() || radius == 0 ? 0 : sum / static_cast<double>(a.size() / 2) / radius;
}

}  // namespace embedscope
