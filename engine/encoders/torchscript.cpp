// A network of the user's own, saved with torch.jit.save. With exports/torchscript.cpp the one file that includes
// torch/script.h.

#include "engine/encoders/encoder_table.h"
#include "engine/encoders/layers.h"
#include "engine/encoders/torchscript_file.h"

#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{4} << 30;
constexpr std::int64_t kWidestOutput = 1 << 16;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& reason) {
    throw std::runtime_error("The encoder file \"" + file.string() + "\" " + reason);
}

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::string messageOf(const std::exception& error) {
    const auto* torchError = dynamic_cast<const c10::Error*>(&error);
    return firstLine(torchError ? torchError->what_without_backtrace() : error.what());
}

void makeFloat(torch::Tensor tensor) {
    if (tensor.is_floating_point() && tensor.scalar_type() != torch::kFloat) tensor.set_data(tensor.to(torch::kFloat));
}

}  // namespace

torch::jit::Module loadTorchScript(const std::filesystem::path& file, torch::Device device) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) fail(file, "is not there; choose another.");
    if (std::filesystem::file_size(file, error) > kLargestFile) fail(file, "is larger than 4 GiB; choose another.");
    try {
        torch::jit::Module module = torch::jit::load(file.string(), device);
        // Not module.to(kFloat): that turns counters into floats too.
        for (const torch::Tensor& tensor : module.parameters()) makeFloat(tensor);
        for (const torch::Tensor& tensor : module.buffers()) makeFloat(tensor);
        return module;
    } catch (const std::exception& failure) {
        fail(file, "is no TorchScript network (" + messageOf(failure) + "); save one with torch.jit.save.");
    }
}

namespace {

class TorchScript : public Encoder {
public:
    explicit TorchScript(const EncoderSetting& setting)
        : module_(loadTorchScript(setting.file, setting.device)),
          build_(setting.seed, setting.device),
          normalize_(setting.normalize) {
        const std::int64_t width = outputWidth(setting);
        collect();
        if (width != setting.dimension)
            projection_ = build_.linear(kTorchScriptProjection, static_cast<int>(width), setting.dimension);
        weights_.insert(weights_.end(), build_.weights().begin(), build_.weights().end());
        if (weights_.empty())
            fail(setting.file, "has no weights that can be trained, as after torch.jit.freeze; save it without.");
    }

    torch::Tensor embed(const torch::Tensor& images, const Pass& pass) override {
        if (pass.stop.stop_requested()) throw StopRequested{};
        setTraining(pass.mode == Pass::Mode::Train);
        torch::Tensor x = module_.forward({images.to(torch::kFloat)}).toTensor().to(torch::kFloat);
        if (projection_) x = apply(*projection_, x);
        stopPoint(x, pass.stop);
        return normalize_ ? unitRows(x) : x;
    }

    const std::vector<NamedTensor>& weights() const override { return weights_; }
    const std::vector<NamedTensor>& statistics() const override { return statistics_; }

private:
    void setTraining(bool training) {
        if (training_ == training) return;
        module_.train(training);
        training_ = training;
    }

    /// Of two grey pictures of the size that is trained on.
    std::int64_t outputWidth(const EncoderSetting& setting) {
        const at::NoGradGuard noGradient;
        setTraining(false);
        const std::string shape = std::to_string(setting.channels) + "x" + std::to_string(setting.height) + "x" +
                                  std::to_string(setting.width);
        torch::jit::IValue output;
        try {
            const torch::Tensor images = torch::zeros({2, setting.channels, setting.height, setting.width});
            output = module_.forward({images.to(setting.device).contiguous(at::MemoryFormat::ChannelsLast)});
        } catch (const std::exception& failure) {
            fail(setting.file, "cannot take images of " + shape + " (" + messageOf(failure) +
                                   "); change the channels or the image size, or choose another file.");
        }
        if (!output.isTensor()) fail(setting.file, "puts out no tensor; its forward must return one of [B, D].");
        const torch::Tensor rows = output.toTensor();
        if (rows.dim() != 2 || rows.size(0) != 2 || rows.size(1) < 1 || rows.size(1) > kWidestOutput ||
            !rows.is_floating_point())
            fail(setting.file, "does not put out a row of numbers for each image; its forward must return [B, D].");
        return rows.size(1);
    }

    /// Its parameters, but for frozen ones, and all else that has to be saved. Shared ones have several names.
    void collect() {
        std::set<const void*> seen;
        const auto isNew = [&](const torch::Tensor& tensor) {
            return seen.insert(tensor.unsafeGetTensorImpl()).second;
        };
        for (const auto& parameter : module_.named_parameters()) {
            if (!isNew(parameter.value)) continue;
            (parameter.value.requires_grad() ? weights_ : statistics_).push_back({parameter.name, parameter.value});
        }
        for (const auto& buffer : module_.named_buffers())
            if (isNew(buffer.value) && buffer.value.is_floating_point())
                statistics_.push_back({buffer.name, buffer.value});
    }

    torch::jit::Module module_;
    LayerBuilder build_;
    bool normalize_;
    std::optional<bool> training_;
    std::optional<Linear> projection_;
    std::vector<NamedTensor> weights_;
    std::vector<NamedTensor> statistics_;
};

}  // namespace

EncoderRow torchScriptRow() {
    CatalogEntry entry;
    entry.id = "torchscript";
    entry.label = "TorchScript file";
    entry.group = "Your own";
    entry.help =
        "A network of your own, saved with torch.jit.save, that turns [B, C, H, W] into [B, D]; it is trained further. "
        "If D is not the embedding dimension, a linear layer is put behind it. Open only files that you trust: such a "
        "file is a program that LibTorch's interpreter runs. Pixels arrive with mean 0 and deviation 1 per channel. "
        "With dropout, runs of it do not repeat to the byte.";
    return {entry,
            [](const CatalogEntry&, const ParameterValues&, const EncoderSetting& setting) -> std::unique_ptr<Encoder> {
                return std::make_unique<TorchScript>(setting);
            }};
}

}  // namespace embedscope
