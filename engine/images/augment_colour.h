#pragma once

#include "engine/images/augment_planes.h"

#include <array>
#include <cstdint>

namespace embedscope {

/// What a view does to the values of the pixels.
struct ColourSettings {
    double jitter = 0;  ///< Probability of the four that follow.
    double brightness = 0, contrast = 0, saturation = 0, hue = 0;
    double grey = 0;                 ///< Probability.
    double solarise = 0;             ///< Probability.
    double solariseThreshold = 128;  ///< 0..255

    bool jitters() const { return jitter > 0 && (brightness > 0 || contrast > 0 || saturation > 0 || hue > 0); }
    bool any() const { return jitters() || grey > 0 || solarise > 0; }
    /// What of it can be seen on images of so many channels.
    ColourSettings on(int channels) const;
};

/// The parts of the jitter in the order in which they were drawn, then grey; solarise comes after the blur.
struct Colouring {
    enum class Part : std::uint8_t { Brightness, Contrast, Saturation, Hue };
    bool jittered = false;
    std::array<Part, 4> order{Part::Brightness, Part::Contrast, Part::Saturation, Part::Hue};
    float brightness = 1, contrast = 1, saturation = 1;  ///< Factors.
    float hue = 0;                                       ///< In turns of the colour circle.
    bool grey = false;
    bool solarised = false;
    bool any() const { return jittered || grey || solarised; }
};

Colouring drawColouring(const ColourSettings& settings, std::uint64_t seed);
/// Jitter and grey.
void colour(Planes& planes, const Colouring& colouring);

void scaleBrightness(Planes& planes, float factor);
void scaleContrast(Planes& planes, float factor);
void scaleSaturation(Planes& planes, float factor);  ///< Colour images only, as the next two.
void turnHue(Planes& planes, float turns);
void turnGrey(Planes& planes);
void solarise(Planes& planes, float threshold);

}  // namespace embedscope
