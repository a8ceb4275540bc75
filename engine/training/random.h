#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace embedscope {

/// What a run draws at random; each from a generator of its own, so that runs that differ in one setting still see the
/// same weights and batches.
enum class RandomStream : std::uint64_t {
    Weights = 1,
    Batches,
    Tracking,
    Pairs,
    Loss,
    Miner,
    Augmentation,
    Head,
    ViewLoss,
    Memory,
    LabelledShare,
    Marks,
};

/// SplitMix64 of seed and stream: neighbouring seeds give unrelated streams.
inline std::uint64_t seedOf(std::uint64_t seed, RandomStream stream) {
    std::uint64_t z = seed + static_cast<std::uint64_t>(stream) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/// Uniform on 0..count-1. The standard's distributions differ between libraries; this does not.
inline std::uint64_t drawBelow(std::mt19937_64& generator, std::uint64_t count) {
    const std::uint64_t limit = std::mt19937_64::max() - std::mt19937_64::max() % count;
    std::uint64_t drawn = generator();
    while (drawn >= limit) drawn = generator();
    return drawn % count;
}

/// Fisher-Yates.
template <typename T>
void shuffle(std::span<T> items, std::mt19937_64& generator) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[drawBelow(generator, i)]);
}

}  // namespace embedscope
