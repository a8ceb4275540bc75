#include "ui/scatter/point_colors.h"

#include "ui/scatter/color_scale.h"
#include "ui/scatter/difference_arrows.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace embedscope {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

constexpr std::array<ColorChoice, 9> kChoices = {
    {{ColorBy::Class, "class", QT_TRANSLATE_NOOP("colors", "Class"),
      QT_TRANSLATE_NOOP("colors", "The colour and shape of each class")},
     {ColorBy::Split, "split", QT_TRANSLATE_NOOP("colors", "Split"),
      QT_TRANSLATE_NOOP("colors", "Training images against held-out ones")},
     {ColorBy::Labelled, "labelled", QT_TRANSLATE_NOOP("colors", "Source of the label"),
      QT_TRANSLATE_NOOP("colors", "Which images came with a label, and which were given theirs by hand")},
     {ColorBy::Age, "age", QT_TRANSLATE_NOOP("colors", "Age of the embedding"),
      QT_TRANSLATE_NOOP("colors", "Training steps since the embedding was computed")},
     {ColorBy::Agreement, "agreement", QT_TRANSLATE_NOOP("colors", "Neighbour agreement"),
      QT_TRANSLATE_NOOP("colors",
                        "Share of the nearest neighbours in the embedding space that have the same class: low "
                        "where labels may be wrong or classes meet")},
     {ColorBy::Hardness, "hardness", QT_TRANSLATE_NOOP("colors", "Hardness"),
      QT_TRANSLATE_NOOP("colors",
                        "Distance to the nearest image of the same class against the nearest of another: above 0.5 "
                        "another class is nearer")},
     {ColorBy::Loss, "loss", QT_TRANSLATE_NOOP("colors", "Loss"),
      QT_TRANSLATE_NOOP("colors",
                        "Mean loss of the newest mined pairs or triplets that hold the image; it fills in while the "
                        "training runs, some sixty tuples a second")},
     {ColorBy::Movement, "movement", QT_TRANSLATE_NOOP("colors", "Movement"),
      QT_TRANSLATE_NOOP("colors", "How far each point has come on the map since a step of your choice")},
     {ColorBy::Trust, "trust", QT_TRANSLATE_NOOP("colors", "Trust in the place"),
      QT_TRANSLATE_NOOP("colors", "Low where neighbours on the map are far apart in the embedding space")}}};

QString tr(const char* text) {
    return QCoreApplication::translate("colors", text);
}

void setColor(DrawnPoint& point, const QColor& color) {
    point.red = static_cast<std::uint8_t>(color.red());
    point.green = static_cast<std::uint8_t>(color.green());
    point.blue = static_cast<std::uint8_t>(color.blue());
    point.style = static_cast<std::uint8_t>(point.style & ~3);  // a disc
}

const Sample& sampleAt(const Layout& layout, const DataSet& data, std::size_t row) {
    return data.samples[static_cast<std::size_t>((*layout.samples)[row])];
}

/// @param kindOf From a sample to an index into `kinds`.
template <typename KindOf>
ColorKey colorByKind(DrawnPoints& points, const Layout& layout, const DataSet& data, const QString& title,
                     std::vector<ColorKey::Kind> kinds, KindOf kindOf) {
    for (std::size_t row = 0; row < points.size(); ++row)
        setColor(points[row], kinds[kindOf(sampleAt(layout, data, row))].color);
    ColorKey key;
    key.title = title;
    key.kinds = std::move(kinds);
    return key;
}

std::vector<float> agesOf(const Layout& layout) {
    std::vector<float> ages(layout.samples->size(), kUnknown);
    if (!layout.bank || layout.bank->computedAtStep.size() != ages.size()) return ages;
    for (std::size_t row = 0; row < ages.size(); ++row)
        ages[row] = static_cast<float>(layout.bank->step - layout.bank->computedAtStep[row]);
    return ages;
}

/// @param known [samples], or null.
std::vector<float> byRow(const Layout& layout, const std::vector<float>* known) {
    std::vector<float> values(layout.samples->size(), kUnknown);
    if (!known) return values;
    for (std::size_t row = 0; row < values.size(); ++row)
        values[row] = (*known)[static_cast<std::size_t>((*layout.samples)[row])];
    return values;
}

/// In units of the map.
std::vector<float> movementOf(const Layout& layout, const DataSet& data, const ColorSources& sources) {
    std::vector<float> movement(layout.samples->size(), kUnknown);
    const std::shared_ptr<const Layout>& origin = sources.movedFrom;
    if (!origin || !isSameMap(*origin, layout)) return movement;
    const std::vector<std::int32_t> rows = rowsOfSamples(*origin, data.size());
    for (std::size_t row = 0; row < movement.size(); ++row) {
        const std::int32_t from = rows[static_cast<std::size_t>((*layout.samples)[row])];
        if (from < 0) continue;
        const MapPlace start = placeOf(*origin, static_cast<std::size_t>(from)), end = placeOf(layout, row);
        movement[row] = std::hypot(end.x - start.x, end.y - start.y, end.z - start.z);
    }
    return movement;
}

std::vector<float> trustOf(const Layout& layout) {
    std::vector<float> trust(layout.samples->size(), kUnknown);
    if (layout.quality && layout.quality->pointTrust.size() == trust.size()) trust = layout.quality->pointTrust;
    return trust;
}

/// Not the extremes, so that one stray number does not make the rest one colour.
void setRange(ColorKey& key, std::vector<float> values) {
    const std::size_t points = values.size();
    std::erase_if(values, [](float value) { return !std::isfinite(value); });
    key.known = !values.empty();
    key.unknown = points - values.size();
    if (values.empty()) return;
    const auto at = [&values](double share) {
        const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
        std::nth_element(values.begin(), place, values.end());
        return static_cast<double>(*place);
    };
    key.low = at(0.01);
    key.high = at(0.99);
}

