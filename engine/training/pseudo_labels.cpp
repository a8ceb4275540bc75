// D.-H. Lee: Pseudo-Label: The Simple and Efficient Semi-Supervised Learning Method for Deep Neural Networks. ICML
// workshop 2013. By neighbours: A. Iscen et al.: Label Propagation for Deep Semi-supervised Learning. CVPR 2019.
#include "engine/training/pseudo_labels.h"

#include "engine/choice_table.h"

#include <ATen/Functions.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <utility>

namespace embedscope {
namespace {

struct BankParts {
    std::vector<std::int64_t> labelled, unlabelled;  ///< Rows of the bank, training part only.
};

BankParts partsOf(const DataSet& data, const EmbeddingBank& bank) {
    BankParts parts;
    for (std::size_t row = 0; row < bank.samples().size(); ++row) {
        const Sample& sample = data.samples[bank.samples()[row]];
        if (sample.split != Split::Train) continue;
        (sample.label == kUnlabelled ? parts.unlabelled : parts.labelled).push_back(static_cast<std::int64_t>(row));
    }
    return parts;
}

torch::Tensor rowsOf(const EmbeddingBank& bank, std::span<const std::int64_t> rows) {
    const auto dimension = static_cast<std::size_t>(bank.dimension());
    const torch::Tensor chosen = torch::empty({static_cast<std::int64_t>(rows.size()), bank.dimension()});
    float* values = chosen.data_ptr<float>();
    for (const std::int64_t row : rows) {
        std::ranges::copy(bank.embeddings().subspan(static_cast<std::size_t>(row) * dimension, dimension), values);
        values += dimension;
    }
    return chosen;
}

/// The label that most votes are for, the one of the nearest on a tie, if at least `agreement` of them are.
std::int32_t agreed(std::span<const std::int32_t> votes, double agreement) {
    std::map<std::int32_t, std::size_t> counts;
    for (const std::int32_t vote : votes) ++counts[vote];
    std::size_t most = 0;
    for (const auto& [label, count] : counts) most = std::max(most, count);
    const auto winner = std::ranges::find_if(votes, [&](std::int32_t vote) { return counts[vote] == most; });
    const bool enough = static_cast<double>(most) >= agreement * static_cast<double>(votes.size()) - 1e-9;
    return enough ? *winner : kUnlabelled;
}

class Nearest {
public:
    Nearest(const DataSet& data, const EmbeddingBank& bank, BankParts parts)
        : data_(data), bank_(bank), parts_(std::move(parts)), labelled_(rowsOf(bank, parts_.labelled)) {
        squares_ = labelled_.square().sum(1);
    }

    /// Block by block, so that memory stays small. Nothing if stopped.
    std::optional<PseudoLabels> guess(std::int64_t voters, double agreement, const std::stop_token& stop) const {
        constexpr std::size_t kBlock = 1024;
        PseudoLabels guesses;
        for (std::size_t first = 0; first < parts_.unlabelled.size(); first += kBlock) {
            if (stop.stop_requested()) return std::nullopt;
            const std::size_t count = std::min(kBlock, parts_.unlabelled.size() - first);
            guessBlock(std::span(parts_.unlabelled).subspan(first, count), voters, agreement, guesses);
        }
        return guesses;
    }

private:
    void guessBlock(std::span<const std::int64_t> rows, std::int64_t voters, double agreement,
                    PseudoLabels& guesses) const {
        // |a|² is the same for all of a row's neighbours, so the order does not need it.
        const torch::Tensor order = squares_ - 2 * rowsOf(bank_, rows).matmul(labelled_.t());
        const torch::Tensor nearest =
            std::get<1>(order.topk(std::min(voters, labelled_.size(0)), 1, /*largest=*/false)).contiguous();
        const auto indices = nearest.accessor<std::int64_t, 2>();
        std::vector<std::int32_t> votes(static_cast<std::size_t>(nearest.size(1)));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (std::size_t k = 0; k < votes.size(); ++k)
                votes[k] =
                    labelOf(parts_.labelled[indices[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(k)]]);
            const std::int32_t label = agreed(votes, agreement);
            if (label == kUnlabelled) continue;
            guesses.samples.push_back(bank_.samples()[rows[i]]);
            guesses.labels.push_back(label);
        }
    }

