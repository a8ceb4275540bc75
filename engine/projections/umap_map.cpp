#include "engine/projections/projection_rows.h"
#include "engine/projections/spectral_start.h"
#include "engine/projections/umap.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kStartDeviation = 4;  // a map of some 20 across
constexpr double kWarmRate = 0.25;     // of the first rate, once a quarter of the graph has changed
constexpr double kFullChange = 0.25;
constexpr double kNoChange = 1e-4;
constexpr int kWarmEpochs = 60;

CatalogEntry umapEntry() {
    CatalogEntry entry;
    entry.id = "umap";
    entry.label = "UMAP";
    entry.group = "Neighbour maps";
    entry.help =
        "Pulls nearest neighbours together and pushes random points apart: dense islands with much room between them. "
        "Distances between islands say little.";
    entry.formula = "min cross-entropy of fuzzy memberships w and 1 / (1 + a d^2b)";
    entry.source = "McInnes, Healy, Melville 2018";
    entry.parameters = {
        {"neighbors",
         "Neighbours",
         "",
         "Itself included: few show small groups, many the large outline.",
         3,
         200,
         1,
         15,
         true,
         {}},
        {"min_dist",
         "Minimum distance",
         "",
         "How tightly points may lie together: small makes knots, large an even cloth.",
         0,
         2,
         0.05,
         0.1,
         true,
         {}},
        {"spread", "Spread", "", "Scale of the islands; larger gives them more room.", 0.2, 5, 0.1, 1, true, {}},
        {"negatives",
         "Pushes",
         "",
         "Random points that push for every neighbour that pulls: more parts the islands.",
         1,
         20,
         1,
         5,
         true,
         {}},
        {"epochs",
         "Epochs",
         "",
         "Length of a map that follows no training; 0: 500 up to 10,000 points, else 200.",
         0,
         5000,
         50,
         0,
         false,
         {}},
        {"start",
         "Start",
         "",
         "Principal components, or eigenvectors of the neighbour graph: these see bent shapes, but only where all "
         "points hang together; else the map starts from principal components all the same.",
         0,
         1,
         1,
         0,
         false,
         {"principal components", "spectral"}},
    };
    return entry;
}

class UmapMap : public MovingMap {
public:
    UmapMap(int dims, std::uint64_t seed, Workers& workers)
        : MovingMap(dims, workers), options_{.dims = dims, .seed = seed}, umap_(options_, workers) {}

    void setParameters(const ParameterValues& parameters) override {
        const auto value = [&](const char* id) { return valueOf(umapRow().entry, parameters, id); };
        neighbors_ = static_cast<int>(value("neighbors"));
        options_.minDist = value("min_dist");
        options_.spread = value("spread");
        options_.negatives = static_cast<int>(value("negatives"));
        options_.epochs = static_cast<int>(value("epochs"));
        spectral_ = value("start") > 0;
        umap_.setOptions(options_);
        warmUp(kWarmRate);
    }

    bool runTo(int step, std::stop_token stop) override { return umap_.runTo(step, stop); }
    int step() const override { return umap_.epoch(); }
    int plannedSteps() const override { return umap_.plannedEpochs(); }
    bool settled() const override { return umap_.settled(); }
    const MapPoints<float>& points() const override { return umap_.points(); }
    void movePoints(MapPoints<float> points) override { umap_.movePoints(std::move(points)); }
    const char* objectiveName() const override { return "cross-entropy per point"; }
    double objective() override { return umap_.crossEntropy(); }

protected:
    int neighborsWanted() const override { return neighbors_ - 1; }
    MapPoints<float> coldStart(SpaceView space, std::stop_token stop) override {
        if (spectral_) {
            auto start = spectralStart(fuzzyUnion(graph_, workers_), dims_, kStartDeviation, workers_, stop);
            if (start) return std::move(*start);
        }
        return principalStart(space, dims_, kStartDeviation, std::move(stop));
    }
    void begin(MapPoints<float> start, bool warm) override {
        umap_.setPoints(std::move(start));
        begun_ = true;
        if (warm) umap_.warmUp(kWarmRate, kWarmEpochs);
    }
    void useGraph() override {
        SparseRows<float> next = fuzzyUnion(graph_, workers_);
        const double change = changedShare(umap_.graph(), next);
        umap_.setGraph(std::move(next));
        // The rate is what makes UMAP restless: it rises as far as there is something to follow.
        if (change > kNoChange) warmUp(kWarmRate * std::min(1.0, change / kFullChange));
    }

private:
    /// Not before the first pass is over: its rate is higher and falls more slowly.
    void warmUp(double rate) {
        if (begun_ && umap_.rate() < rate) umap_.warmUp(rate, kWarmEpochs);
    }

    int neighbors_ = 15;
    bool spectral_ = false;
    bool begun_ = false;
    UmapOptions options_;
    Umap umap_;
};

}  // namespace

const ProjectionRow& umapRow() {
    static const ProjectionRow row{
        umapEntry(), [](int dims, std::uint64_t seed, Workers& workers) {
            return std::unique_ptr<MovingMap>(std::make_unique<UmapMap>(dims, seed, workers));
        }};
    return row;
}

}  // namespace embedscope
