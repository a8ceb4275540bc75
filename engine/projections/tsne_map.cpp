#include "engine/projections/affinities.h"
#include "engine/projections/projection_rows.h"
#include "engine/projections/tsne.h"

#include <algorithm>
#include <cmath>

namespace embedscope {
namespace {

constexpr double kStartDeviation = 1e-4;  // Kobak, Berens 2019
constexpr double kLongestStep = 5;
constexpr double kStill = 2e-4;  // move of a step relative to the map's radius: below a tenth of a pixel

CatalogEntry tsneEntry() {
    CatalogEntry entry;
    entry.id = "tsne";
    entry.label = "t-SNE";
    entry.group = "Neighbour maps";
    entry.help =
        "Keeps each point beside its nearest neighbours of the embedding space. Islands are real; their sizes and the "
        "distances between them are not.";
    entry.formula = "min KL(P || Q), p by Gaussians of equal perplexity, q ~ 1 / (1 + |y_i - y_j|²)";
    entry.source = "van der Maaten, Hinton 2008; start and rates: Kobak, Berens 2019; Belkina et al. 2019";
    entry.parameters = {
        {"perplexity",
         "Perplexity",
         "",
         "How many neighbours a point holds on to: fewer show small groups, more join them.",
         2,
         200,
         1,
         30,
         true,
         {}},
        {"exaggeration",
         "Exaggeration",
         "",
         "Stronger attraction: above 1 the islands draw together and part more clearly.",
         1,
         12,
         0.25,
         1,
         true,
         {}},
        {"movement",
         "Movement",
         "%",
         "Most of the map's radius that a point crosses in a step while the map follows a training: less is calmer.",
         0.2,
         100,
         0.5,
         3,
         true,
         {}},
        {"early_exaggeration",
         "Early exaggeration",
         "",
         "The attraction of the first steps, in which the islands find their places.",
         1,
         50,
         1,
         12,
         false,
         {}},
        {"early_steps", "Early steps", "", "How many steps that lasts.", 0, 2000, 50, 250, false, {}},
        {"steps", "Steps", "", "How many steps a map takes that follows no training.", 50, 10000, 50, 750, false, {}},
        {"learning_rate",
         "Learning rate",
         "",
         "Length of the steps; 0: number of points / exaggeration.",
         0,
         100000,
         10,
         0,
         false,
         {}},
    };
    return entry;
}

class TsneMap : public MovingMap {
public:
    TsneMap(int dims, Workers& workers) : MovingMap(dims, workers), tsne_({.dims = dims}, workers) {}

    void setParameters(const ParameterValues& parameters) override {
        const auto value = [&](const char* id) { return valueOf(tsneRow().entry, parameters, id); };
        perplexity_ = value("perplexity");
        steps_ = static_cast<int>(value("steps"));
        options_.dims = dims_;
        options_.exaggeration = value("exaggeration");
        options_.earlyExaggeration = value("early_exaggeration");
        options_.earlySteps = static_cast<int>(value("early_steps"));
        options_.learningRate = value("learning_rate");
        movement_ = value("movement") / 100;
        tsne_.setOptions(options_);
        still_ = false;
    }
    void setRough(bool rough) override {
        if (rough == options_.rough) return;
        options_.rough = rough;
        tsne_.setOptions(options_);
        still_ = false;
    }
    bool runTo(int step, std::stop_token stop) override {
        if (follows()) {  // the first bank's map may find its shape as quickly as it can
            options_.longestStep = std::clamp(movement_ * radius(), 1e-3, kLongestStep);
            tsne_.setOptions(options_);
        }
        const bool done = tsne_.runTo(step, stop);
        still_ = tsne_.step() > options_.earlySteps + 50 && tsne_.newestMove() <= kStill * radius();
        return done;
    }
    int step() const override { return tsne_.step(); }
    int plannedSteps() const override { return steps_; }
    bool settled() const override { return still_; }
    const MapPoints<float>& points() const override { return tsne_.points(); }
    void movePoints(MapPoints<float> points) override { tsne_.movePoints(std::move(points)); }
    const char* objectiveName() const override { return "KL divergence"; }
    double objective() override { return tsne_.exactKl(); }

protected:
    int neighborsWanted() const override { return neighborsForPerplexity(perplexity_); }
    MapPoints<float> coldStart(SpaceView space, std::stop_token stop) override {
        return principalStart(space, dims_, kStartDeviation, std::move(stop));
    }
    void begin(MapPoints<float> start, bool warm) override {
        prepared_.clear();
        tsne_.setPoints(std::move(start));
        if (warm) tsne_.skipEarlySteps();
        still_ = false;
    }
    void prepareRows(const NeighborGraph& next, std::size_t begin, std::size_t end) override {
        if (begin == 0) {
            prepared_.resize(next.rows.size());
            preparedFor_ = perplexityFor(next);
        }
        conditionalRows(next, preparedFor_, begin, end, prepared_, workers_);
    }
    void useGraph() override {
        const double perplexity = perplexityFor(graph_);
        const bool prepared = prepared_.size() == graph_.rows.size() && preparedFor_ == perplexity;
        tsne_.setAffinities(prepared ? jointFromConditional(graph_, prepared_, workers_)
                                     : jointProbabilities(graph_, perplexity, workers_));
        prepared_.clear();
        still_ = false;
    }

private:
    /// Few points cannot have many neighbours: a third of those there are, as for the perplexity asked.
    double perplexityFor(const NeighborGraph& graph) const {
        return std::min(perplexity_, std::max(1.0, graph.neighbors / 3.0));
    }
    double radius() const {
        double sum = 0;
        for (int d = 0; d < dims_; ++d)
            for (const float value : tsne_.points().at(d)) sum += static_cast<double>(value) * value;
        return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(tsne_.points().count(), 1)));
    }

    double perplexity_ = 30, movement_ = 0.03;
    int steps_ = 750;
    bool still_ = false;
    std::vector<float> prepared_;  ///< [count, k] conditional probabilities of the graph to come.
    double preparedFor_ = 0;       ///< Perplexity.
    TsneOptions options_;
    Tsne tsne_;
};

}  // namespace

const ProjectionRow& tsneRow() {
    static const ProjectionRow row{tsneEntry(), [](int dims, std::uint64_t, Workers& workers) {
                                       return std::unique_ptr<MovingMap>(std::make_unique<TsneMap>(dims, workers));
                                   }};
    return row;
}

}  // namespace embedscope
