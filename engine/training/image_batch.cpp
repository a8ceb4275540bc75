#include "engine/training/image_batch.h"

#include "engine/trace.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace embedscope {
namespace {

constexpr std::size_t kScaleBytes = 64 << 20;  ///< Read in about 0.1 s, and plenty for a mean.
constexpr std::size_t kFewestImages = 100;

using ByteCounts = std::array<std::uint64_t, 256>;

/// How often each value occurs in each channel; counts are exact, so the order of the images cannot matter.
std::vector<ByteCounts> countBytes(const DataSet& data, const std::vector<std::size_t>& images) {
    const auto channels = static_cast<std::size_t>(data.shape.channels);
    std::vector<ByteCounts> counts(channels, ByteCounts{});
    for (const std::size_t index : images) {
        const auto pixels = data.image(index);
        for (std::size_t i = 0; i < pixels.size(); i += channels)
            for (std::size_t c = 0; c < channels; ++c) ++counts[c][pixels[i + c]];
    }
    return counts;
}

std::vector<std::size_t> spreadTrainingImages(const DataSet& data) {
    std::vector<std::size_t> images;
    for (std::size_t i = 0; i < data.size(); ++i)
        if (data.samples[i].split == Split::Train) images.push_back(i);
    const std::size_t enough = std::max(kFewestImages, kScaleBytes / data.shape.bytes());
    if (images.size() <= enough) return images;
    std::vector<std::size_t> spread(enough);
    for (std::size_t i = 0; i < enough; ++i) spread[i] = images[i * images.size() / enough];
    return spread;
}

template <int channels>
void scaleRow(const std::uint8_t* bytes, std::size_t count, const PixelScale& scale, float* floats) {
    for (std::size_t i = 0; i < count; i += channels)
        for (int c = 0; c < channels; ++c)
            floats[i + c] = static_cast<float>(bytes[i + c]) * scale.factor[c] + scale.offset[c];
}

/// Rows of bytes as floats, in parallel. @param bytesOf The bytes of a row; read before the thread asks for another.
template <typename BytesOf>
torch::Tensor scaledRows(const ImageShape& shape, const PixelScale& scale, std::int64_t rows, const BytesOf& bytesOf) {
    // [B, H, W, C] in memory is what channels_last means.
    const torch::Tensor pixels = torch::empty({rows, shape.height, shape.width, shape.channels});
    float* floats = pixels.data_ptr<float>();
    const std::size_t bytes = shape.bytes();
    at::parallel_for(0, rows, 8, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const std::span<const std::uint8_t> image = bytesOf(i);
            if (shape.channels == 1)
                scaleRow<1>(image.data(), bytes, scale, floats + i * bytes);
            else
                scaleRow<3>(image.data(), bytes, scale, floats + i * bytes);
        }
    });
    return pixels.permute({0, 3, 1, 2});
}

}  // namespace

PixelScale pixelScale(const DataSet& data) {
    PixelScale scale;
    for (const ByteCounts& counts : countBytes(data, spreadTrainingImages(data))) {
        double total = 0, sum = 0, squares = 0;
        for (int value = 0; value < 256; ++value) {
            const auto count = static_cast<double>(counts[value]);
            total += count;
            sum += count * value / 255;
            squares += count * (value / 255.0) * (value / 255.0);
        }
        const double mean = total > 0 ? sum / total : 0;
        const double variance = total > 0 ? squares / total - mean * mean : 1;
        // A channel that is the same everywhere carries nothing; it must not become infinite.
        const double deviation = std::sqrt(std::max(variance, 1e-6));
        scale.factor.push_back(static_cast<float>(1 / (255 * deviation)));
        scale.offset.push_back(static_cast<float>(-mean / deviation));
    }
    return scale;
}

torch::Tensor imageBatch(const DataSet& data, const PixelScale& scale, std::span<const std::int32_t> samples) {
    const TraceSpan span("batch");
    data.pixels.noteRead(samples.size(), data.shape.bytes());
    return scaledRows(data.shape, scale, static_cast<std::int64_t>(samples.size()),
                      [&](std::int64_t row) { return data.image(static_cast<std::size_t>(samples[row])); });
}

torch::Tensor viewBatch(const DataSet& data, const PixelScale& scale, std::span<const std::int32_t> samples,
                        const Views& views) {
    const TraceSpan span("augment");
    const auto batch = static_cast<std::int64_t>(samples.size());
    data.pixels.noteRead(samples.size(), data.shape.bytes());
    return scaledRows(data.shape, scale, views.count * batch, [&](std::int64_t row) {
        thread_local std::vector<std::uint8_t> view;
        view.resize(data.shape.bytes());
        const auto position = static_cast<std::uint64_t>(row % batch), number = static_cast<std::uint64_t>(row / batch);
        views.augmenter.view(data.image(static_cast<std::size_t>(samples[position])),
                             viewSeed(views.stream, views.step, position, number), view);
        return std::span<const std::uint8_t>(view);
    });
}

}  // namespace embedscope
