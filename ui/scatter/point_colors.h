#pragma once

#include "engine/manifest_columns.h"
#include "ui/scatter/points.h"

#include <QString>

#include <memory>
#include <span>
#include <vector>

namespace embedscope {

/// What the colours of the points say.
enum class ColorBy { Class, Split, Labelled, Age, Agreement, Hardness, Loss, Movement, Trust, Column };

/// A row of the table that menus and lists iterate.
struct ColorChoice {
    ColorBy by;
    const char *id, *label, *help;
};
/// All but Column, in the order of ColorBy.
std::span<const ColorChoice> colorChoices();

/// What the colours are made from beside the layout. Null: not known, and the points are grey.
struct ColorSources {
    std::shared_ptr<const std::vector<float>> agreement, hardness, loss;  ///< [samples of the data set] NaN: not known.
    std::int64_t lossStep = -1;                                           ///< Up to which losses were looked at.
    std::shared_ptr<const SampleColumns> columns;                         ///< Of the manifest.
    std::size_t column = 0;                                               ///< Of them, for ColorBy::Column.
    std::vector<int> relabelled;              ///< Samples with a label given by hand, rising.
    std::shared_ptr<const Layout> movedFrom;  ///< Movement is measured from here.
};

/// What has to be said beside the picture to read its colours.
struct ColorKey {
    struct Kind {
        QColor color;
        QString name;
    };
    QString title;            ///< Empty: by class, whose legend stands elsewhere.
    QString when;             ///< Of which step the colours are, where that is not the step of the points.
    std::vector<Kind> kinds;  ///< Empty: a bar from `low` to `high`.
    double low = 0, high = 1;
    bool known = true;        ///< False: no point has a number.
    std::size_t unknown = 0;  ///< Points without a number, which are grey.
    QString unknownName;      ///< What is said of them.
};

/// Gives points made by pointsOf() other colours than their class's; all are discs then, and held-out ones stay hollow.
ColorKey colorPoints(DrawnPoints& points, const Layout& layout, const DataSet& data, ColorBy by,
                     const ColorSources& sources);

}  // namespace embedscope
