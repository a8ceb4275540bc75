#include "engine/compare/settings.h"
#include "engine/comparison.h"
#include "engine/learning.h"

#include <algorithm>

namespace embedscope {
namespace {

using Warnings = std::vector<std::string>;
using Settings = std::vector<SettingValue>;

std::string quoted(const std::string& name) {
    return "“" + name + "”";
}

/// Two runs, and what is said of them.
struct Pair {
    const ComparedRun& first;
    const ComparedRun& second;
    const Settings& firstSettings;
    const Settings& secondSettings;
    Warnings& found;

    const Experiment& a() const { return first.experiment; }
    const Experiment& b() const { return second.experiment; }
    std::string ofA(const std::string& id) const { return valueIn(firstSettings, id); }
    std::string ofB(const std::string& id) const { return valueIn(secondSettings, id); }
    void say(const std::string& does, const std::string& firstOne, const std::string& therefore) const {
        found.push_back(quoted(second.name) + ' ' + does + " and " + quoted(first.name) + ' ' + firstOne + ": " +
                        therefore);
    }

private:
    static std::string valueIn(const Settings& settings, const std::string& id) {
        const auto found = std::ranges::find(settings, id, &SettingValue::id);
        return found == settings.end() ? "" : found->value;
    }
};

void checkImages(const Pair& pair) {
    if (pair.a().data.folder != pair.b().data.folder)
        pair.say("learns from \"" + pair.b().data.folder.string() + '"',
                 "from \"" + pair.a().data.folder.string() + '"',
                 "images and hold-out differ, and no number of the table can be compared.");
    else if (!(pair.a().data == pair.b().data))
        pair.say("prepares the images in its own way (size, channels or hold-out)", "in another",
                 "they are not measured on the same pictures.");
}

/// True if the batches differ for a reason that includes all others.
bool checkLearning(const Pair& pair) {
    if (pair.a().learning == pair.b().learning) return false;
    pair.say("learns from " + pair.ofB("learning"), "from " + pair.ofA("learning"),
             "their batches hold different images, and epochs can have different numbers of steps.");
    return true;
}

void checkBatches(const Pair& pair) {
    const std::string first = pair.ofA("sampler.batch_size"), second = pair.ofB("sampler.batch_size");
    if (first != second)
        pair.say("draws batches of " + second, "of " + first, "they do not see the same images in the same step.");
    else if (pair.a().sampler != pair.b().sampler || pair.a().pairsFile != pair.b().pairsFile)
        pair.say("draws its batches by other rules (" + pair.ofB("sampler") + ')',
                 "by its own (" + pair.ofA("sampler") + ')', "they do not see the same images in the same step.");
    else if (usesLabels(pair.a()) && pair.a().labelledShare != pair.b().labelledShare)
        pair.say("uses " + pair.ofB("labelled_share") + " of the labels", pair.ofA("labelled_share"),
                 "their batches hold different images.");
    else if (pair.b().sampler.id == "hard_negatives")
        pair.say("chooses its batches by its own embeddings", "by its own",
                 "from the first refresh on they do not see the same images in the same step.");
    else if (pair.b().learning == Learning::SemiSupervised &&
             (pair.a().pseudoLabels.id != "none" || pair.b().pseudoLabels.id != "none"))
        pair.say("draws batches from labels that it guessed itself", "from its own",
                 "from the first guess on they do not see the same images in the same step.");
}

void checkViews(const Pair& pair) {
    const auto differs = [&](const SettingValue& each) {
        return each.id.starts_with("augmentation") && pair.ofA(each.id) != each.value;
    };
    if (std::ranges::any_of(pair.secondSettings, differs))
        pair.say("changes its images at random in its own way (" + pair.ofB("augmentation") + ')',
                 "in another (" + pair.ofA("augmentation") + ')', "they see other views of the same images.");
}

void checkStart(const Pair& pair) {
    const Experiment &a = pair.a(), &b = pair.b();
    if (a.encoder != b.encoder || a.encoderFile != b.encoderFile || a.embeddingDimension != b.embeddingDimension ||
        a.initialWeights != b.initialWeights)
        pair.say("trains another encoder, dimension or initial weights (" + pair.ofB("encoder") + ", " +
                     std::to_string(b.embeddingDimension) + " numbers)",
                 "its own (" + pair.ofA("encoder") + ", " + std::to_string(a.embeddingDimension) + " numbers)",
                 "they do not start from the same points.");
    else if (a.normalizeEmbeddings != b.normalizeEmbeddings)
        pair.say(std::string(b.normalizeEmbeddings ? "keeps" : "does not keep") + " its points on the unit sphere",
                 a.normalizeEmbeddings ? "does" : "does not", "their distances are on different scales.");
}

void checkCourse(const Pair& pair) {
    const Experiment &a = pair.a(), &b = pair.b();
    if (a.epochs != b.epochs)
        pair.say("trains " + std::to_string(b.epochs) + " epochs", std::to_string(a.epochs),
                 "compare them at the same step.");
    if (a.trackedSamples != b.trackedSamples)
        pair.say("shows at most " + std::to_string(b.trackedSamples) + " points", std::to_string(a.trackedSamples),
                 "their maps need not hold the same samples.");
    if (a.threads != b.threads || a.device != b.device || a.precision != b.precision)
        pair.say("computes with other threads, device or precision", "with its own",
                 "they differ in rounding even where the settings are the same.");
}

void checkPair(const Pair& pair) {
    checkImages(pair);
    checkStart(pair);
    if (!checkLearning(pair)) checkBatches(pair);
    checkViews(pair);
    checkCourse(pair);
}

std::size_t groupOf(const std::vector<SeedGroup>& groups, std::size_t run) {
    const auto holds = [run](const SeedGroup& group) { return std::ranges::find(group.runs, run) != group.runs.end(); };
    return static_cast<std::size_t>(std::ranges::find_if(groups, holds) - groups.begin());
}

/// A seed is shared with another group, or there is no pair to compare.
void checkSeeds(const Comparison& comparison, const std::vector<SeedGroup>& groups, Warnings& found) {
    if (groups.size() < 2) return;
    for (std::size_t run = 0; run < comparison.runs.size(); ++run) {
        const std::uint64_t seed = comparison.runs[run].experiment.seed;
        bool paired = false;
        for (std::size_t other = 0; other < comparison.runs.size(); ++other)
            paired |= comparison.runs[other].experiment.seed == seed && groupOf(groups, other) != groupOf(groups, run);
        if (!paired)
            found.push_back(quoted(comparison.runs[run].name) + " has seed " + std::to_string(seed) +
                            ", which no run of other settings has: its initial weights, batches and random changes are "
                            "its own.");
    }
}

/// The first run that shares the seed, else the first of all; its own index if there is none before it.
std::size_t partnerOf(const std::vector<ComparedRun>& runs, std::size_t run) {
    for (std::size_t other = 0; other < run; ++other)
        if (runs[other].experiment.seed == runs[run].experiment.seed) return other;
    return 0;
}

}  // namespace

std::vector<std::string> twinWarnings(const Comparison& comparison) {
    Warnings found;
    const auto& runs = comparison.runs;
    std::vector<Settings> settings;
    for (const ComparedRun& run : runs) settings.push_back(settingsOf(run.experiment));
    for (std::size_t run = 1; run < runs.size(); ++run) {
        const std::size_t partner = partnerOf(runs, run);
        checkPair({runs[partner], runs[run], settings[partner], settings[run], found});
    }
    checkSeeds(comparison, seedGroups(comparison), found);
    return found;
}

}  // namespace embedscope
