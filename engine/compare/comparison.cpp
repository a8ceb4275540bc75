#include "engine/comparison.h"

#include <algorithm>
#include <set>

namespace embedscope {
namespace {

using Problems = std::vector<std::string>;

std::string quoted(const std::string& name) {
    return "“" + name + "”";
}

void checkCount(Problems& found, std::size_t runs) {
    if (runs < 2)
        found.push_back("There is " + std::string(runs == 1 ? "one run" : "no run") +
                        " in this comparison; add runs until there are two.");
    if (runs > kMostComparedRuns)
        found.push_back("There are " + std::to_string(runs) + " runs in this comparison; keep at most " +
                        std::to_string(kMostComparedRuns) + '.');
}

void checkNames(Problems& found, const std::vector<ComparedRun>& runs) {
    std::set<std::string> known;
    for (const ComparedRun& run : runs) {
        if (run.name.empty()) found.push_back("A run of this comparison has no name; give it one.");
        if (!known.insert(run.name).second)
            found.push_back("Two runs of this comparison are called " + quoted(run.name) + "; rename one.");
    }
}

/// The sentence starts with a word; the name comes before it.
std::string ofRun(const ComparedRun& run, const std::string& sentence) {
    return quoted(run.name) + ": " + sentence;
}

/// What the weights of the parent must fit.
bool canContinue(const Experiment& parent, const Experiment& fork) {
    return parent.data == fork.data && parent.encoder == fork.encoder && parent.encoderFile == fork.encoderFile &&
           parent.embeddingDimension == fork.embeddingDimension &&
           parent.normalizeEmbeddings == fork.normalizeEmbeddings && parent.seed == fork.seed &&
           parent.trackedSamples == fork.trackedSamples;
}

void checkFork(Problems& found, const Comparison& comparison, std::size_t number) {
    const ComparedRun& run = comparison.runs[number];
    if (!run.fork) return;
    if (run.fork->parent >= number) {
        found.push_back(ofRun(run, "it leaves a run that does not stand before it; choose one of those before it."));
        return;
    }
    const ComparedRun& parent = comparison.runs[run.fork->parent];
    if (run.fork->step < 0)
        found.push_back(ofRun(run, "it leaves " + quoted(parent.name) + " at step " + std::to_string(run.fork->step) +
                                       "; choose a step of at least 0."));
    if (!canContinue(parent.experiment, run.experiment))
        found.push_back(
            ofRun(run, "it cannot go on from " + quoted(parent.name) +
                           " with other images, another encoder, dimension, normalisation, seed or number of points "
                           "shown; take those of " +
                           quoted(parent.name) + '.'));
}

}  // namespace

std::vector<std::string> problems(const Comparison& comparison) {
    Problems found;
    checkCount(found, comparison.runs.size());
    checkNames(found, comparison.runs);
    if (!(comparison.recallGoal > 0 && comparison.recallGoal <= 1))  // NaN too
        found.push_back("The goal for Recall@1 must be above 0 and at most 1 (100 %); choose for example 0.8.");
    for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
        for (const std::string& problem : problems(comparison.runs[i].experiment))
            found.push_back(ofRun(comparison.runs[i], problem));
        checkFork(found, comparison, i);
    }
    return found;
}

}  // namespace embedscope
