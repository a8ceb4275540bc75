#pragma once

#include "engine/projection.h"

#include <cstddef>
#include <memory>

namespace embedscope {

/// A rigid motion of the plane: mirror, turn, move. Lengths stay what they are, so that distances in two layouts still
/// compare.
struct PlaneMotion {
    bool mirrored = false;            ///< First: y changes its sign around the centre.
    double cosine = 1, sine = 0;      ///< Then a turn around the centre, counter-clockwise.
    double centreX = 0, centreY = 0;  ///< Of the samples that both layouts show, before.
    double targetX = 0, targetY = 0;  ///< And after.
    std::size_t shared = 0;           ///< Samples that it was found from.
};

/// The motion that brings the samples which both layouts show nearest to where `target` has them: orthogonal
/// Procrustes. Leaves everything in place if they share fewer than two samples.
/// @param before The motion of the frame before, if any: its hand is kept while it fits nearly as well, so that a
/// picture does not flip to and fro.
PlaneMotion motionOnto(const Layout& target, const Layout& layout, const PlaneMotion* before = nullptr);

/// The layout after the motion. The names of its axes say how they were turned.
std::shared_ptr<const Layout> moved(const Layout& layout, const PlaneMotion& motion);

}  // namespace embedscope
