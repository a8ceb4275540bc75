#pragma once

#include "engine/projection.h"

#include <array>
#include <cstddef>
#include <memory>

namespace embedscope {

/// A rigid motion of a plane or of space: turn or mirror, and move. Lengths stay what they are, so that distances in
/// two layouts still compare.
struct RigidMotion {
    bool mirrored = false;
    std::array<std::array<double, 3>, 3> turn{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  ///< Orthogonal, of a column.
    std::array<double, 3> centre{}, target{};  ///< Of the samples that both layouts show: before and after.
    std::size_t shared = 0;                    ///< Samples that it was found from.
};

/// The motion that brings the samples which both layouts show nearest to where `target` has them: orthogonal
/// Procrustes. Leaves everything in place if they share fewer than two samples, or if one is a plane and the other lies
/// in space.
/// @param before The motion of the frame before, if any: its hand is kept while it fits nearly as well, so that a
/// picture does not flip to and fro.
RigidMotion motionOnto(const Layout& target, const Layout& layout, const RigidMotion* before = nullptr);

/// The layout after the motion. The names of its axes say how they were turned.
std::shared_ptr<const Layout> moved(const Layout& layout, const RigidMotion& motion);

}  // namespace embedscope
