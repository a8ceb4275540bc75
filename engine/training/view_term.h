#pragma once

#include "engine/losses/followed_loss.h"
#include "engine/training/batch_sampler.h"
#include "engine/training/follower.h"
#include "engine/training/optimizer.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace embedscope {

using EncoderMaker = std::function<std::unique_ptr<Encoder>()>;

/// The part of a step that needs no labels: which images it takes, the head, the loss on their views, and the
/// second network if the loss has its targets from one.
class ViewTerm {
public:
    /// @param maker Makes encoders like the trained one. @throws std::exception with one sentence.
    ViewTerm(const Experiment& experiment, const DataSet& data, const Encoder& encoder, const EncoderMaker& maker,
             torch::Device device);

    std::int64_t stepsPerEpoch() const { return sampler_->stepsPerEpoch(); }
    std::int64_t batchSize() const { return sampler_->batchSize(); }
    /// Of head and predictor: they learn as the encoder does.
    WeightGroup group() const;

    /// From now on it takes its images from these. @throws std::runtime_error if they are too few; nothing has changed.
    void drawFrom(const DataSet& data, std::uint64_t seed);

    /// The images of the next step. Valid until the next call.
    std::span<const std::int32_t> next();
    /// @param views [2N, C, H, W] Both views of these images: i and i + N show one image.
    /// @param embeddings [2N, dimension] What the encoder made of them.
    LossValue evaluate(const torch::Tensor& views, const torch::Tensor& embeddings, const std::stop_token& stop);
    /// After the weights have moved.
    void follow(const Encoder& encoder);

    void save(const StateWriter& state) const;
    void load(const StateReader& state);

    void setParameter(std::string_view id, double value) { loss_->setParameter(id, value); }

private:
    Choice samplerChoice_;
    std::unique_ptr<BatchSampler> sampler_;
    std::unique_ptr<Head> head_;
    std::unique_ptr<Loss> loss_;
    FollowedLoss* followed_ = nullptr;    ///< loss_, if it is one.
    std::unique_ptr<Follower> follower_;  ///< Null without such a loss.
    std::vector<std::int32_t> batch_;
    std::int64_t step_ = 0;
    std::int64_t lastStep_ = 1;
};

/// Semi-supervised steps draw their views from all images, labelled or not, in batches as large as the labelled one.
Choice viewSampler(const Experiment& experiment);

}  // namespace embedscope
