// A weighted sum of losses on the same batch and the same tuples.
#include "engine/losses/loss.h"

#include <utility>

namespace embedscope {
namespace {

struct Part {
    std::unique_ptr<Loss> loss;
    double weight = 1;
};

class SumLoss : public Loss {
public:
    SumLoss(std::unique_ptr<Loss> first, std::vector<Part> added)
        : first_(std::move(first)), added_(std::move(added)) {}

    /// The active fraction is the first loss's: a mean over losses that count different things would mean nothing.
    LossValue evaluate(const torch::Tensor& embeddings, const torch::Tensor& labels, const Tuples& tuples) override {
        LossValue value = first_->evaluate(embeddings, labels, tuples);
        for (const Part& part : added_) {
            if (part.weight == 0) continue;  // 0 times an infinite gradient would not be 0
            value.loss = value.loss + part.weight * part.loss->evaluate(embeddings, labels, tuples).loss;
        }
        return value;
    }

    std::vector<torch::Tensor> weights() override {
        std::vector<torch::Tensor> all = first_->weights();
        for (const Part& part : added_)
            for (const torch::Tensor& weight : part.loss->weights()) all.push_back(weight);
        return all;
    }

    std::optional<Proxies> proxies() const override {
        if (auto found = first_->proxies()) return found;
        for (const Part& part : added_)
            if (auto found = part.loss->proxies()) return found;
        return std::nullopt;
    }

    void setParameter(std::string_view id, double value) override { first_->setParameter(id, value); }

    std::optional<MarginMark> marginMark(double similarMeanSquare) const override {
        return first_->marginMark(similarMeanSquare);
    }

private:
    std::unique_ptr<Loss> first_;
    std::vector<Part> added_;
};

}  // namespace

std::unique_ptr<Loss> makeLoss(const Choice& choice, const std::vector<AddedLoss>& added, const LossSetting& setting) {
    std::unique_ptr<Loss> first = makeLoss(choice, setting);
    if (added.empty()) return first;
    std::vector<Part> parts;
    LossSetting next = setting;
    for (const AddedLoss& each : added) {
        ++next.seed;  // proxies of their own, not copies of another loss's
        parts.push_back({makeLoss(each.loss, next), each.weight});
    }
    return std::make_unique<SumLoss>(std::move(first), std::move(parts));
}

}  // namespace embedscope
