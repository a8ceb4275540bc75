#pragma once

#include "engine/projections/fuzzy_graph.h"
#include "engine/projections/map_points.h"

#include <stop_token>

namespace embedscope {

struct UmapOptions {
    int dims = 2;
    double minDist = 0.1, spread = 1;
    int negatives = 5;
    int epochs = 0;  ///< Over which the rate falls to 0; 0: 500 up to 10,000 points, else 200.
    std::uint64_t seed = 1;
};

/// Pulls the neighbours of a fuzzy graph together and pushes random points apart. Two things differ from the usual
/// implementations: a point reads the places of the epoch before instead of racing with the others, so the same seed
/// gives the same bits on any number of threads; and a pull never goes past its partner.
class Umap {
public:
    Umap(const UmapOptions& options, Workers& workers);

    void setPoints(MapPoints<float> points);
    /// The fuzzy graph of the same points; places stay.
    void setGraph(SparseRows<float> graph);
    void setOptions(const UmapOptions& options);
    /// The rate starts again at `rate` and falls to 0 within `epochs`.
    void warmUp(double rate, int epochs);

    /// @return false if stopped; the map is then at the epoch it reached.
    bool runTo(int epoch, std::stop_token stop = {});

    int epoch() const { return epoch_; }
    double rate() const;  ///< Of the next epoch.
    int plannedEpochs() const { return lastEpoch_; }
    bool settled() const { return epoch_ >= lastEpoch_; }
    const SparseRows<float>& graph() const { return graph_; }
    const MapPoints<float>& points() const { return points_; }
    void movePoints(MapPoints<float> points) { points_ = std::move(points); }
    /// Of the graph and the map, per point; pairs without an edge are estimated on a sample.
    double crossEntropy();

private:
    void advance();

    UmapOptions options_;
    Workers& workers_;
    MapCurve curve_;
    SparseRows<float> graph_;  ///< Values: memberships.
    std::vector<float> shares_;
    MapPoints<float> points_, next_;
    int epoch_ = 0, firstEpoch_ = 0, lastEpoch_ = 0;
    double firstRate_ = 1;
};

}  // namespace embedscope
