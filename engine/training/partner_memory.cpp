// Queue: X. Wang, H. Zhang, W. Huang, M. R. Scott: Cross-Batch Memory for Embedding Learning. CVPR 2020 (1912.06798).
// Momentum queue: K. He et al.: Momentum Contrast for Unsupervised Visual Representation Learning. CVPR 2020
// (1911.05722); here with labels, so that the queue holds positives too.
#include "engine/training/partner_memory.h"

#include "engine/choice_table.h"
#include "engine/encoders/tensor_state.h"
#include "engine/losses/anchored.h"

#include <algorithm>
#include <utility>

namespace embedscope {

Tuples mineFor(const Partners& partners, Miner& miner) {
    Tuples tuples = miner.mine(partners.embeddings.detach(), partners.labels);
    if (!partners.fromMemory()) return tuples;
    return anchoredOn(partners.anchors, partners.labels, std::move(tuples));
}

namespace {

class NoMemory : public PartnerMemory {
public:
    Partners join(const torch::Tensor& embeddings, const torch::Tensor& labels) const override {
        return {embeddings, labels, embeddings.size(0)};
    }
    void remember(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&, const std::stop_token&) override {}
    void save(const StateWriter&) const override {}
    void load(const StateReader&) override {}
};

torch::Device deviceOf(const MemorySetting& setting) {
    return setting.encoder.weights().front().tensor.device();
}

/// The last rows with their labels, oldest first.
class Queue : public PartnerMemory {
public:
    Queue(std::int64_t size, std::int64_t start, const torch::Device& device)
        : size_(size), start_(start), device_(device) {}

    Partners join(const torch::Tensor& embeddings, const torch::Tensor& labels) const override {
        if (!rows_.defined()) return {embeddings, labels, embeddings.size(0)};
        return {torch::cat({embeddings, rows_}), torch::cat({labels, labels_}), embeddings.size(0)};
    }

    void remember(const torch::Tensor& images, const torch::Tensor& embeddings, const torch::Tensor& labels,
                  const std::stop_token& stop) override {
        const torch::NoGradGuard noGradient;
        follow();
        if (step_++ < start_) return;
        const torch::Tensor labelled = (labels >= 0).nonzero().squeeze(1);
        append(rows_, kept(images, embeddings.detach(), stop).index_select(0, labelled));
        append(labels_, labels.index_select(0, labelled));
    }

    void save(const StateWriter& state) const override {
        state.number("step", step_);
        if (!rows_.defined()) return;
        embedscope::save(state, "rows", rows_);
        embedscope::save(state, "labels", labels_);
    }

    void load(const StateReader& state) override {
        step_ = state.number<std::int64_t>("step");
        rows_ = labels_ = torch::Tensor();  // a run that goes back has some already
        if (!state.has("rows")) return;
        const torch::Tensor rows = loaded(state, "rows"), labels = loaded(state, "labels");
        if (rows.dim() != 2 || rows.size(0) > size_ || rows.scalar_type() != torch::kFloat)
            state.fail("rows", "has another shape than here");
        if (labels.dim() != 1 || labels.size(0) != rows.size(0) || labels.scalar_type() != torch::kLong)
            state.fail("labels", "has another shape than here");
        rows_ = rows.to(device_);
        labels_ = labels.to(device_);
    }

protected:
    /// Every step.
    virtual void follow() {}
    /// The rows to remember of a batch.
    virtual torch::Tensor kept(const torch::Tensor&, const torch::Tensor& embeddings, const std::stop_token&) {
        return embeddings;
    }

private:
    void append(torch::Tensor& queue, const torch::Tensor& newest) const {
        const torch::Tensor all = queue.defined() ? torch::cat({queue, newest}) : newest;
        queue = all.slice(0, std::max<std::int64_t>(0, all.size(0) - size_)).clone();
    }

    std::int64_t size_, start_, step_ = 0;
    torch::Device device_;
    torch::Tensor rows_, labels_;
};

void copyAll(const std::vector<NamedTensor>& from, const std::vector<NamedTensor>& to) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i].tensor.copy_(from[i].tensor);
}

/// A second encoder follows the trained one slowly, so that the rows of the queue agree with each other though they are
/// of many steps.
class MomentumQueue : public Queue {
public:
    MomentumQueue(std::int64_t size, std::int64_t start, double momentum, const MemorySetting& setting)
        : Queue(size, start, deviceOf(setting)),
          momentum_(momentum),
          encoder_(setting.encoder),
          follower_(setting.another()) {
        const torch::NoGradGuard noGradient;
        copyAll(encoder_.weights(), follower_->weights());
        copyAll(encoder_.statistics(), follower_->statistics());
    }

