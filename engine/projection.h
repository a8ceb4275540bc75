#pragma once

#include "engine/snapshot.h"
#include "engine/wake_up.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace embedscope {

struct DataSet;  // engine/data_set.h

/// How far a layout can be believed, on the points asked so far. Measured while the map moves, so the parts of
/// different points are of different frames.
struct MapQuality {
    double trustworthiness = 0, continuity = 0, neighborPreservation = 0;  ///< 0..1, see Faithfulness.
    int k = 0;
    std::size_t asked = 0;          ///< Points; fewer than all: an estimate.
    std::vector<float> pointTrust;  ///< [N] 1 is perfect; NaN: not asked yet.
};

/// Where the points are drawn. Rows match the bank frame it was made from.
struct Layout {
    std::uint64_t runId = 0;
    std::int64_t step = 0;
    std::shared_ptr<const std::vector<std::int32_t>> samples;  ///< [N] index into DataSet::samples.
    std::vector<float> coordinates;                            ///< [N, 2] row-major.
    std::vector<float> depths;                                 ///< [N] towards the viewer; empty: the map is a plane.
    std::vector<std::string> axisNames;                        ///< e.g. "PC 1 (34 %)".
    double sphereRadius =
        0;  ///< Of the circle or sphere around the origin on which all points are drawn true; 0: none.
    std::shared_ptr<const BankFrame> bank;      ///< What it shows, for neighbours and the inspector.
    std::string method;                         ///< Id in projectionCatalog().
    std::int64_t mapStep = 0;                   ///< Of a map found step by step; 0 for a linear one.
    bool settled = true;                        ///< No further frame comes before another bank or setting.
    bool interpolated = false;                  ///< On the straight way from the frame before to the places of `bank`.
    std::shared_ptr<const MapQuality> quality;  ///< Null while nothing was measured.
    std::string problem;  ///< One sentence if the method cannot draw this bank; the coordinates are then PCA's.
};

/// Follows a bank on a thread of its own, of low priority: newest wins, older frames are dropped. Linear maps keep sign
/// and order of their axes from frame to frame; maps found step by step start where they were, are turned onto the
/// frame before and have the same size in every frame. A bank with numbers that are not finite leaves the last layout
/// standing. While a run trains and new places come more seldom than ten times a second, layouts in between are
/// interpolated (Layout::interpolated). Destroying it stops and waits (below 0.1 s for 10,000 x 512).
class ProjectionRun {
public:
    explicit ProjectionRun(WakeUp wakeUp);
    ~ProjectionRun();
    ProjectionRun(const ProjectionRun&) = delete;
    ProjectionRun& operator=(const ProjectionRun&) = delete;

    // Any thread; none blocks.

    void follow(std::shared_ptr<const BankFrame> bank);
    /// Null before the first layout.
    std::shared_ptr<const Layout> latest() const;
    /// True: keep the axes of the newest layout, or the newest map, so that frames compare exactly. False: track the
    /// data.
    void setFrozen(bool frozen);
    /// Of projectionCatalog(). Other values of the same method let the map flow to the new state.
    void setMethod(const Choice& method);
    /// 2, or 3: layouts then have depths. Begins anew.
    void setDimensions(int dims);
    /// [samples of the data set] for "lda"; -1 where a sample must not shape the axes.
    void setLabels(std::shared_ptr<const std::vector<std::int32_t>> labels);
    /// Forgets the map and begins as with the first bank.
    void startOver();
    /// Takes all the time it can get until the map stands still.
    void settle();
    /// True while a run trains: the map then rests between frames. Its time for a frame is a budget, not a bound: a
    /// refresh of the neighbours and new affinities take longer.
    void setQuiet(bool quiet);
    /// Measure how far the layouts can be believed.
    void setMeasuring(bool measuring);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// [samples] what discriminant axes may learn from: -1 for what is held out.
std::shared_ptr<const std::vector<std::int32_t>> trainingLabels(const DataSet& data);

/// PCA at once, for the command line: the layout of one frame. Null if a number in it is not finite.
std::shared_ptr<const Layout> projectOnce(std::shared_ptr<const BankFrame> bank);

}  // namespace embedscope
