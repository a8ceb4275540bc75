#pragma once

#include "engine/projections/tsne_forces.h"

#include <stop_token>

namespace embedscope {

enum class RepulsionKind { Automatic, Exact, Tree, Grid };

/// van der Maaten, Hinton 2008; learning rate and exaggeration as in Belkina et al. 2019.
struct TsneOptions {
    int dims = 2;
    double earlyExaggeration = 12;  ///< Of the attraction, in the first earlySteps.
    int earlySteps = 250;
    double exaggeration = 1;                             ///< Afterwards.
    double learningRate = 0;                             ///< 0: the number of points / the exaggeration of the step.
    double longestStep = 5;                              ///< Of a point, in units of the map.
    RepulsionKind repulsion = RepulsionKind::Automatic;  ///< Exact for few points, the grid in a plane, else the tree.
    bool rough = false;  ///< Grid and tree are coarser: forces right to some per cent, in half the time.
};

/// Moves the points of a map down the gradient. A resumed run equals a straight one; the number of workers changes
/// no bit.
class Tsne {
public:
    Tsne(TsneOptions options, Workers& workers);

    /// Start places, [count, dims]; forgets momentum and steps.
    void setPoints(MapPoints<float> points);
    /// Joint probabilities of the same points; places and momentum stay.
    void setAffinities(SparseRows<float> p);
    void setOptions(const TsneOptions& options);
    /// As if the early steps were over.
    void skipEarlySteps();

    /// @return false if stopped; the map is then at the step it reached.
    bool runTo(int step, std::stop_token stop = {});

    int step() const { return step_; }
    const MapPoints<float>& points() const { return points_; }
    void movePoints(MapPoints<float> points) { points_ = std::move(points); }
    /// Root mean square of the newest step's displacements, in units of the map.
    double newestMove() const { return newestMove_; }
    /// By every pair: O(n²).
    double exactKl();

private:
    void advance();
    double exaggerationNow() const {
        return step_ < options_.earlySteps ? options_.earlyExaggeration : options_.exaggeration;
    }
    void centre();

    TsneOptions options_;
    Workers& workers_;
    SparseRows<float> p_;
    MapPoints<float> points_, attraction_, repulsion_, velocity_, gains_;
    std::unique_ptr<Repulsion> repulsionSum_;
    RepulsionKind kindInUse_ = RepulsionKind::Automatic;
    bool roughInUse_ = false;
    int step_ = 0;
    double newestMove_ = 0;
};

}  // namespace embedscope
