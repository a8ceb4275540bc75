#include "engine/training/batch_sampler.h"

#include "engine/choice_table.h"
#include "engine/training/sampler_table.h"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace embedscope {

void Deck::deal(std::size_t count, std::mt19937_64& generator, Indices& hand) {
    if (dealt_ + count > cards_.size()) {
        shuffle(std::span(cards_), generator);
        dealt_ = 0;
    }
    const auto part = std::span(cards_).subspan(dealt_, count);
    hand.insert(hand.end(), part.begin(), part.end());
    dealt_ += count;
}

std::vector<Indices> membersOfClasses(const DataSet& data) {
    std::vector<Indices> members(data.classNames.size());
    std::size_t samples = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const Sample& sample = data.samples[i];
        if (sample.split != Split::Train || sample.label == kUnlabelled) continue;
        members[sample.label].push_back(static_cast<std::int32_t>(i));
        ++samples;
    }
    if (samples < 2)
        throw std::runtime_error(
            "The training part has no labelled samples to draw classes from; label some, or choose the sampler "
            "\"shuffle\".");
    std::erase_if(members, [](const Indices& one) { return one.empty(); });
    return members;
}

std::int64_t stepsFor(std::size_t samples, std::int64_t batchSize) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(samples) / batchSize);
}

Parameter samplerCount(std::string id, std::string label, std::string unit, double minimum, double maximum,
                       double standard, std::string help) {
    return numberParameter(std::move(id), std::move(label), std::move(unit), {minimum, maximum, 1, standard},
                           std::move(help));
}

Parameter batchSizeParameter() {
    Parameter parameter =
        samplerCount("batch_size", "Batch size", "images", 4, 8192, 128,
                     "Images in a training step. More gives more pairs to choose hard ones from and calmer movement, "
                     "and takes longer per step.");
    parameter.step = 16;
    return parameter;
}

namespace {

const std::vector<SamplerRow>& rows() {
    static const std::vector<SamplerRow> kRows = {pByKRow(),          balancedRow(), hierarchicalRow(),
                                                  hardNegativesRow(), shuffleRow(),  pairsRow()};
    return kRows;
}

}  // namespace

const Catalog& samplerCatalog() {
    static const Catalog kCatalog = catalogOf(rows());
    return kCatalog;
}

std::unique_ptr<BatchSampler> makeSampler(const Choice& choice, const DataSet& data, std::uint64_t seed,
                                          const std::filesystem::path& pairsFile) {
    const SamplerRow& row = rowOf(rows(), choice, "sampler");
    return row.make({row.entry, choice.parameters, data, seed, pairsFile});
}

}  // namespace embedscope
