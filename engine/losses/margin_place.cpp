#include "engine/margin_place.h"

#include "engine/losses/loss.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace embedscope {
namespace {

/// Marks rise with the margin, or fall with it where it is one of a similarity.
std::optional<double> solved(const std::function<std::optional<double>(double)>& placeOf, double low, double high,
                             double distance) {
    const std::optional<double> atLow = placeOf(low), atHigh = placeOf(high);
    if (!atLow || !atHigh || *atLow == *atHigh) return std::nullopt;
    const bool rises = *atHigh > *atLow;
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        const std::optional<double> place = placeOf(middle);
        if (!place) return std::nullopt;
        ((*place < distance) == rises ? low : high) = middle;
    }
    return (low + high) / 2;
}

double roundedTo(double value, const Parameter& margin) {
    constexpr double kDigits = 1000;
    return std::clamp(std::round(value * kDigits) / kDigits, margin.minimum, margin.maximum);
}

}  // namespace

std::optional<double> marginAt(const Choice& loss, double distance, double similarMeanSquare) try {
    const CatalogEntry& entry = entryOf(lossCatalog(), loss.id, "loss");
    const auto margin = std::ranges::find(entry.parameters, "margin", &Parameter::id);
    if (margin == entry.parameters.end() || !margin->changesLive || !std::isfinite(distance)) return std::nullopt;
    const auto placeOf = [&](double value) -> std::optional<double> {
        Choice other = loss;
        other.parameters["margin"] = value;
        const auto mark = makeLoss(other, LossSetting{.classes = 2})->marginMark(similarMeanSquare);
        return mark ? std::optional(mark->distance) : std::nullopt;
    };
    const auto value = solved(placeOf, margin->minimum, margin->maximum, distance);
    return value ? std::optional(roundedTo(*value, *margin)) : std::nullopt;
} catch (const std::invalid_argument&) {  // a loss that these two classes are too few for has no mark to move
    return std::nullopt;
}

}  // namespace embedscope
