#pragma once

#include "engine/experiment.h"
#include "engine/neighbors/neighbor_graph.h"
#include "engine/projections/map_points.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>

namespace embedscope {

/// Where a map starts: the space's first principal components, the first with this deviation.
MapPoints<float> principalStart(SpaceView space, int dims, double deviation, std::stop_token stop = {});

/// A map of neighbours that is found step by step and can follow its space: t-SNE, UMAP. Owns no thread.
class MovingMap {
public:
    MovingMap(int dims, Workers& workers) : dims_(dims), workers_(workers) {}
    virtual ~MovingMap() = default;

    /// Neighbours and start. @param start Empty: principal components. @return false if stopped.
    bool initialize(SpaceView space, MapPoints<float> start = {}, std::stop_token stop = {});

    /// Follows a space of the same rows, a piece at a time; the map flows from where it is. Pieces of the space
    /// before are dropped. @param space Must live until refresh() has said true.
    void follow(SpaceView space, NeighborRefresh::Reach reach = NeighborRefresh::Reach::Candidates);
    /// A piece of that, below a few milliseconds but for the last, which makes the new graph the map's.
    /// @return true if nothing is left to do for the newest space.
    bool refresh();
    bool refreshing() const { return refresh_ != nullptr; }

    /// Parameters of the catalogue's row. Those of the neighbours take effect with the next space that is followed.
    virtual void setParameters(const ParameterValues& parameters) = 0;

    /// Steps may be less exact, if that makes them quicker: a map that follows has no end that the errors add up to.
    virtual void setRough(bool) {}
    virtual bool runTo(int step, std::stop_token stop = {}) = 0;
    virtual int step() const = 0;
    virtual int plannedSteps() const = 0;
    /// True when further steps would hardly move it.
    virtual bool settled() const = 0;
    virtual const MapPoints<float>& points() const = 0;
    /// The same map turned or moved: places only.
    virtual void movePoints(MapPoints<float> points) = 0;

    virtual const char* objectiveName() const = 0;
    virtual double objective() = 0;
    double neighborSeconds() const { return neighborSeconds_; }
    const NeighborGraph& graph() const { return graph_; }

protected:
    /// It has gone from one space to another.
    bool follows() const { return round_ > 0; }
    virtual int neighborsWanted() const = 0;
    /// Where it starts with nothing before it; the graph is known. Empty if stopped.
    virtual MapPoints<float> coldStart(SpaceView space, std::stop_token stop) = 0;
    virtual void begin(MapPoints<float> start, bool warm) = 0;
    /// The graph to come is known: what costs much can be found out for its rows [begin, end) already.
    virtual void prepareRows(const NeighborGraph&, std::size_t, std::size_t) {}
    /// The graph is new: at the start, and after each refresh.
    virtual void useGraph() = 0;

    int dims_;
    Workers& workers_;
    NeighborGraph graph_;

private:
    double neighborSeconds_ = 0;
    std::size_t round_ = 0;
    std::unique_ptr<NeighborRefresh> refresh_;
    std::size_t preparedRows_ = 0;
};

/// Null for a method that is not found step by step. @throws std::invalid_argument for an unknown one.
std::unique_ptr<MovingMap> makeMovingMap(const Choice& method, int dims, std::uint64_t seed, Workers& workers);

}  // namespace embedscope
