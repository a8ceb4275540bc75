#pragma once

#include "engine/distance_statistics.h"

#include <QImage>
#include <QWidget>

#include <array>
#include <cstdint>
#include <vector>

namespace embedscope {

/// Distributions of similar and dissimilar distances over the steps of a run: a column a stretch of steps, the darker
/// the more pairs, with the two means. Bounded: of a long run columns stand for more steps.
class DistanceStrip : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kMostColumns = 400;

    explicit DistanceStrip(QWidget* parent = nullptr);

    /// UI thread. Steps that lie behind those so far replace them: the run went back.
    void add(std::int64_t step, const DistanceStatistics& distances);
    void clear();
    std::size_t columns() const { return columns_.size(); }
    /// The mean share of similar or dissimilar pairs at a step and a distance; 0 where nothing is known.
    double shareAt(std::int64_t step, double distance, bool similar) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    QSize minimumSizeHint() const override { return {180, 110}; }

private:
    struct Side {
        std::array<double, kHistogramBins> share{};
        double mean = 0;
        bool any = false;
    };
    /// Sums over its snapshots.
    struct Column {
        std::int64_t number = 0;  ///< First step by stepsPerColumn_.
        double snapshots = 0;
        double upperEdge = 0;
        Side similar, dissimilar;
    };
    static void addTo(Side& side, const DistanceDistribution& pairs);
    static void merge(Column& into, const Column& from);
    static double shareIn(const Column& column, const Side& side, double distance);
    void widenColumns();
    double highestEdge() const;
    void redraw(QSize size);
    QRectF plotArea() const;

    std::vector<Column> columns_;
    std::int64_t stepsPerColumn_ = 1;
    QImage image_;  ///< Of the plot area; null: to be drawn anew.
};

}  // namespace embedscope
