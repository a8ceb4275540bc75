#include "engine/checkpoint.h"

#include "engine/learning.h"

#include <algorithm>
#include <string_view>

namespace embedscope {
namespace {

/// The same row with the same values, those left out counted with their standard. @param live Whether those that may
/// change while a run goes on count too.
bool same(const Catalog& catalog, const Choice& a, const Choice& b, bool live = true) {
    if (a.id != b.id) return false;
    const CatalogEntry& entry = entryOf(catalog, a.id, "choice");
    return std::ranges::all_of(entry.parameters, [&](const Parameter& each) {
        const bool free = !live && each.changesLive;
        return free || valueOf(entry, a.parameters, each.id) == valueOf(entry, b.parameters, each.id);
    });
}

bool sameLosses(const Experiment& a, const Experiment& b) {
    const auto sameAdded = [](const AddedLoss& one, const AddedLoss& other) {
        return same(lossCatalog(), one.loss, other.loss, false);
    };
    return same(lossCatalog(), a.loss, b.loss, false) && std::ranges::equal(a.addedLosses, b.addedLosses, sameAdded);
}

bool sameBatches(const Experiment& a, const Experiment& b) {
    return same(samplerCatalog(), a.sampler, b.sampler) && a.pairsFile == b.pairsFile &&
           a.labelledShare == b.labelledShare && a.learning == b.learning &&
           same(pseudoLabelCatalog(), a.pseudoLabels, b.pseudoLabels);
}

bool sameViews(const Experiment& a, const Experiment& b) {
    return a.learning == b.learning && same(viewLossCatalog(), a.viewLoss, b.viewLoss, false) &&
           same(headCatalog(), a.head, b.head) && same(samplerCatalog(), a.sampler, b.sampler);
}

/// Whether the loss had weights that the optimiser moved.
bool lossHadWeights(const Checkpoint& checkpoint) {
    return std::ranges::any_of(checkpoint.state,
                               [](const TypedTensor& each) { return each.name.starts_with("loss."); });
}

}  // namespace

std::size_t Checkpoint::bytes() const {
    std::size_t sum = 0;
    for (const TypedTensor& tensor : state) sum += tensor.bytes.size() + tensor.name.size() + sizeof tensor;
    return sum;
}

KeptParts keptParts(const Checkpoint& checkpoint, const Experiment& experiment) {
    const Experiment& before = checkpoint.settings;
    const bool learning = before.learning == experiment.learning;
    KeptParts kept;
    kept.loss = learning && sameLosses(before, experiment);
    kept.views = sameViews(before, experiment);
    kept.miner = learning && same(minerCatalog(), before.miner, experiment.miner);
    kept.memory = learning && same(memoryCatalog(), before.memory, experiment.memory);
    kept.sampler = sameBatches(before, experiment);
    // Its moments belong to weights: if some start new, all start new, as when a loss is replaced in a live run.
    kept.optimizer = same(optimizerCatalog(), before.optimizer, experiment.optimizer) && learning &&
                     (kept.loss || !lossHadWeights(checkpoint)) && (kept.views || !usesViews(experiment));
    return kept;
}

std::vector<std::string> problems(const Checkpoint& checkpoint, const Experiment& experiment) {
    const Experiment& before = checkpoint.settings;
    std::vector<std::string> found;
    const auto demand = [&found](bool same, std::string_view what) {
        if (!same)
            found.push_back("A run can go on from a checkpoint only with " + std::string(what) +
                            " of the run that saved it; set it back, or start a new run.");
    };
    demand(same(encoderCatalog(), before.encoder, experiment.encoder) && before.encoderFile == experiment.encoderFile,
           "the encoder");
    demand(before.embeddingDimension == experiment.embeddingDimension, "the embedding dimension");
    demand(before.normalizeEmbeddings == experiment.normalizeEmbeddings, "the normalisation of embeddings");
    demand(before.data.imageSize == experiment.data.imageSize && before.data.channels == experiment.data.channels,
           "the image size and channels");
    demand(before.data.holdOut == experiment.data.holdOut && before.data.holdOutShare == experiment.data.holdOutShare,
           "the hold-out");
    demand(before.seed == experiment.seed, "the seed");
    demand(before.trackedSamples == experiment.trackedSamples, "the number of tracked samples");
    if (static_cast<double>(experiment.epochs) < checkpoint.epoch())
        found.push_back("The checkpoint is of epoch " + std::to_string(static_cast<int>(checkpoint.epoch())) +
                        ", beyond the " + std::to_string(experiment.epochs) + " epochs of the run; train longer.");
    return found;
}

std::vector<std::string> problems(const Checkpoint& checkpoint, const DataSet& data) {
    if (checkpoint.dataFingerprint == data.fingerprint && checkpoint.samples == data.size()) return {};
    return {"The images in \"" + data.name +
            "\" are not those that the checkpoint was trained on: files were added, removed or changed; put them back, "
            "or start a new run from the weights (initial weights)."};
}

}  // namespace embedscope
