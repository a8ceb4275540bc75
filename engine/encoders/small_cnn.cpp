#include "engine/encoders/encoder_table.h"
#include "engine/encoders/norm_pool.h"

#include <string>
#include <vector>

namespace embedscope {
namespace {

constexpr int kBlocks = 3;

/// Three blocks of convolution 3x3, BatchNorm, ReLU and 2x2 maximum, each twice as wide as the one before.
class SmallCnn : public Encoder {
public:
    SmallCnn(int width, const EncoderSetting& setting)
        : build_(setting.seed, setting.device), normalize_(setting.normalize) {
        int in = setting.channels;
        for (int i = 0; i < kBlocks; ++i) {
            const std::string name = "block" + std::to_string(i + 1);
            const int out = width << i;
            blocks_.push_back({build_.convolution(name + ".conv", in, out, 3), build_.batchNorm(name + ".norm", out)});
            in = out;
        }
        head_ = build_.linear("head", in, setting.dimension);
    }

    torch::Tensor embed(const torch::Tensor& images, const Pass& pass) override {
        torch::Tensor x = images;
        for (const Block& block : blocks_) x = applyPooled(block.convolution, block.norm, x, pass);
        x = apply(head_, averagePool(x));
        return normalize_ ? unitRows(x) : x;
    }

    const std::vector<NamedTensor>& weights() const override { return build_.weights(); }
    const std::vector<NamedTensor>& statistics() const override { return build_.statistics(); }

private:
    struct Block {
        Convolution convolution;
        BatchNorm norm;
    };
    LayerBuilder build_;
    bool normalize_;
    std::vector<Block> blocks_;
    Linear head_;
};

}  // namespace

EncoderRow smallCnnRow() {
    CatalogEntry entry;
    entry.id = "small_cnn";
    entry.label = "Small CNN";
    entry.group = "Small images";
    entry.help =
        "Three convolution blocks and a linear head. Fast: the picture moves at once on two cores. A good choice for "
        "images up to about 64 pixels.";
    entry.formula = "3 x (conv 3x3, BatchNorm, ReLU, max-pool 2) - mean - linear";
    entry.parameters = {{.id = "width",
                         .label = "First block's channels",
                         .unit = "",
                         .help = "The blocks have this many, twice and four times as many channels. More separates "
                                 "finer classes and takes longer: twice the width, about three times the time.",
                         .minimum = 8,
                         .maximum = 256,
                         .step = 8,
                         .standard = 32,
                         .changesLive = false,
                         .options = {}}};
    return {entry,
            [](const CatalogEntry& row, const ParameterValues& values,
               const EncoderSetting& setting) -> std::unique_ptr<Encoder> {
                return std::make_unique<SmallCnn>(static_cast<int>(valueOf(row, values, "width")), setting);
            }};
}

}  // namespace embedscope
