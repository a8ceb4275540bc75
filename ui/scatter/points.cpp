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

/// A point's part of the trustworthiness at which it begins to pale, and at which it is palest.
constexpr float kFullTrust = 0.995F, kNoTrust = 0.9F, kPalest = 0.85F;

struct Looks {
    std::uint8_t red = 0, green = 0, blue = 0, style = 0;
};

Looks looksOf(int label) {
    const QColor color = classColor(label);
    return {static_cast<std::uint8_t>(color.red()), static_cast<std::uint8_t>(color.green()),
            static_cast<std::uint8_t>(color.blue()), static_cast<std::uint8_t>(classShape(label))};
}

}  // namespace

DrawnPoints pointsOf(const Layout& layout, const DataSet& data) {
    std::vector<Looks> looks{looksOf(kUnlabelled)};  // by label + 1
    for (std::size_t label = 0; label < data.classNames.size(); ++label)
        looks.push_back(looksOf(static_cast<int>(label)));
    DrawnPoints points(layout.samples->size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Sample& sample = data.samples[static_cast<std::size_t>((*layout.samples)[i])];
        DrawnPoint& point = points[i];
        point.fromX = point.toX = layout.coordinates[2 * i];
        point.fromY = point.toY = layout.coordinates[2 * i + 1];
        const Looks& look = looks[static_cast<std::size_t>(sample.label + 1)];
        point.red = look.red;
        point.green = look.green;
        point.blue = look.blue;
        point.style = look.style;
        if (sample.split == Split::HoldOut) point.style |= kHollowStyle;
    }
    return points;
}

PointDepths depthsOf(const Layout& layout) {
    PointDepths depths;
    depths.reserve(layout.depths.size());
    for (const float depth : layout.depths) depths.push_back({depth, depth});
    return depths;
}

void paleByTrust(DrawnPoints& points, const Layout& layout, QRgb ground) {
    if (!layout.quality || layout.quality->pointTrust.size() != points.size()) return;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const float trust = layout.quality->pointTrust[i];
        if (std::isnan(trust)) continue;
        const float share = std::clamp((kFullTrust - trust) / (kFullTrust - kNoTrust), 0.0F, kPalest);
        const auto mixed = [share](std::uint8_t own, int other) {
            return static_cast<std::uint8_t>(std::lround((1 - share) * own + share * static_cast<float>(other)));
        };
        points[i].red = mixed(points[i].red, qRed(ground));
        points[i].green = mixed(points[i].green, qGreen(ground));
        points[i].blue = mixed(points[i].blue, qBlue(ground));
    }
}

QRectF extentOf(std::span<const DrawnPoint> points) {
    if (points.empty()) return {-1, -1, 2, 2};
    const std::size_t every = points.size() / kAskedForExtent + 1;
    std::vector<float> x, y;
    for (std::size_t i = 0; i < points.size(); i += every) {
        x.push_back(points[i].toX);
        y.push_back(points[i].toY);
    }
    const QPointF low(quantile(x, 0.01), quantile(y, 0.01));
    const QPointF high(quantile(x, 0.99), quantile(y, 0.99));
    return {low, high};
}

std::vector<ScatterFrame> passesOf(const ScatterFrame& frame) {
    if (!frame.dims) return {frame};
    ScatterFrame dimmed = frame;
    dimmed.only = kDimmedStyle;
    dimmed.opacity *= 0.2F;
    return {dimmed, frame};
}

void setDensity(ScatterFrame& frame, std::size_t count) {
    const double thousands = std::max(0.2, static_cast<double>(count) / 1000);
    frame.radius = static_cast<float>(std::clamp(4.6 - 1.1 * std::log10(thousands) * 1.6, 1.2, 5.5));
    frame.opacity = static_cast<float>(std::clamp(0.92 - 0.14 * std::log10(thousands), 0.35, 0.95));
}

}  // namespace embedscope
