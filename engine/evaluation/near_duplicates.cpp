#include "engine/near_duplicates.h"

#include "engine/evaluation/parallel_blocks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace embedscope {
namespace {

constexpr int kCells = 8;                             // each way
constexpr float kCellsDiffer = 2, kPixelsDiffer = 6;  // of 255
constexpr float kContrast = 4;                        // least deviation of the cells

/// An image in little: the mean brightness of each cell, and of all.
struct Gist {
    std::int32_t sample = 0;
    float mean = 0;
    std::array<float, kCells * kCells> cells{};
};

Gist gistOf(const DataSet& data, std::int32_t sample) {
    const ImageShape& shape = data.shape;
    const auto pixels = data.image(static_cast<std::size_t>(sample));
    Gist gist{sample, 0, {}};
    std::array<float, kCells * kCells> counts{};
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x) {
            const int cell = y * kCells / shape.height * kCells + x * kCells / shape.width;
            const std::size_t at = (static_cast<std::size_t>(y) * shape.width + x) * shape.channels;
            int sum = 0;
            for (int channel = 0; channel < shape.channels; ++channel) sum += pixels[at + channel];
            gist.cells[cell] += static_cast<float>(sum);
            counts[cell] += static_cast<float>(shape.channels);
        }
    for (std::size_t cell = 0; cell < counts.size(); ++cell) {
        gist.cells[cell] /= std::max(1.0F, counts[cell]);  // of an image smaller than 8 pixels some are empty
        gist.mean += gist.cells[cell] / static_cast<float>(counts.size());
    }
    return gist;
}

float difference(const Gist& a, const Gist& b) {
    float squares = 0;
    for (std::size_t cell = 0; cell < a.cells.size(); ++cell) {
        const float away = a.cells[cell] - b.cells[cell];
        squares += away * away;
    }
    return std::sqrt(squares / static_cast<float>(a.cells.size()));
}

bool hasContrast(const Gist& gist) {
    Gist flat{0, gist.mean, {}};
    flat.cells.fill(gist.mean);
    return difference(gist, flat) >= kContrast;
}

bool pixelsAgree(const DataSet& data, std::int32_t a, std::int32_t b) {
    const auto one = data.image(static_cast<std::size_t>(a)), other = data.image(static_cast<std::size_t>(b));
    double squares = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        const double away = static_cast<double>(one[i]) - static_cast<double>(other[i]);
        squares += away * away;
    }
    return squares < kPixelsDiffer * kPixelsDiffer * static_cast<double>(one.size());
}

std::vector<std::int32_t> someOf(const DataSet& data, Split split) {
    std::vector<std::int32_t> all;
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data.samples[i].split == split) all.push_back(static_cast<std::int32_t>(i));
    if (all.size() <= kMostImages) return all;
    std::vector<std::int32_t> some;
    for (std::size_t i = 0; i < kMostImages; ++i) some.push_back(all[i * all.size() / kMostImages]);
    return some;
}

std::optional<std::vector<Gist>> gistsOf(const DataSet& data, std::span<const std::int32_t> samples,
                                         std::stop_token stop) {
    std::vector<Gist> gists(samples.size());
    const bool complete = forBlocks(samples.size(), 64, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) gists[i] = gistOf(data, samples[i]);
    });
    if (!complete) return std::nullopt;
    std::erase_if(gists, [](const Gist& gist) { return !hasContrast(gist); });
    return gists;
}

/// Means that differ by more than the cells may need not be looked at. -1: none.
std::int32_t duplicateOf(const DataSet& data, const Gist& gist, std::span<const Gist> byMean) {
    const auto first = std::ranges::lower_bound(byMean, gist.mean - kCellsDiffer, {}, &Gist::mean);
    for (auto each = first; each != byMean.end() && each->mean <= gist.mean + kCellsDiffer; ++each)
        if (difference(gist, *each) < kCellsDiffer && pixelsAgree(data, gist.sample, each->sample)) return each->sample;
    return -1;
}

}  // namespace

std::optional<NearDuplicates> nearDuplicatesAcrossSplits(const DataSet& data, std::stop_token stop) {
    const std::vector<std::int32_t> heldOut = someOf(data, Split::HoldOut), training = someOf(data, Split::Train);
    NearDuplicates found;
    found.checkedHeldOut = heldOut.size();
    found.checkedTraining = training.size();
    if (heldOut.empty()) return found;
    const auto asked = gistsOf(data, heldOut, stop);
    auto byMean = gistsOf(data, training, stop);
    if (!asked || !byMean) return std::nullopt;
    std::ranges::stable_sort(*byMean, {}, &Gist::mean);
    std::vector<std::int32_t> duplicates(asked->size(), -1);
    const bool complete = forBlocks(asked->size(), 16, stop, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) duplicates[i] = duplicateOf(data, (*asked)[i], *byMean);
    });
    if (!complete) return std::nullopt;
    for (std::size_t i = 0; i < asked->size(); ++i)
        if (duplicates[i] >= 0) found.pairs.push_back({(*asked)[i].sample, duplicates[i]});
    return found;
}

}  // namespace embedscope
