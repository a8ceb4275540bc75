#include "ui/scatter/trails.h"

#include "ui/colors.h"
#include "ui/scatter/difference_arrows.h"
#include "ui/scatter/embedding_view.h"

#include <QPainter>

#include <algorithm>

namespace embedscope {
namespace {

constexpr float kFaintest = 0.15F, kStrongest = 0.9F;

}  // namespace

std::vector<Trail> trailsOf(const std::vector<std::shared_ptr<const Layout>>& frames, const std::vector<int>& samples,
                            const DataSet& data) {
    std::vector<Trail> trails;
    for (const int sample : samples) {
        if (trails.size() == kMostTrails) break;
        trails.push_back({sample, {}, classColor(data.samples[static_cast<std::size_t>(sample)].label)});
    }
    if (trails.empty()) return trails;
    const std::size_t every = frames.size() / kMostTrailPlaces + 1;
    std::shared_ptr<const std::vector<std::int32_t>> known;
    std::vector<std::int32_t> rows;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const Layout& frame = *frames[i];
        const bool isLast = i + 1 == frames.size();
        if ((i % every != 0 && !isLast) || !isSameMap(frame, *frames.back())) continue;
        if (frame.samples != known) {
            known = frame.samples;
            rows = rowsOfSamples(frame, data.size());
        }
        for (Trail& trail : trails)
            if (const std::int32_t row = rows[static_cast<std::size_t>(trail.sample)]; row >= 0)
                trail.places.push_back(placeOf(frame, static_cast<std::size_t>(row)));
    }
    return trails;
}

void TrailOverlay::paint(QPainter& painter, const EmbeddingView& view) const {
    const ScatterFrame frame = view.frame();
    for (const Trail& trail : trails_) {
        const auto end = view.screenPositionOf(trail.sample);
        if (!end) continue;
        QColor color = trail.color;
        for (std::size_t i = 0; i < trail.places.size(); ++i) {
            const float share = static_cast<float>(i + 1) / static_cast<float>(trail.places.size());
            color.setAlphaF(kFaintest + (kStrongest - kFaintest) * share);
            painter.setPen(QPen(color, 1.5));
            const bool isLast = i + 1 == trail.places.size();
            painter.drawLine(frame.screenFrom(trail.places[i]), isLast ? *end : frame.screenFrom(trail.places[i + 1]));
        }
    }
}

}  // namespace embedscope
