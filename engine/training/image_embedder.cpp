#include "engine/image_embedder.h"

#include "engine/encoders/tensor_state.h"
#include "engine/machine.h"
#include "engine/training/encoder_start.h"
#include "engine/training/kept_pixels.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace embedscope {
namespace {

constexpr std::size_t kPixelsAtOnce = 1 << 18;
constexpr std::size_t kMostAtOnce = 256;

/// The checkpoint may come from anywhere. Its weights take the place of a file of initial ones, which may be gone by
/// now.
std::unique_ptr<Encoder> encoderOf(const Checkpoint& checkpoint, const ImageShape& shape) {
    Experiment settings = checkpoint.settings;
    settings.initialWeights.clear();
    if (const std::vector<std::string> wrong = problems(settings); !wrong.empty())
        throw std::runtime_error(wrong.front());
    std::unique_ptr<Encoder> encoder = startEncoder(settings, shape, torch::kCPU);
    const StateReader state(checkpoint.state);
    load(state.has("average.steps") ? state.part("average").part("encoder") : state.part("encoder"), *encoder);
    return encoder;
}

}  // namespace

struct ImageEmbedder::Impl {
    KeptPixels pixels;
    int dimension = 0;
    std::int64_t step = 0;
    int threads = 1;
    at::ScalarType type = torch::kFloat;
    std::unique_ptr<Encoder> encoder;
};

ImageEmbedder::ImageEmbedder(const Checkpoint& checkpoint, int threads) try : impl_(std::make_unique<Impl>()) {
    const Experiment& settings = checkpoint.settings;
    impl_->pixels = loadPixels(StateReader(checkpoint.state).part("pixels"));
    impl_->dimension = settings.embeddingDimension;
    impl_->step = checkpoint.step;
    impl_->threads = threads > 0 ? threads : availableCores();
    impl_->type = settings.precision == Precision::BFloat16 ? torch::kBFloat16 : torch::kFloat;
    impl_->encoder = encoderOf(checkpoint, impl_->pixels.shape);
} catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw std::runtime_error("The encoder of the checkpoint cannot be made: " + text.substr(0, text.find('\n')));
}

ImageEmbedder::~ImageEmbedder() = default;

const ImageShape& ImageEmbedder::shape() const {
    return impl_->pixels.shape;
}
int ImageEmbedder::dimension() const {
    return impl_->dimension;
}
std::int64_t ImageEmbedder::step() const {
    return impl_->step;
}

std::vector<float> ImageEmbedder::embed(const DataSet& images, const std::stop_token& stop) const {
    const ImageShape& shape = impl_->pixels.shape;
    if (images.shape != shape)
        throw std::runtime_error("\"" + images.name + "\" holds pictures of another size or number of channels than " +
                                 "the run was trained on; open it with " + std::to_string(shape.height) + " pixels.");
    const at::NoGradGuard noGradient;
    at::get_num_threads();  // else the first parallel call takes the process-wide number
    at::set_num_threads(impl_->threads);
    const std::size_t area = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
    const std::size_t block = std::clamp<std::size_t>(kPixelsAtOnce / area, 1, kMostAtOnce);
    std::vector<std::int32_t> all(images.size());
    std::iota(all.begin(), all.end(), 0);
    std::vector<float> rows;
    for (std::span<const std::int32_t> left = all; !left.empty() && !stop.stop_requested();) {
        const auto part = left.first(std::min(block, left.size()));
        left = left.subspan(part.size());
        const torch::Tensor batch = imageBatch(images, impl_->pixels.scale, part).to(impl_->type);
        const torch::Tensor found = impl_->encoder->embed(batch, {Pass::Mode::Evaluate, {}}).contiguous();
        const float* values = found.data_ptr<float>();
        rows.insert(rows.end(), values, values + found.numel());
    }
    return rows;
}

}  // namespace embedscope
