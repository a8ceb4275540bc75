#pragma once

#include "engine/data_set.h"
#include "engine/projection.h"
#include "ui/scatter/map_place.h"
#include "ui/scatter/view_overlay.h"

#include <QColor>
#include <QPolygonF>

#include <memory>
#include <vector>

namespace embedscope {

/// The way of one sample over the map so far.
struct Trail {
    int sample = -1;
    std::vector<MapPlace> places;  ///< Oldest first.
    QColor color;
};

/// So many trails can still be told apart, of so many places each.
inline constexpr std::size_t kMostTrails = 50, kMostTrailPlaces = 60;

/// Of the first samples that a trail can be drawn for. @param frames Oldest first; frames of another method than the
/// last one's, or in a plane where that is in space, lie in another map and are left out.
std::vector<Trail> trailsOf(const std::vector<std::shared_ptr<const Layout>>& frames, const std::vector<int>& samples,
                            const DataSet& data);

/// Arrowheads along a line of screen places, in its direction: evenly spaced, at least one on a line that has room for
/// it. @return [heads, 3] corners, the tip in the middle.
std::vector<QPolygonF> arrowheadsOf(const QPolygonF& line);

/// Lines from where samples were, a ring, to where they are; the older, the fainter, with arrowheads.
class TrailOverlay : public ViewOverlay {
public:
    void show(std::vector<Trail> trails) { trails_ = std::move(trails); }
    const std::vector<Trail>& trails() const { return trails_; }
    void paint(QPainter& painter, const EmbeddingView& view) const override;

private:
    std::vector<Trail> trails_;
};

}  // namespace embedscope
