// What a person adds to a run: marked pairs, labels and ignored images; and what the miner chose, for a person to see.

#include "engine/training/embedding_bank.h"
#include "engine/training/trainer.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

/// Guesses for samples that have no label by now, either.
PseudoLabels stillOpen(const PseudoLabels& guesses, const DataSet& data) {
    PseudoLabels open;
    for (std::size_t i = 0; i < guesses.samples.size(); ++i) {
        const Sample& sample = data.samples[static_cast<std::size_t>(guesses.samples[i])];
        if (sample.label != kUnlabelled || sample.split != Split::Train) continue;
        open.samples.push_back(guesses.samples[i]);
        open.labels.push_back(guesses.labels[i]);
    }
    return open;
}

}  // namespace

void Trainer::setMarks(Marks marks) {
    if (const auto wrong = problems(marks, *given_); !wrong.empty()) throw std::invalid_argument(wrong.front());
    std::shared_ptr<const DataSet> labelled = withMarks(given_, marks);
    MarkTerm term(marks, *labelled, normalized_, seed_);
    if (!sameLabels(*labelled, *labelled_)) drawFrom(std::move(labelled));
    marks_ = std::move(marks);
    markTerm_ = std::move(term);
}

/// Pairs alone leave the batches as they are; labels and ignored images make them anew.
void Trainer::drawFrom(std::shared_ptr<const DataSet> labelled) {
    PseudoLabels guesses = stillOpen(guesses_, *labelled);
    std::shared_ptr<const DataSet> data = withGuesses(labelled, guesses);
    const std::uint64_t seed = seed_ ^ (steps_ << 32);  // before the first step: the batches of a run without marks
    std::unique_ptr<BatchSampler> sampler = sampler_ ? newSampler(*data, seed) : nullptr;
    if (views_) views_->drawFrom(*labelled, seed);
    sampler_ = std::move(sampler);
    labelled_ = std::move(labelled);
    data_ = std::move(data);
    guesses_ = std::move(guesses);
}

/// Marked images pass with the first part, so that they share its batch statistics.
Trainer::Embedded Trainer::embedWith(const MarkedPairs& marked, const std::vector<torch::Tensor>& images,
                                     const std::stop_token& stop) {
    if (marked.empty()) return {embed(images, stop), {}};
    std::vector<torch::Tensor> joined = images;
    joined.front() = torch::cat({images.front(), views(marked.samples, 1)});
    const torch::Tensor rows = embed(joined, stop);
    const std::int64_t first = images.front().size(0), end = joined.front().size(0);
    return {torch::cat({rows.slice(0, 0, first), rows.slice(0, end)}), rows.slice(0, first, end)};
}

MinedTuples Trainer::takeMined(MinedCounts& counts) {
    const std::optional<MinedStep> step = std::exchange(mined_, std::nullopt);
    MinedTuples mined;
    if (!step) {
        mined.step = static_cast<std::int64_t>(steps_);
        mined.remark = "This run learns from views of images: no miner chooses pairs.";
        return mined;
    }
    Loss* asked = lossOfTuples();
    mined = sampleOf(*step, asked, counts);
    if (!asked)
        mined.remark = whyNoLossOfTuples(lossId_);
    else if (mined.chosen == 0)
        mined.remark = "The miner found nothing to choose in this batch.";
    else if (step->partners.fromMemory())
        mined.remark = "Partners without a picture come from the memory of past batches.";
    return mined;
}

/// Null if pairs and triplets mean nothing to it.
Loss* Trainer::lossOfTuples() const {
    return whyNoLossOfTuples(lossId_).empty() ? loss_.get() : nullptr;
}

std::vector<MinedTuple> Trainer::judged(const std::vector<MinedTuple>& triplets, const EmbeddingBank& bank) const {
    std::vector<MinedTuple> known;
    std::vector<std::int32_t> samples;
    const auto holds = [&](std::int32_t sample) {
        return sample >= 0 && static_cast<std::size_t>(sample) < data_->size() && bank.holds(sample);
    };
    for (const MinedTuple& triplet : triplets) {
        if (!loss_ || known.size() == MinedTuples::kMost || !holds(triplet.anchor) || !holds(triplet.positive) ||
            !holds(triplet.negative))
            continue;
        known.push_back(triplet);
        samples.insert(samples.end(), {triplet.anchor, triplet.positive, triplet.negative});
    }
    if (known.empty()) return known;
    const torch::Tensor rows =
        torch::empty({static_cast<std::int64_t>(samples.size()), static_cast<std::int64_t>(bank.dimension())});
    for (std::size_t i = 0; i < samples.size(); ++i)
        std::ranges::copy(bank.row(samples[i]),
                          rows.data_ptr<float>() + i * static_cast<std::size_t>(bank.dimension()));
    judgeTriplets(rows.to(device_), labels(samples), lossOfTuples(), known);
    return known;
}

}  // namespace embedscope
