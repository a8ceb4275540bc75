#include "engine/learning.h"

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

/// Another row, of whose parameters those that both have keep their values, such as the batch size.
void change(Choice& choice, const std::string& id, const Catalog& catalog) {
    const std::vector<Parameter>& known = entryOf(catalog, id, "choice").parameters;
    std::erase_if(choice.parameters, [&](const auto& value) {
        return std::ranges::find(known, value.first, &Parameter::id) == known.end();
    });
    choice.id = id;
}

/// The views of the self-supervised ways; they are too rough for labels alone.
bool makesStrongViews(const Choice& augmentation) {
    return augmentation.id.starts_with("simclr");
}

void suitToViews(Experiment& experiment) {
    if (!makesStrongViews(experiment.augmentation)) experiment.augmentation = {"simclr_cifar", {}};
    if (experiment.head.id == "none") experiment.head = {"mlp", {}};
}

}  // namespace

Experiment suitedTo(Learning learning, Experiment experiment) {
    experiment.learning = learning;
    if (learning == Learning::SelfSupervised) {
        change(experiment.sampler, "shuffle", samplerCatalog());
        experiment.memory = {"none", {}};  // of labelled batches
    } else if (experiment.sampler.id == "shuffle") {
        change(experiment.sampler, "p_by_k", samplerCatalog());
    }
    if (usesViews(experiment)) {
        suitToViews(experiment);
    } else {
        if (makesStrongViews(experiment.augmentation)) experiment.augmentation = {"none", {}};
        experiment.head = {"none", {}};
    }
    return experiment;
}

std::vector<std::string> learningProblems(const Experiment& experiment) {
    std::vector<std::string> found;
    if (experiment.learning == Learning::SelfSupervised && experiment.sampler.id != "shuffle")
        found.push_back("The batches \"" + experiment.sampler.id +
                        "\" are drawn by label, and learning from views of images reads none; choose the sampler "
                        "\"shuffle\".");
    if (usesViews(experiment) && experiment.augmentation.id == "none")
        found.emplace_back(
            "Without augmentation the two views of an image are the same picture and nothing can be learned from "
            "them; choose the augmentation \"simclr_cifar\" or another.");
    return found;
}

}  // namespace embedscope
