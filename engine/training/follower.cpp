// J.-B. Grill et al.: Bootstrap Your Own Latent. NeurIPS 2020 (2006.07733).
#include "engine/training/follower.h"

#include "engine/encoders/tensor_state.h"

#include <utility>

namespace embedscope {
namespace {

void average(const torch::Tensor& follower, const torch::Tensor& trained, double kept) {
    torch::Tensor(follower).mul_(kept).add_(trained, 1 - kept);
}

}  // namespace

Follower::Follower(std::unique_ptr<Encoder> encoder, std::unique_ptr<Head> head, const Encoder& trained,
                   const Head& trainedHead)
    : encoder_(std::move(encoder)), head_(std::move(head)) {
    follow(trained, trainedHead, 0);
}

torch::Tensor Follower::rows(const torch::Tensor& views, const std::stop_token& stop) const {
    const at::NoGradGuard noGradient;
    return head_->apply(encoder_->embed(views, {Pass::Mode::Train, stop}));
}

void Follower::follow(const Encoder& trained, const Head& trainedHead, double kept) {
    const at::NoGradGuard noGradient;
    const auto& weights = encoder_->weights();
    for (std::size_t i = 0; i < weights.size(); ++i) average(weights[i].tensor, trained.weights()[i].tensor, kept);
    const auto ofHead = head_->weights(), trainedOfHead = trainedHead.weights();
    for (std::size_t i = 0; i < ofHead.size(); ++i) average(ofHead[i], trainedOfHead[i], kept);
}

void Follower::save(const StateWriter& state) const {
    embedscope::save(state.part("encoder"), *encoder_);
    embedscope::save(state, "head", head_->weights());
}

void Follower::load(const StateReader& state) {
    embedscope::load(state.part("encoder"), *encoder_);
    embedscope::load(state, "head", head_->weights());
}

}  // namespace embedscope
