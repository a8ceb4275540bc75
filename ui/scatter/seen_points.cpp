#include "ui/scatter/seen_points.h"

#include <algorithm>

namespace embedscope {

DepthLooks SeenPoints::looksOf(std::size_t index, const ScatterFrame& frame) const {
    if (levelEnds.empty()) return {};
    const auto level = std::ranges::upper_bound(levelEnds, index) - levelEnds.begin();
    return depthLooks(static_cast<int>(level), frame.orbit.nearness);
}

std::vector<PointLayer> layersOf(const SeenPoints& seen, const ScatterFrame& frame) {
    std::vector<PointLayer> layers;
    for (const ScatterFrame& pass : passesOf(frame)) {
        if (seen.levelEnds.empty()) {
            layers.push_back({seen.points, pass});
            continue;
        }
        std::size_t begin = 0;
        for (int level = 0; level < kDepthLevels; ++level) {
            const std::size_t end = seen.levelEnds[static_cast<std::size_t>(level)];
            const DepthLooks looks = depthLooks(level, frame.orbit.nearness);
            PointLayer layer{seen.points.subspan(begin, end - begin), pass};
            layer.frame.radius *= looks.size;
            layer.frame.opacity *= looks.opacity;
            layers.push_back(std::move(layer));
            begin = end;
        }
    }
    return layers;
}

}  // namespace embedscope
