// Both views of all images pass through encoder and head together, as SimCLR has it, so BatchNorm sees them as one
// batch: T. Chen et al., ICML 2020 (2002.05709).
#include "engine/training/view_term.h"

#include "engine/encoders/tensor_state.h"
#include "engine/losses/two_view_table.h"
#include "engine/training/random.h"

#include <algorithm>

namespace embedscope {
namespace {

std::unique_ptr<BatchSampler> samplerOf(const Choice& choice, const DataSet& data, std::uint64_t seed) {
    // Apart from the labelled batches, which have a sampler of their own.
    return makeSampler(choice, data, seedOf(seedOf(seed, RandomStream::Batches), RandomStream::ViewLoss));
}

std::unique_ptr<Head> headOf(const Experiment& experiment, torch::Device device) {
    return makeHead(experiment.head, experiment.embeddingDimension, seedOf(experiment.seed, RandomStream::Head),
                    device);
}

}  // namespace

Choice viewSampler(const Experiment& experiment) {
    Choice sampler{"shuffle", {}};
    const auto& parameters = experiment.sampler.parameters;
    if (const auto size = parameters.find("batch_size"); size != parameters.end()) sampler.parameters.insert(*size);
    return sampler;
}

ViewTerm::ViewTerm(const Experiment& experiment, const DataSet& data, const Encoder& encoder, const EncoderMaker& maker,
                   torch::Device device)
    : samplerChoice_(viewSampler(experiment)),
      sampler_(samplerOf(samplerChoice_, data, experiment.seed)),
      head_(headOf(experiment, device)),
      loss_(makeViewLoss(experiment.viewLoss, {.dimension = head_->outputDimension(),
                                               .classes = 0,
                                               .seed = seedOf(experiment.seed, RandomStream::ViewLoss),
                                               .device = device})),
      followed_(dynamic_cast<FollowedLoss*>(loss_.get())),
      lastStep_(std::max<std::int64_t>(1, experiment.epochs * sampler_->stepsPerEpoch())) {
    if (followed_) follower_ = std::make_unique<Follower>(maker(), headOf(experiment, device), encoder, *head_);
}

WeightGroup ViewTerm::group() const {
    WeightGroup group{head_->weights(), false};
    const std::vector<torch::Tensor> ofLoss = loss_->weights();
    group.weights.insert(group.weights.end(), ofLoss.begin(), ofLoss.end());
    return group;
}

void ViewTerm::drawFrom(const DataSet& data, std::uint64_t seed) {
    sampler_ = samplerOf(samplerChoice_, data, seed);
}

std::span<const std::int32_t> ViewTerm::next() {
    sampler_->next(batch_);
    return batch_;
}

LossValue ViewTerm::evaluate(const torch::Tensor& views, const torch::Tensor& embeddings, const std::stop_token& stop) {
    const torch::Tensor rows = head_->apply(embeddings);
    if (followed_) return followed_->evaluateAgainst(rows, follower_->rows(views, stop));
    return loss_->evaluate(rows, {}, {});
}

void ViewTerm::follow(const Encoder& encoder) {
    const double progress = static_cast<double>(step_) / static_cast<double>(lastStep_);
    if (followed_) follower_->follow(encoder, *head_, followed_->momentum(progress));
    ++step_;
}

void ViewTerm::save(const StateWriter& state) const {
    state.number("step", step_);
    sampler_->save(state.part("sampler"));
    embedscope::save(state, "weights", group().weights);
    if (!followed_) return;
    follower_->save(state.part("follower"));
    embedscope::save(state, "memory", followed_->memory());
}

void ViewTerm::load(const StateReader& state) {
    step_ = state.number<std::int64_t>("step");
    sampler_->load(state.part("sampler"));
    embedscope::load(state, "weights", group().weights);
    if (!followed_) return;
    follower_->load(state.part("follower"));
    embedscope::load(state, "memory", followed_->memory());
}

}  // namespace embedscope
