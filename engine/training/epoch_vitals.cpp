#include "engine/training/epoch_vitals.h"

#include "engine/embedding_health.h"
#include "engine/label_doubts.h"
#include "engine/retrieval.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace embedscope {
namespace {

constexpr std::size_t kRankRows = 1000;
constexpr std::size_t kMostProxies = 300;     ///< A proxy frame of so many may have left some out.
constexpr std::size_t kRowsForEachProxy = 5;  ///< With fewer, a proxy without any may be chance.

/// `count` of `all`, evenly.
std::vector<std::int32_t> spread(const std::vector<std::int32_t>& all, std::size_t count) {
    if (all.size() <= count) return all;
    std::vector<std::int32_t> some;
    for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
    return some;
}

double cosine(std::span<const float> a, std::span<const float> b) {
    double product = 0, squareA = 0, squareB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        product += static_cast<double>(a[i]) * b[i];
        squareA += static_cast<double>(a[i]) * a[i];
        squareB += static_cast<double>(b[i]) * b[i];
    }
    return product / std::max(std::sqrt(squareA * squareB), 1e-12);
}

}  // namespace

EpochVitals::EpochVitals(const DataSet& data, const EmbeddingBank& bank) {
    std::vector<std::int32_t> training;
    for (std::size_t row = 0; row < bank.samples().size(); ++row)
        if (data.samples[bank.samples()[row]].split == Split::Train) training.push_back(static_cast<std::int32_t>(row));
    rows_ = spread(training, kMostRows);
    for (const std::int32_t row : rows_) {
        samples_.push_back(bank.samples()[row]);
        labels_.push_back(data.samples[samples_.back()].label);
    }
    const auto held = std::ranges::count(data.samples, Split::HoldOut, &Sample::split);
    compared_ = std::min(static_cast<std::size_t>(held), rows_.size());
}

void EpochVitals::measure(const EmbeddingBank& bank, const ProxyFrame* proxies, const std::stop_token& stop,
                          Vitals& vitals) {
    const auto width = static_cast<std::size_t>(bank.dimension());
    embeddings_.clear();
    for (const std::int32_t row : rows_) {
        const auto numbers = bank.embeddings().subspan(row * width, width);
        embeddings_.insert(embeddings_.end(), numbers.begin(), numbers.end());
    }
    measureRank(bank.dimension(), stop, vitals);
    measureLabels(bank.dimension(), stop, vitals);
    if (proxies) measureProxies(bank.dimension(), *proxies, vitals);
}

/// The tracked samples come in no order, so the first of them are a fair sample.
void EpochVitals::measureRank(int dimension, const std::stop_token& stop, Vitals& vitals) const {
    const std::size_t count = std::min(kRankRows, rows_.size());
    if (count < 3) return;
    const std::span<const float> numbers(embeddings_.data(), count * static_cast<std::size_t>(dimension));
    const auto health = embeddingHealth(numbers, dimension, std::span(labels_).first(count), stop);
    if (!health) return;
    vitals.effectiveRank = health->effectiveRank;
    vitals.rankCap = std::min<double>(static_cast<double>(count - 1), dimension);
}

void EpochVitals::measureLabels(int dimension, const std::stop_token& stop, Vitals& vitals) {
    if (compared_ > 0)
        vitals.trainRecallAt1 =
            recallAt1(std::span<const float>(embeddings_).first(compared_ * static_cast<std::size_t>(dimension)),
                      dimension, std::span<const std::int32_t>(labels_).first(compared_), stop);
    const auto found = embedscope::doubtedLabels(embeddings_, dimension, labels_, stop);
    if (!found || found->checked == 0) return;
    vitals.checkedLabels = static_cast<double>(found->checked);
    vitals.doubtedLabels = 0;
    doubted_.clear();
    if (!found->areNeighborsWitnesses()) return;
    vitals.doubtedLabels = static_cast<double>(found->doubts.size());
    for (const LabelDoubt& doubt : found->doubts) doubted_.push_back(samples_[doubt.row]);
}

/// Of a loss with several proxies for a class, a class counts by the best placed of its own.
void EpochVitals::measureProxies(int dimension, const ProxyFrame& proxies, Vitals& vitals) const {
    const auto width = static_cast<std::size_t>(dimension);
    const std::size_t count = proxies.labels.size();
    if (count == 0 || count >= kMostProxies || rows_.size() < kRowsForEachProxy * count) return;
    const auto proxy = [&](std::size_t i) { return std::span<const float>(proxies.rows).subspan(i * width, width); };
    std::set<std::int32_t> used;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        const auto numbers = std::span<const float>(embeddings_).subspan(row * width, width);
        std::size_t nearest = 0;
        double most = -2;
        for (std::size_t i = 0; i < count; ++i)
            if (const double similarity = cosine(numbers, proxy(i)); similarity > most) {
                most = similarity;
                nearest = i;
            }
        used.insert(proxies.labels[nearest]);
    }
    const std::set<std::int32_t> classes(proxies.labels.begin(), proxies.labels.end());
    vitals.proxies = static_cast<double>(classes.size());
    vitals.deadProxies = static_cast<double>(classes.size() - used.size());
}

}  // namespace embedscope