    std::int32_t labelOf(std::int64_t row) const { return data_.samples[bank_.samples()[row]].label; }

    const DataSet& data_;
    const EmbeddingBank& bank_;
    BankParts parts_;
    torch::Tensor labelled_, squares_;
};

Parameter number(std::string id, std::string label, std::string help, double minimum, double maximum, double step,
                 double standard) {
    return numberParameter(std::move(id), std::move(label), "", {minimum, maximum, step, standard}, std::move(help));
}

CatalogEntry noneEntry() {
    CatalogEntry entry;
    entry.id = "none";
    entry.label = "None";
    entry.help = "Images without a label are learned from by their views alone.";
    return entry;
}

CatalogEntry nearestEntry() {
    CatalogEntry entry;
    entry.id = "nearest";
    entry.label = "From the nearest labelled images";
    entry.help =
        "At the end of every epoch an unlabelled image takes the label of its nearest labelled neighbours, if they "
        "agree, and pulls and pushes like a labelled one until the next. Classes tighten around their labelled images; "
        "wrong guesses tighten too. Of the points shown only.";
    entry.source = "Lee, Pseudo-Label, ICML workshop 2013";
    entry.parameters = {
        number("neighbours", "Neighbours", "More ask further around: fewer and safer guesses.", 1, 200, 1, 10),
        number("agreement", "Agreement", "Share of the neighbours that must have one label. Higher: fewer and safer.",
               0.1, 1, 0.05, 0.9),
        number("first_epoch", "From epoch",
               "Guesses begin when so many epochs are over: an untrained encoder guesses badly.", 0, 1000, 1, 2)};
    return entry;
}

}  // namespace

const Catalog& pseudoLabelCatalog() {
    static const Catalog kCatalog = {noneEntry(), nearestEntry()};
    return kCatalog;
}

std::optional<PseudoLabels> guessLabels(const Choice& choice, int epoch, const DataSet& data, const EmbeddingBank& bank,
                                        const std::stop_token& stop) {
    const CatalogEntry& entry = entryOf(pseudoLabelCatalog(), choice.id, "pseudo-label rule");
    if (entry.id == "none") return std::nullopt;
    const auto value = [&](std::string_view id) { return valueOf(entry, choice.parameters, id); };
    if (epoch < static_cast<int>(value("first_epoch"))) return std::nullopt;
    BankParts parts = partsOf(data, bank);
    if (parts.labelled.empty()) return PseudoLabels{};
    return Nearest(data, bank, std::move(parts))
        .guess(static_cast<std::int64_t>(value("neighbours")), value("agreement"), stop);
}

std::shared_ptr<const DataSet> withGuesses(const std::shared_ptr<const DataSet>& data, const PseudoLabels& guesses) {
    if (guesses.samples.empty()) return data;
    auto guessed = std::make_shared<DataSet>(*data);
    for (std::size_t i = 0; i < guesses.samples.size(); ++i)
        if (Sample& sample = guessed->samples[guesses.samples[i]]; sample.label == kUnlabelled)
            sample.label = guesses.labels[i];
    return guessed;
}

PseudoLabelReport reportOn(const PseudoLabels& guesses, const DataSet& data, const DataSet& truth,
                           const EmbeddingBank& bank) {
    PseudoLabelReport report;
    report.unlabelled = partsOf(data, bank).unlabelled.size();
    report.given = guesses.samples.size();
    for (std::size_t i = 0; i < guesses.samples.size(); ++i) {
        const std::int32_t known = truth.samples[guesses.samples[i]].label;
        if (known == kUnlabelled) continue;
        ++report.known;
        if (known == guesses.labels[i]) ++report.right;
    }
    return report;
}

std::string PseudoLabelReport::sentence() const {
    std::ostringstream text;
    text << given << " of " << unlabelled << " unlabelled points have a guessed label";
    if (known > 0)
        text << ", " << std::lround(100.0 * static_cast<double>(right) / static_cast<double>(known)) << " % of "
             << (known == given ? "them" : "those that can be checked") << " right";
    text << '.';
    return text.str();
}

std::string PseudoLabelReport::json() const {
    std::ostringstream text;
    text << "{\"unlabelled\": " << unlabelled << ", \"given\": " << given << ", \"checked\": " << known
         << ", \"right\": " << right << '}';
    return text.str();
}

}  // namespace embedscope
