#include "ui/scatter/points.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

/// The given share of the way through the sorted values; NaN-free input.
float quantile(std::vector<float>& values, double share) {
    const auto position = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + position, values.end());
    return values[static_cast<std::size_t>(position)];
}

}  // namespace

DrawnPoints pointsOf(const Layout& layout, const DataSet& data) {
    DrawnPoints points(layout.samples->size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Sample& sample = data.samples[static_cast<std::size_t>((*layout.samples)[i])];
        DrawnPoint& point = points[i];
        point.fromX = point.toX = layout.coordinates[2 * i];
        point.fromY = point.toY = layout.coordinates[2 * i + 1];
        const QColor color = classColor(sample.label);
        point.red = static_cast<std::uint8_t>(color.red());
        point.green = static_cast<std::uint8_t>(color.green());
        point.blue = static_cast<std::uint8_t>(color.blue());
        point.style = static_cast<std::uint8_t>(classShape(sample.label));
        if (sample.split == Split::HoldOut) point.style |= kHollowStyle;
    }
    return points;
}

QRectF extentOf(const DrawnPoints& points) {
    if (points.empty()) return {-1, -1, 2, 2};
    std::vector<float> x, y;
    x.reserve(points.size());
    y.reserve(points.size());
    for (const DrawnPoint& point : points) {
        x.push_back(point.toX);
        y.push_back(point.toY);
    }
    const QPointF low(quantile(x, 0.01), quantile(y, 0.01));
    const QPointF high(quantile(x, 0.99), quantile(y, 0.99));
    return {low, high};
}

void setDensity(ScatterFrame& frame, std::size_t count) {
    const double thousands = std::max(0.2, static_cast<double>(count) / 1000);
    frame.radius = static_cast<float>(std::clamp(4.6 - 1.1 * std::log10(thousands) * 1.6, 1.2, 5.5));
    frame.opacity = static_cast<float>(std::clamp(0.92 - 0.14 * std::log10(thousands), 0.35, 0.95));
}

}  // namespace embedscope
