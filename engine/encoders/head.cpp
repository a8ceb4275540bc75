// T. Chen et al.: A Simple Framework for Contrastive Learning of Visual Representations. ICML 2020 (2002.05709), 4.2:
// the layer before the head is the better embedding.
#include "engine/encoders/head.h"

#include "engine/choice_table.h"
#include "engine/encoders/mlp.h"

namespace embedscope {
namespace {

class NoHead : public Head {
public:
    explicit NoHead(int dimension) : dimension_(dimension) {}
    torch::Tensor apply(const torch::Tensor& embeddings) const override { return embeddings; }
    int outputDimension() const override { return dimension_; }

private:
    int dimension_;
};

class MlpHead : public Head {
public:
    MlpHead(const MlpShape& shape, std::uint64_t seed, torch::Device device)
        : mlp_(shape, seed, device), outputDimension_(shape.out) {}
    torch::Tensor apply(const torch::Tensor& embeddings) const override { return mlp_.apply(embeddings); }
    int outputDimension() const override { return outputDimension_; }
    std::vector<torch::Tensor> weights() const override { return mlp_.weights(); }

private:
    Mlp mlp_;
    int outputDimension_;
};

Parameter number(std::string id, std::string label, std::string help, double minimum, double maximum, double step,
                 double standard) {
    return numberParameter(std::move(id), std::move(label), "", {minimum, maximum, step, standard}, std::move(help));
}

CatalogEntry noneEntry() {
    CatalogEntry entry;
    entry.id = "none";
    entry.label = "None";
    entry.help =
        "The loss works on the embeddings themselves: the picture shows exactly what it is after, and the embeddings "
        "forget what the views change, such as colour.";
    return entry;
}

CatalogEntry mlpEntry() {
    CatalogEntry entry;
    entry.id = "mlp";
    entry.label = "Projection head (MLP)";
    entry.help =
        "A small network between the embedding and the loss on views, thrown away after training. It takes on itself "
        "what the views change, so the embeddings keep more of the image and classes part better.";
    entry.formula = "z = W₂ relu(BN(W₁ x)); measures and the picture use x";
    entry.source = "Chen et al., A Simple Framework for Contrastive Learning of Visual Representations, ICML 2020";
    // The field's heads for CIFAR-10 with a ResNet-18 are 512-512-128 to 2048-2048-2048.
    entry.parameters = {
        number("hidden", "Hidden numbers", "Wider heads take more of the views' changes upon themselves.", 8, 4096, 64,
               256),
        number("output", "Output numbers",
               "Numbers that the loss sees. VICReg and Barlow Twins want many, the others do well with 128.", 2, 4096,
               32, 128),
        number("layers", "Layers", "One is a plain matrix; two is SimCLR's and BYOL's head, three SimSiam's.", 1, 4, 1,
               2),
        number("batch_norm", "BatchNorm",
               "Keeps every number of the head varying over the batch. SimSiam wants it on the output too, or the "
               "points may all come to lie in one place.",
               0, 2, 1, 1)};
    entry.parameters.back().options = {"none", "hidden layers", "hidden layers and output"};
    return entry;
}

}  // namespace

const Catalog& headCatalog() {
    static const Catalog kCatalog = {noneEntry(), mlpEntry()};
    return kCatalog;
}

std::unique_ptr<Head> makeHead(const Choice& choice, int dimension, std::uint64_t seed, torch::Device device) {
    const CatalogEntry& entry = entryOf(headCatalog(), choice.id, "head");
    for (const auto& [id, value] : choice.parameters) parameterOf(entry, id);
    if (entry.id == "none") return std::make_unique<NoHead>(dimension);
    const auto whole = [&](std::string_view id) { return static_cast<int>(valueOf(entry, choice.parameters, id)); };
    const MlpShape shape{.in = dimension,
                         .hidden = whole("hidden"),
                         .out = whole("output"),
                         .layers = whole("layers"),
                         .hiddenNorm = whole("batch_norm") >= 1,
                         .outputNorm = whole("batch_norm") == 2};
    return std::make_unique<MlpHead>(shape, seed, device);
}

}  // namespace embedscope
