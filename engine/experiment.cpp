#include "engine/experiment.h"

#include "engine/learning.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace embedscope {
namespace {

using Problems = std::vector<std::string>;

std::string text(double value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

void checkRange(Problems& found, const std::string& name, double value, double minimum, double maximum) {
    if (value >= minimum && value <= maximum) return;  // NaN fails both
    found.push_back(name + " is " + text(value) + "; choose a value from " + text(minimum) + " to " + text(maximum) +
                    ".");
}

/// The row of `choice`, its values checked; null if there is no such row.
const CatalogEntry* checkChoice(Problems& found, const Catalog& catalog, const Choice& choice,
                                const std::string& kind) try {
    const CatalogEntry& entry = entryOf(catalog, choice.id, kind);
    for (const auto& [id, value] : choice.parameters) {
        const Parameter& parameter = parameterOf(entry, id);
        checkRange(found, "\"" + id + "\" of " + kind + " \"" + entry.id + "\"", value, parameter.minimum,
                   parameter.maximum);
    }
    return &entry;
} catch (const std::invalid_argument& unknown) {
    found.push_back(unknown.what());
    return nullptr;
}

void checkAugmentation(Problems& found, const Choice& choice) {
    const CatalogEntry* entry = checkChoice(found, augmentationCatalog(), choice, "augmentation");
    if (!entry || entry->parameters.empty()) return;
    const double weakest = valueOf(*entry, choice.parameters, "blur_sigma_min");
    const double strongest = valueOf(*entry, choice.parameters, "blur_sigma_max");
    if (weakest > strongest)
        found.push_back("The weakest blur (blur_sigma_min) is " + text(weakest) + ", above the strongest, " +
                        text(strongest) + "; lower it, or raise the strongest (blur_sigma_max).");
}

/// Labels of the chosen losses that take no pairs or triplets.
std::vector<std::string> lossesOfWholeBatches(const Experiment& experiment) {
    std::vector<Choice> losses{experiment.loss};
    for (const AddedLoss& added : experiment.addedLosses) losses.push_back(added.loss);
    std::vector<std::string> labels;
    for (const CatalogEntry& loss : lossCatalog()) {
        const bool chosen = std::ranges::any_of(losses, [&](const Choice& each) { return each.id == loss.id; });
        if (chosen && !overlaps(loss.grouping, Grouping::Pairs | Grouping::Triplets)) labels.push_back(loss.label);
    }
    return labels;
}

/// Given pairs take the place of labels and miner.
void checkPairs(Problems& found, const Experiment& experiment) {
    const CatalogEntry* sampler = checkChoice(found, samplerCatalog(), experiment.sampler, "sampler");
    if (!sampler) return;
    const std::string name = "The sampler \"" + sampler->label + "\" ";
    if (sampler->id != "pairs") {
        if (!experiment.pairsFile.empty())
            found.push_back(name + "reads no file of pairs; choose the sampler \"pairs\", or leave the file out.");
        return;
    }
    if (experiment.pairsFile.empty())
        found.push_back(name +
                        "needs a file of pairs; choose a CSV file with lines such as cats/07.png,dogs/03.png,1.");
    if (experiment.miner.id != "all")
        found.push_back(name + "brings the pairs itself, so nothing is mined; choose the miner \"all\".");
    for (const std::string& loss : lossesOfWholeBatches(experiment))
        found.push_back(name + "gives pairs, but the loss \"" + loss + "\" takes whole batches; choose another loss.");
    if (experiment.memory.id != "none")
        found.push_back(name + "says nothing of past batches; choose the memory \"none\".");
    if (experiment.learning != Learning::Supervised)
        found.push_back(name + "trains on its pairs alone; choose supervised learning, or another sampler.");
}

void checkMemory(Problems& found, const Experiment& experiment) {
    const CatalogEntry* memory = checkChoice(found, memoryCatalog(), experiment.memory, "memory");
    if (!memory || memory->id == "none") return;
    const std::string name = "The memory \"" + memory->label + "\" ";
    if (experiment.learning == Learning::SelfSupervised) {
        found.push_back(name +
                        "keeps partners by their labels, which self-supervised training does not use; choose "
                        "the memory \"none\".");
        return;
    }
    for (const std::string& loss : lossesOfWholeBatches(experiment))
        found.push_back(name + "adds partners to pairs and triplets, but the loss \"" + loss +
                        "\" takes the whole batch; choose the memory \"none\", or another loss.");
    if (experiment.miner.id == "hard_distance_cascade")
        found.push_back(name +
                        "would fill the share of pairs that the hard-distance cascade takes with pairs of the "
                        "memory alone; choose the memory \"none\", or another miner.");
}

void checkLearning(Problems& found, const Experiment& experiment) {
    checkChoice(found, viewLossCatalog(), experiment.viewLoss, "view loss");
    checkChoice(found, headCatalog(), experiment.head, "head");
    checkChoice(found, pseudoLabelCatalog(), experiment.pseudoLabels, "rule for pseudo-labels");
    checkRange(found, "The weight of the view loss", experiment.viewLossWeight, 0, 1000);
    checkRange(found, "The labelled share", experiment.labelledShare, 0.001, 1);
    for (std::string& problem : learningProblems(experiment)) found.push_back(std::move(problem));
}

/// A file that a setting names and that is not there.
void checkFile(Problems& found, const std::string& name, const std::filesystem::path& file) {
    std::error_code unknown;
    if (file.empty() || std::filesystem::is_regular_file(file, unknown)) return;
    found.push_back(name + " \"" + file.string() + "\" is not there; choose another, or none.");
}

void checkEncoder(Problems& found, const Experiment& experiment) {
    const bool ownFile = experiment.encoder.id == "torchscript";
    if (ownFile && experiment.encoderFile.empty())
        found.push_back("The encoder \"TorchScript file\" needs a file; choose one that torch.jit.save wrote.");
    if (!ownFile && !experiment.encoderFile.empty())
        found.push_back("An encoder file is given, but the encoder \"" + experiment.encoder.id +
                        "\" reads none; choose the encoder \"torchscript\", or leave the file out.");
    if (ownFile && experiment.precision == Precision::BFloat16)
        found.push_back("A TorchScript file computes in float32; set the precision to float32.");
    checkFile(found, "The encoder file", experiment.encoderFile);
    checkFile(found, "The file of initial weights", experiment.initialWeights);
}

void checkOptimisation(Problems& found, const Experiment& experiment) {
    checkChoice(found, optimizerCatalog(), experiment.optimizer, "optimizer");
    const CatalogEntry* schedule = checkChoice(found, scheduleCatalog(), experiment.schedule, "schedule");
    const auto warmUp = experiment.schedule.parameters.find("warm_up");
    if (schedule && warmUp != experiment.schedule.parameters.end() && warmUp->second > experiment.epochs)
        found.push_back("The warm-up is " + text(warmUp->second) + " epochs long and the run " +
                        text(experiment.epochs) + "; shorten the warm-up, or train longer.");
    checkRange(found, "The learning rate", experiment.learningRate, 1e-9, 1e3);
    checkRange(found, "The largest gradient norm", experiment.gradientClip, 0, 1e6);
    checkRange(found, "The decay of the weight average", experiment.weightAverage, 0, 0.9999);
}

bool has(const CatalogEntry& entry, std::string_view id) {
    return std::ranges::any_of(entry.parameters, [id](const Parameter& each) { return each.id == id; });
}

/// Two margins leave room between near and far on one side only: which one depends on the distance's direction.
void checkMargins(Problems& found, const CatalogEntry& loss, const Choice& choice) {
    if (!has(loss, "distance") || !has(loss, "margin") || !has(loss, "positive_margin")) return;
    const auto value = [&](std::string_view id) { return valueOf(loss, choice.parameters, id); };
    const auto& names = parameterOf(loss, "distance").options;
    const auto chosen = static_cast<std::size_t>(value("distance"));
    if (chosen >= names.size()) return;  // out of range, told elsewhere
    const std::string& name = names[chosen];
    const bool similarity = name == "cosine similarity" || name == "dot product";
    const double near = value("positive_margin"), far = value("margin");
    if (similarity ? near > far : near < far) return;
    found.push_back(
        "The loss \"" + loss.label + "\" measures by \"" + name + "\", where similar pairs lie " +
        (similarity ? "above" : "below") + " dissimilar ones, but its positive margin, " + text(near) + ", is not " +
        (similarity ? "above" : "below") + " its margin, " + text(far) + "; choose for example " +
        (similarity ? "a positive margin of 1 and a margin of 0.1." : "a positive margin of 0 and a margin of 1."));
}

/// @param miner Null if it is unknown.
void checkAddedLosses(Problems& found, const Experiment& experiment, const CatalogEntry* miner) {
    constexpr std::size_t kMost = 4;
    if (experiment.addedLosses.size() > kMost)
        found.push_back("There are " + std::to_string(experiment.addedLosses.size()) + " added losses; keep at most " +
                        std::to_string(kMost) + '.');
    for (const AddedLoss& added : experiment.addedLosses) {
        const CatalogEntry* loss = checkChoice(found, lossCatalog(), added.loss, "added loss");
        checkRange(found, "The weight of the added loss \"" + added.loss.id + '"', added.weight, 0, 1000);
        if (loss) checkMargins(found, *loss, added.loss);
        if (loss && miner && !overlaps(loss->grouping, miner->grouping))
            found.push_back("The added loss \"" + loss->label + "\" does not fit the miner \"" + miner->label +
                            "\", which chooses for all losses; choose the miner \"all\", or leave it out.");
    }
}

}  // namespace

std::vector<std::string> problems(const Experiment& experiment) {
    Problems found;
    checkChoice(found, encoderCatalog(), experiment.encoder, "encoder");
    checkPairs(found, experiment);
    checkAugmentation(found, experiment.augmentation);
    checkEncoder(found, experiment);
    checkOptimisation(found, experiment);
    const CatalogEntry* loss = checkChoice(found, lossCatalog(), experiment.loss, "loss");
    const CatalogEntry* miner = checkChoice(found, minerCatalog(), experiment.miner, "miner");
    if (usesLabels(experiment) && loss && miner && !overlaps(loss->grouping, miner->grouping))
        found.push_back("The miner \"" + miner->label + "\" does not fit the loss \"" + loss->label +
                        "\"; choose the miner \"all\", or another loss.");

    checkMemory(found, experiment);
    checkLearning(found, experiment);
    if (usesLabels(experiment)) {
        if (loss) checkMargins(found, *loss, experiment.loss);
        checkAddedLosses(found, experiment, miner);
    }

    const DataSettings& data = experiment.data;
    if (data.imageSize != 0) checkRange(found, "The image size", data.imageSize, 8, 512);
    if (data.holdOut != HoldOut::None) checkRange(found, "The hold-out share", data.holdOutShare, 0.01, 0.9);
    checkRange(found, "The embedding dimension", experiment.embeddingDimension, 2, 512);
    checkRange(found, "The number of epochs", experiment.epochs, 1, 100'000);
    checkRange(found, "The number of threads", experiment.threads, 0, 1024);
    checkRange(found, "The number of tracked samples", experiment.trackedSamples, 10, 10'000'000);
    checkRange(found, "The refresh share", experiment.refreshShare, 0, 0.5);
    return found;
}

}  // namespace embedscope