/// What is known now only, beside points of now or of the past. Recorded layouts have no bank.
QString momentOf(const Layout& layout, std::int64_t step) {
    const QLocale locale;
    const QString shown = locale.toString(static_cast<qlonglong>(layout.step));
    if (step >= 0) {
        const QString known = locale.toString(static_cast<qlonglong>(step));
        return layout.bank ? tr("up to step %1").arg(known) : tr("of step %1; points: %2").arg(known, shown);
    }
    return layout.bank ? QString() : tr("now; points: step %1").arg(shown);
}

ColorKey colorByNumber(DrawnPoints& points, const std::vector<float>& values, ColorKey key) {
    const double span = key.high > key.low ? key.high - key.low : 1;
    for (std::size_t row = 0; row < points.size(); ++row)
        setColor(points[row], std::isfinite(values[row]) ? scaleColor((values[row] - key.low) / span) : unknownColor());
    return key;
}

/// The commonest kinds have colours of their own.
constexpr std::size_t kMostKinds = 9;

ColorKey colorByColumnKinds(DrawnPoints& points, const Layout& layout, const DataSet& data,
                            const SampleColumn& column) {
    std::vector<ColorKey::Kind> kinds;
    for (std::size_t i = 0; i < std::min(kMostKinds, column.kindNames.size()); ++i)
        kinds.push_back({classColor(static_cast<int>(i)), QString::fromStdString(column.kindNames[i])});
    const std::size_t own = kinds.size();
    if (column.kindNames.size() > own)
        kinds.push_back({classColor(static_cast<int>(own)), tr("%1 others").arg(column.kindNames.size() - own)});
    kinds.push_back({unknownColor(), tr("nothing said")});
    const std::size_t last = kinds.size() - 1;
    return colorByKind(
        points, layout, data, QString::fromStdString(column.name), std::move(kinds), [&](const Sample& sample) {
            const std::int32_t kind = column.kinds[static_cast<std::size_t>(&sample - data.samples.data())];
            return kind < 0 ? last : std::min(static_cast<std::size_t>(kind), own);
        });
}

ColorKey colorByLabelSource(DrawnPoints& points, const Layout& layout, const DataSet& data,
                            const ColorSources& sources) {
    std::vector<ColorKey::Kind> kinds = {{classColor(0), tr("labelled")}, {classColor(1), tr("not labelled")}};
    if (!sources.relabelled.empty()) kinds.push_back({classColor(2), tr("labelled by hand")});
    return colorByKind(points, layout, data, tr("Label"), std::move(kinds), [&](const Sample& sample) {
        const auto index = static_cast<int>(&sample - data.samples.data());
        if (std::ranges::binary_search(sources.relabelled, index)) return 2U;
        return sample.label >= 0 ? 0U : 1U;
    });
}

}  // namespace

std::span<const ColorChoice> colorChoices() {
    return kChoices;
}

ColorKey colorPoints(DrawnPoints& points, const Layout& layout, const DataSet& data, ColorBy by,
                     const ColorSources& sources) {
    ColorKey key;
    key.unknownName = tr("not known: %1");
    std::vector<float> values;
    switch (by) {
        case ColorBy::Class:
            return key;
        case ColorBy::Split:
            return colorByKind(points, layout, data, tr("Split"),
                               {{classColor(0), tr("training")}, {classColor(1), tr("held out")}},
                               [](const Sample& sample) { return sample.split == Split::Train ? 0U : 1U; });
        case ColorBy::Labelled:
            return colorByLabelSource(points, layout, data, sources);
        case ColorBy::Age:
            key.title = tr("Age in training steps");
            values = agesOf(layout);
            setRange(key, values);
            key.low = 0;
            break;
        case ColorBy::Agreement:
            key.title = tr("Neighbours of the same class");
            if (sources.agreement) key.when = momentOf(layout, -1);
            values = byRow(layout, sources.agreement.get());
            setRange(key, values);
            key.low = 0;
            key.high = 1;
            break;
        case ColorBy::Hardness:
            key.title = tr("Hardness");
            if (sources.hardness) key.when = momentOf(layout, -1);
            values = byRow(layout, sources.hardness.get());
            setRange(key, values);
            break;
        case ColorBy::Loss:
            key.title = tr("Loss of its mined tuples");
            if (sources.lossStep >= 0) key.when = momentOf(layout, sources.lossStep);
            key.unknownName = tr("no loss yet: %1");
            values = byRow(layout, sources.loss.get());
            setRange(key, values);
            key.low = 0;
            break;
        case ColorBy::Column: {
            if (!sources.columns || sources.column >= sources.columns->size()) return key;
            const SampleColumn& column = (*sources.columns)[sources.column];
            if (!column.isNumeric()) return colorByColumnKinds(points, layout, data, column);
            key.title = QString::fromStdString(column.name);
            values = byRow(layout, &column.numbers);
            setRange(key, values);
            break;
        }
        case ColorBy::Movement:
            key.title = sources.movedFrom ? tr("Movement since step %1").arg(sources.movedFrom->step) : tr("Movement");
            values = movementOf(layout, data, sources);
            setRange(key, values);
            key.low = 0;
            break;
        case ColorBy::Trust:
            key.title = tr("Trust in the place");
            values = trustOf(layout);
            setRange(key, values);
            key.high = 1;
            break;
    }
    return colorByNumber(points, values, std::move(key));
}

}  // namespace embedscope
