#include "engine/projections/umap_kernel.h"

#include "engine/processor_clones.h"

#include <bit>

namespace embedscope {
namespace {

constexpr float kLongest = 4;        // of a single push or pull along an axis
constexpr float kOvershoot = 0.45F;  // of the way to the partner, which comes the same way towards the point
constexpr int kMostPushes = 512;

/// log2 and 2^x to five digits, in a form that fills vector units.
[[gnu::always_inline]] inline float quickLog2(float x) {
    const auto bits = std::bit_cast<std::int32_t>(x);
    const std::int32_t exponent = (bits - 0x3f3504f3) >> 23;  // mantissa in [sqrt(1/2), sqrt(2))
    const float m = std::bit_cast<float>(bits - (exponent << 23)) - 1;
    const float s = m / (2 + m), s2 = s * s;  // atanh series
    return static_cast<float>(exponent) + s * (2.88539008F + s2 * (0.96179669F + s2 * (0.57707802F + s2 * 0.4121986F)));
}

[[gnu::always_inline]] inline float quickExp2(float x) {
    x = x < -120 ? -120 : (x > 120 ? 120 : x);
    const auto whole = static_cast<std::int32_t>(x + 128.5F) - 128;
    const float f = x - static_cast<float>(whole);
    const float value =
        1 + f * (0.693147181F + f * (0.240226507F + f * (0.0555041087F + f * (0.00961812911F + f * 0.00133335581F))));
    return std::bit_cast<float>(std::bit_cast<std::int32_t>(value) + (whole << 23));
}

[[gnu::always_inline]] inline float clipped(float value) {
    return value > kLongest ? kLongest : (value < -kLongest ? -kLongest : value);
}

[[gnu::always_inline]] inline std::uint64_t mixed(std::uint64_t x) {  // splitmix64
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// Pulls are due at an even pace: a share of 0.3 in the epochs 2, 5, 9, 12, ... The half keeps the many edges of the
/// full share, which rounding leaves just below it, in step with each other.
[[gnu::always_inline]] inline bool isDue(float share, int epoch) {
    const auto pulls = [share](int epochs) { return static_cast<int>(share * static_cast<float>(epochs) + 0.5F); };
    return pulls(epoch) > pulls(epoch - 1);
}

template <int Dims>
[[gnu::always_inline]] inline void moveRow(const UmapEpoch& epoch, const float* const* from, float* const* to,
                                           std::size_t i) {
    float place[Dims];
    for (int d = 0; d < Dims; ++d) place[d] = from[d][i];
    int due = 0;
    for (std::uint32_t at = epoch.begins[i]; at < epoch.begins[i + 1]; ++at) {
        if (!isDue(epoch.shares[at], epoch.epoch)) continue;
        ++due;
        const std::int32_t j = epoch.columns[at];
        float offset[Dims], squared = 0;
        for (int d = 0; d < Dims; ++d) {
            offset[d] = from[d][j] - place[d];
            squared += offset[d] * offset[d];
        }
        if (!(squared > 0)) continue;
        const float power = quickExp2(epoch.b * quickLog2(squared));
        // Twice, because the edge is due in both directions and each moves both of its ends.
        const float pull = 2 * (2 * epoch.a * epoch.b * power / squared) / (1 + epoch.a * power);
        const float share = epoch.rate * pull < kOvershoot ? epoch.rate * pull : kOvershoot;
        for (int d = 0; d < Dims; ++d) place[d] += epoch.rate * clipped(share / epoch.rate * offset[d]);
    }

    const int wanted = due * epoch.negatives;
    const int pushes = wanted < kMostPushes ? wanted : kMostPushes;
    float away[Dims][kMostPushes];
    std::uint64_t state = mixed(epoch.seed ^ mixed(static_cast<std::uint64_t>(epoch.epoch) << 32 ^ i));
    for (int n = 0; n < pushes; ++n) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto j = static_cast<std::size_t>((state >> 32) * epoch.count >> 32);
        for (int d = 0; d < Dims; ++d) away[d][n] = place[d] - from[d][j];
    }
    float sums[Dims]{};
    for (int n = 0; n < pushes; ++n) {
        float squared = 0;
        for (int d = 0; d < Dims; ++d) squared += away[d][n] * away[d][n];
        const float power = quickExp2(epoch.b * quickLog2(squared + 1e-12F));
        const float push = 2 * epoch.b / ((0.001F + squared) * (1 + epoch.a * power));
        for (int d = 0; d < Dims; ++d) sums[d] += clipped(push * away[d][n]);
    }
    for (int d = 0; d < Dims; ++d) to[d][i] = place[d] + epoch.rate * sums[d];
}

}  // namespace

EMBEDSCOPE_CLONES
void umapRows(const UmapEpoch& epoch, const float* const* from, float* const* to, std::size_t begin, std::size_t end) {
    if (epoch.dims == 2)
        for (std::size_t i = begin; i < end; ++i) moveRow<2>(epoch, from, to, i);
    else
        for (std::size_t i = begin; i < end; ++i) moveRow<3>(epoch, from, to, i);
}

}  // namespace embedscope
