// Colour jitter and grey: Howard, Some Improvements on Deep Convolutional Neural Network Based Image Classification,
// 2013, with torchvision's formulas: brightness scales towards black, contrast towards the mean grey of the view,
// saturation towards each pixel's grey, hue turns the angle of HSV. Values stay unrounded between the parts.

#include "engine/images/augment_colour.h"

#include "engine/images/augment_draws.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace embedscope {
namespace {

constexpr float kRed = 0.2989F, kGreen = 0.587F, kBlue = 0.114F;  // ITU-R 601-2, as torchvision has them

/// Written so that it becomes two instructions; std::clamp's references do not.
inline float bounded(float value) {
    const float low = value > 0.0F ? value : 0.0F;
    return low < 255.0F ? low : 255.0F;
}

inline float lower(float a, float b) {
    return a < b ? a : b;
}

inline float higher(float a, float b) {
    return a > b ? a : b;
}

inline float greyOf(float red, float green, float blue) {
    return red * kRed + green * kGreen + blue * kBlue;
}

/// In eight sums side by side: vectors in, and the same order on every machine.
double meanGrey(const Planes& planes) {
    constexpr std::size_t kLanes = 8;
    std::array<float, kLanes> row{};
    double sum = 0;
    const float* red = planes.channel(0);
    const float* green = planes.colour() ? planes.channel(1) : red;
    const float* blue = planes.colour() ? planes.channel(2) : red;
    const std::size_t whole = planes.pixels() / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes)
        for (std::size_t k = 0; k < kLanes; ++k) row[k] += greyOf(red[i + k], green[i + k], blue[i + k]);
    for (const float lane : row) sum += lane;
    for (std::size_t i = whole; i < planes.pixels(); ++i) sum += greyOf(red[i], green[i], blue[i]);
    const double weight = planes.colour() ? 1 : kRed + kGreen + kBlue;  // of a grey image the mean itself
    return sum / (weight * static_cast<double>(planes.pixels()));
}

float factorAround1(ViewDraws& draws, double strength) {
    return static_cast<float>(draws.between(std::max(0.0, 1 - strength), 1 + strength));
}

void apply(Planes& planes, const Colouring& colouring, Colouring::Part part) {
    switch (part) {
        case Colouring::Part::Brightness:
            return scaleBrightness(planes, colouring.brightness);
        case Colouring::Part::Contrast:
            return scaleContrast(planes, colouring.contrast);
        case Colouring::Part::Saturation:
            return scaleSaturation(planes, colouring.saturation);
        case Colouring::Part::Hue:
            return turnHue(planes, colouring.hue);
    }
}

}  // namespace

ColourSettings ColourSettings::on(int channels) const {
    ColourSettings seen = *this;
    if (channels == 1) seen.saturation = seen.hue = seen.grey = 0;
    return seen;
}

Colouring drawColouring(const ColourSettings& settings, std::uint64_t seed) {
    Colouring drawn;
    drawn.grey = ViewDraws(seed, ViewPart::Grey).happens(settings.grey);
    drawn.solarised = ViewDraws(seed, ViewPart::Solarise).happens(settings.solarise);
    ViewDraws draws(seed, ViewPart::Jitter);
    drawn.jittered = draws.happens(settings.jitter) && settings.jitters();
    for (int i = 3; i > 0; --i) std::swap(drawn.order[i], drawn.order[draws.below(i + 1)]);
    drawn.brightness = factorAround1(draws, settings.brightness);
    drawn.contrast = factorAround1(draws, settings.contrast);
    drawn.saturation = factorAround1(draws, settings.saturation);
    drawn.hue = static_cast<float>(draws.between(-settings.hue, settings.hue));
    return drawn;
}

void colour(Planes& planes, const Colouring& colouring) {
    if (colouring.jittered)
        for (const Colouring::Part part : colouring.order) apply(planes, colouring, part);
    if (colouring.grey) turnGrey(planes);
}

void scaleBrightness(Planes& planes, float factor) {
    if (factor == 1) return;
    for (float& value : planes.all()) value = bounded(value * factor);
}

void scaleContrast(Planes& planes, float factor) {
    if (factor == 1) return;
    const float rest = (1 - factor) * static_cast<float>(meanGrey(planes));
    for (float& value : planes.all()) value = bounded(value * factor + rest);
}

void scaleSaturation(Planes& planes, float factor) {
    if (factor == 1) return;
    assert(planes.colour());
    float *red = planes.channel(0), *green = planes.channel(1), *blue = planes.channel(2);
    for (std::size_t i = 0; i < planes.pixels(); ++i) {
        const float rest = (1 - factor) * greyOf(red[i], green[i], blue[i]);
        red[i] = bounded(red[i] * factor + rest);
        green[i] = bounded(green[i] * factor + rest);
        blue[i] = bounded(blue[i] * factor + rest);
    }
}

/// A turn of the hue keeps the largest and the smallest value of each pixel, so no way through HSV is needed: with the
/// hue h in sixths of a turn, channel n is largest - spread * bounded(min(k, 4 - k)), k = n + h modulo 6.
void turnHue(Planes& planes, float turns) {
    if (turns == 0) return;
    assert(planes.colour());
    const float sixths = 6 * (turns < 0 ? turns + 1 : turns);
    float *red = planes.channel(0), *green = planes.channel(1), *blue = planes.channel(2);
    for (std::size_t i = 0; i < planes.pixels(); ++i) {
        const float r = red[i], g = green[i], b = blue[i];
        const float largest = higher(r, higher(g, b));
        const float spread = largest - lower(r, lower(g, b));
        const float scale = 1 / (spread > 0 ? spread : 1);
        const float ofBlue = 4 + (r - g) * scale;
        const float ofGreen = 2 + (b - r) * scale;
        const float ofRed = (g - b) * scale;
        const float notRed = largest == g ? ofGreen : ofBlue;
        const float hue = (largest == r ? ofRed : notRed) + sixths;  // -1..11
        const auto turned = [&](float n) {
            float k = n + hue;
            k = k >= 6 ? k - 6 : k;
            k = k >= 6 ? k - 6 : k;
            return largest - spread * higher(0, lower(1, lower(k, 4 - k)));
        };
        red[i] = turned(5);
        green[i] = turned(3);
        blue[i] = turned(1);
    }
}

void turnGrey(Planes& planes) {
    assert(planes.colour());
    float *red = planes.channel(0), *green = planes.channel(1), *blue = planes.channel(2);
    for (std::size_t i = 0; i < planes.pixels(); ++i) red[i] = green[i] = blue[i] = greyOf(red[i], green[i], blue[i]);
}

void solarise(Planes& planes, float threshold) {
    for (float& value : planes.all()) value = value >= threshold ? 255 - value : value;
}

}  // namespace embedscope
