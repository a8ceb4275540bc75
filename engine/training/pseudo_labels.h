#pragma once

#include "engine/data_set.h"
#include "engine/training/embedding_bank.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace embedscope {

/// Labels guessed for unlabelled training samples of the bank.
struct PseudoLabels {
    std::vector<std::int32_t> samples;  ///< Index into DataSet::samples.
    std::vector<std::int32_t> labels;   ///< Of each.
};

/// The data with guesses for those of its samples that have no label.
std::shared_ptr<const DataSet> withGuesses(const std::shared_ptr<const DataSet>& data, const PseudoLabels& guesses);

/// What became of the guesses.
struct PseudoLabelReport {
    std::size_t unlabelled = 0;  ///< Training samples of the bank without a label.
    std::size_t given = 0;       ///< Of these, with a guess.
    std::size_t known = 0;       ///< Of these, where the truth was only hidden.
    std::size_t right = 0;       ///< Of these, guessed right.

    std::string sentence() const;
    std::string json() const;
};

/// The rule that `choice` names. @param epoch Epochs that are over.
/// @param data With the labels that training may see; the bank holds embeddings of all its samples as they are now.
/// @return nothing if it is too early, if `choice` is none, or if stopped.
std::optional<PseudoLabels> guessLabels(const Choice& choice, int epoch, const DataSet& data, const EmbeddingBank& bank,
                                        const std::stop_token& stop);

/// @param truth With all labels that are known of the data.
PseudoLabelReport reportOn(const PseudoLabels& guesses, const DataSet& data, const DataSet& truth,
                           const EmbeddingBank& bank);

}  // namespace embedscope
