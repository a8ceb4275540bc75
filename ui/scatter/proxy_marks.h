#pragma once

#include "ui/scatter/points.h"

#include <QPainter>
#include <QString>

#include <optional>
#include <vector>

namespace embedscope {

/// The points that the loss owns and trains, drawn over the samples as ringed diamonds.
class ProxyMarks {
public:
    /// They glide from where they are drawn now, if they are as many as before.
    /// @param labels [C] index into DataSet::classNames.
    void show(std::vector<MapPlace> places, std::vector<std::int32_t> labels, float glide);
    void clear() { *this = ProxyMarks(); }
    bool empty() const { return labels_.empty(); }
    std::size_t count() const { return labels_.size(); }

    void paint(QPainter& painter, const ScatterFrame& frame, const QPalette& palette) const;
    MapPlace placeOf(std::size_t proxy, float glide) const { return mixed(from_[proxy], to_[proxy], glide); }
    /// The one drawn within reach of a place in the view.
    std::optional<std::size_t> at(QPointF screen, const ScatterFrame& frame) const;
    std::int32_t labelOf(std::size_t proxy) const { return labels_[proxy]; }

private:
    std::vector<MapPlace> from_, to_;  ///< [C]
    std::vector<std::int32_t> labels_;
};

}  // namespace embedscope
