// Plain stages of two 3x3 convolutions, after Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale
// Image Recognition, ICLR 2015; with BatchNorm and a mean in place of their three wide linear layers.

#include "engine/encoders/encoder_table.h"
#include "engine/encoders/norm_pool.h"

#include <string>
#include <vector>

namespace embedscope {
namespace {

constexpr int kStages = 4;

class DeepCnn : public Encoder {
public:
    DeepCnn(int width, const EncoderSetting& setting)
        : build_(setting.seed, setting.device), normalize_(setting.normalize) {
        int in = setting.channels;
        for (int i = 0; i < kStages; ++i) {
            const std::string name = "stage" + std::to_string(i + 1);
            const int out = width << i;
            for (const char* number : {"1", "2"}) {
                layers_.push_back({build_.convolution(name + ".conv" + number, in, out, 3),
                                   build_.batchNorm(name + ".norm" + number, out)});
                in = out;
            }
        }
        head_ = build_.linear("head", in, setting.dimension);
    }

    torch::Tensor embed(const torch::Tensor& images, const Pass& pass) override {
        torch::Tensor x = images;
        for (std::size_t i = 0; i < layers_.size(); ++i) {
            const auto& [convolution, norm] = layers_[i];
            const bool endsStage = i % 2 == 1 && i + 1 < layers_.size();
            x = endsStage ? applyPooled(convolution, norm, x, pass) : apply(convolution, norm, x, pass).relu_();
        }
        x = apply(head_, averagePool(x));
        return normalize_ ? unitRows(x) : x;
    }

    const std::vector<NamedTensor>& weights() const override { return build_.weights(); }
    const std::vector<NamedTensor>& statistics() const override { return build_.statistics(); }

private:
    struct Layer {
        Convolution convolution;
        BatchNorm norm;
    };
    LayerBuilder build_;
    bool normalize_;
    std::vector<Layer> layers_;
    Linear head_;
};

}  // namespace

EncoderRow deepCnnRow() {
    CatalogEntry entry;
    entry.id = "deep_cnn";
    entry.label = "Deeper CNN";
    entry.group = "Small images";
    entry.help =
        "Eight convolutions in four stages and a linear head: between the small CNN and ResNet-18 in what it separates "
        "and in the time it takes. A good choice for images of 32 to 128 pixels on a CPU.";
    entry.formula = "4 x (2 x (conv 3x3, BatchNorm, ReLU), max-pool 2) - mean - linear";
    entry.source =
        "after Simonyan, Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, ICLR 2015";
    entry.parameters = {{.id = "width",
                         .label = "First stage's channels",
                         .unit = "",
                         .help = "The stages have this many, twice, four and eight times as many channels. More "
                                 "separates finer classes and takes longer: twice the width, about three times the "
                                 "time.",
                         .minimum = 8,
                         .maximum = 128,
                         .step = 8,
                         .standard = 32,
                         .changesLive = false,
                         .options = {}}};
    return {entry,
            [](const CatalogEntry& row, const ParameterValues& values,
               const EncoderSetting& setting) -> std::unique_ptr<Encoder> {
                return std::make_unique<DeepCnn>(static_cast<int>(valueOf(row, values, "width")), setting);
            }};
}

}  // namespace embedscope