    void save(const StateWriter& state) const override {
        Queue::save(state);
        embedscope::save(state.part("follower"), *follower_);
    }
    void load(const StateReader& state) override {
        Queue::load(state);
        embedscope::load(state.part("follower"), *follower_);
    }

protected:
    void follow() override {
        for (std::size_t i = 0; i < encoder_.weights().size(); ++i)
            follower_->weights()[i].tensor.lerp_(encoder_.weights()[i].tensor, 1 - momentum_);
    }
    torch::Tensor kept(const torch::Tensor& images, const torch::Tensor&, const std::stop_token& stop) override {
        return follower_->embed(images, {Pass::Mode::Train, stop});
    }

private:
    double momentum_;
    const Encoder& encoder_;
    std::unique_ptr<Encoder> follower_;
};

Parameter parameter(std::string id, std::string label, double minimum, double maximum, double step, double standard,
                    std::string help) {
    return numberParameter(std::move(id), std::move(label), "", {minimum, maximum, step, standard}, std::move(help));
}

struct MemoryRow {
    CatalogEntry entry;
    std::unique_ptr<PartnerMemory> (*make)(const ParameterValues&, const MemorySetting&);
};

std::int64_t whole(const ParameterValues& values, std::string_view id) {
    return static_cast<std::int64_t>(values.find(id)->second);
}

MemoryRow noneRow() {
    CatalogEntry entry;
    entry.id = "none";
    entry.label = "None";
    entry.group = "Memory";
    entry.help = "Pairs and triplets come from the batch alone.";
    return {std::move(entry), [](const ParameterValues&, const MemorySetting&) -> std::unique_ptr<PartnerMemory> {
                return std::make_unique<NoMemory>();
            }};
}

// The losses see the batch and its memory as one square matrix of distances: 4,096 rows are 64 MiB for each matrix, and
// seconds for a step; 1,024 rows beside a batch of 128 cost 0.1 to 0.2 s of one core.
Parameter sizeParameter() {
    return parameter("size", "Embeddings kept", 16, 4096, 128, 512,
                     "The newest so many embeddings stay as partners. More brings rarer classes and harder negatives "
                     "together, but older points, and a step's time grows with the square of batch and memory.");
}

Parameter startParameter(double standard) {
    return parameter("start", "Start after", 0, 1'000'000, 100, standard,
                     "Steps before anything is kept. While points still move fast, old embeddings mislead: start later "
                     "if the picture churns at the beginning.");
}

MemoryRow queueRow() {
    CatalogEntry entry;
    entry.id = "queue";
    entry.label = "Queue of past batches";
    entry.group = "Memory";
    entry.help =
        "Each image is compared with the embeddings of the last batches too, so a small batch finds hard negatives "
        "among many classes. The remembered points do not move; the batch does.";
    entry.formula = "partners = batch and the last `size` embeddings; anchors = batch";
    entry.source = "Wang et al. (cross-batch memory, XBM), CVPR 2020";
    entry.parameters = {sizeParameter(), startParameter(100)};
    return {std::move(entry),
            [](const ParameterValues& values, const MemorySetting& setting) -> std::unique_ptr<PartnerMemory> {
                return std::make_unique<Queue>(whole(values, "size"), whole(values, "start"), deviceOf(setting));
            }};
}

MemoryRow momentumQueueRow() {
    CatalogEntry entry;
    entry.id = "momentum_queue";
    entry.label = "Queue of a momentum encoder";
    entry.group = "Memory";
    entry.help =
        "As the queue, but what is remembered was embedded by a slow copy of the encoder: remembered points agree with "
        "each other, and the picture is calmer. A step takes about a third longer.";
    entry.formula = "copy <- m copy + (1 - m) encoder, then copy(batch) joins the queue";
    entry.source = "He et al. (MoCo), CVPR 2020";
    entry.parameters = {sizeParameter(), startParameter(0),
                        parameter("momentum", "Momentum m", 0, 0.9999, 0.001, 0.99,
                                  "How slowly the copy follows. Higher: remembered points are steadier and further "
                                  "behind; 0: the copy is the encoder.")};
    return {std::move(entry),
            [](const ParameterValues& values, const MemorySetting& setting) -> std::unique_ptr<PartnerMemory> {
                return std::make_unique<MomentumQueue>(whole(values, "size"), whole(values, "start"),
                                                       values.at("momentum"), setting);
            }};
}

const std::vector<MemoryRow>& rows() {
    static const std::vector<MemoryRow> kRows = {noneRow(), queueRow(), momentumQueueRow()};
    return kRows;
}

}  // namespace

const Catalog& memoryCatalog() {
    static const Catalog kCatalog = catalogOf(rows());
    return kCatalog;
}

std::unique_ptr<PartnerMemory> makeMemory(const Choice& choice, const MemorySetting& setting) {
    const MemoryRow& row = rowOf(rows(), choice, "memory");
    return row.make(completed(row.entry, choice.parameters), setting);
}

}  // namespace embedscope
