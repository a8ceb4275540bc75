// Gaussian blur as a view: Chen et al., A Simple Framework for Contrastive Learning of Visual Representations, ICML
// 2020.

#include "engine/images/augment_blur.h"

#include "engine/images/augment_draws.h"

#include <algorithm>
#include <cstring>

namespace embedscope {
namespace {

/// Kept by each thread from view to view.
struct Scratch {
    std::vector<float> weights;  ///< [reach + 1] of the middle and the neighbours to either side.
    std::vector<float> row;      ///< [reach + width + reach] a row with its mirrored ends.
    std::vector<float> across;   ///< [height, width] blurred across, not yet down.
};

void fillWeights(double sigma, int reach, std::vector<float>& weights) {
    weights.resize(static_cast<std::size_t>(reach) + 1);
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) sum += portableExp(-i * i / (2 * sigma * sigma));
    for (int i = 0; i <= reach; ++i)
        weights[static_cast<std::size_t>(i)] = static_cast<float>(portableExp(-i * i / (2 * sigma * sigma)) / sum);
}

/// Mirrored about the middle of the edge pixel: -1 is 1. Images may be smaller than the reach.
int mirrored(int at, int side) {
    if (side == 1) return 0;
    const int period = 2 * (side - 1);
    const int within = ((at % period) + period) % period;
    return within < side ? within : period - within;
}

/// out = middle * weight, then the neighbours at a distance on either side, each as a run over the whole row.
void addNeighbours(float* out, const float* before, const float* after, float weight, int count) {
    for (int i = 0; i < count; ++i) out[i] += weight * (before[i] + after[i]);
}

void setMiddle(float* out, const float* middle, float weight, int count) {
    for (int i = 0; i < count; ++i) out[i] = weight * middle[i];
}

void blurAcross(const float* plane, const ImageShape& shape, int reach, Scratch& scratch) {
    for (int y = 0; y < shape.height; ++y) {
        const float* from = plane + static_cast<std::ptrdiff_t>(y) * shape.width;
        float* row = scratch.row.data() + reach;
        std::memcpy(row, from, sizeof(float) * static_cast<std::size_t>(shape.width));
        for (int i = 1; i <= reach; ++i) {
            row[-i] = from[mirrored(-i, shape.width)];
            row[shape.width - 1 + i] = from[mirrored(shape.width - 1 + i, shape.width)];
        }
        float* out = scratch.across.data() + static_cast<std::ptrdiff_t>(y) * shape.width;
        setMiddle(out, row, scratch.weights[0], shape.width);
        for (int i = 1; i <= reach; ++i)
            addNeighbours(out, row - i, row + i, scratch.weights[static_cast<std::size_t>(i)], shape.width);
    }
}

void blurDown(float* plane, const ImageShape& shape, int reach, const Scratch& scratch) {
    const auto row = [&](int y) {
        return scratch.across.data() + static_cast<std::ptrdiff_t>(mirrored(y, shape.height)) * shape.width;
    };
    for (int y = 0; y < shape.height; ++y) {
        float* out = plane + static_cast<std::ptrdiff_t>(y) * shape.width;
        setMiddle(out, row(y), scratch.weights[0], shape.width);
        for (int i = 1; i <= reach; ++i)
            addNeighbours(out, row(y - i), row(y + i), scratch.weights[static_cast<std::size_t>(i)], shape.width);
    }
}

}  // namespace

double drawBlur(const BlurSettings& settings, std::uint64_t seed) {
    ViewDraws draws(seed, ViewPart::Blur);
    if (!draws.happens(settings.blur)) return 0;
    return draws.between(settings.smallestSigma, settings.largestSigma);
}

int blurReach(const ImageShape& shape) {
    return std::max(1, shape.height / 20);
}

void blur(Planes& planes, double sigma) {
    thread_local Scratch scratch;
    const ImageShape& shape = planes.shape();
    const int reach = blurReach(shape);
    fillWeights(sigma, reach, scratch.weights);
    scratch.row.resize(static_cast<std::size_t>(shape.width + 2 * reach));
    scratch.across.resize(planes.pixels());
    for (int c = 0; c < shape.channels; ++c) {
        blurAcross(planes.channel(c), shape, reach, scratch);
        blurDown(planes.channel(c), shape, reach, scratch);
    }
    // Rounding may lift white a hair above 255.
    for (float& value : planes.all()) value = value < 255.0F ? value : 255.0F;
}

}  // namespace embedscope
