#pragma once

#include "engine/checkpoint.h"
#include "engine/data_set.h"
#include "engine/encoder_weights.h"
#include "engine/encoders/encoder.h"
#include "engine/experiment.h"
#include "engine/losses/loss.h"
#include "engine/marks.h"
#include "engine/mined_tuples.h"
#include "engine/miners/miner.h"
#include "engine/training/batch_sampler.h"
#include "engine/training/image_batch.h"
#include "engine/training/mark_term.h"
#include "engine/training/mined_sample.h"
#include "engine/training/optimizer.h"
#include "engine/training/partner_memory.h"
#include "engine/training/pseudo_labels.h"
#include "engine/training/seat.h"
#include "engine/training/view_term.h"
#include "engine/training/weight_average.h"

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What one training step found. Views are valid until the next step.
struct StepResult {
    double loss = 0;
    double activeFraction = 0;
    double gradientNorm = 0;                ///< Before it is clipped.
    double updateRatio = 0;                 ///< See WeightUpdate, of the encoder; NaN: not measured at this step.
    bool hasPairs = true;                   ///< The labelled batch holds similar and dissimilar samples.
    std::int64_t images = 0;                ///< That passed through the encoder; each view is one.
    std::span<const float> rows;            ///< [images, dimension] as the step computed them, views too.
    std::span<const std::int32_t> samples;  ///< [B] the batch; none if what was embedded were changed pictures.
    std::span<const float> embeddings;      ///< [B, dimension] as the step computed them; none in a step on views.
};

/// Something is no longer a finite number; says what, and the cure.
class Diverged : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Encoder, loss, miner, sampler and optimiser of one run, and the step that joins them. One thread.
class Trainer {
public:
    /// @param data With the labels that training may see; it reads no others.
    /// @param seat Where batches may come from; null: it makes them all. Outlives the trainer.
    /// @throws std::exception with one sentence if a setting cannot work.
    Trainer(const Experiment& experiment, std::shared_ptr<const DataSet> data, torch::Device device,
            Seat* seat = nullptr);

    /// Steps on views count: they go through all images, labelled or not.
    /// Marks change the number of images, but not this.
    std::int64_t stepsPerEpoch() const { return stepsPerEpoch_; }
    std::int64_t batchSize() const { return views_ ? views_->batchSize() : sampler_->batchSize(); }

    /// Before the first embedding: the running statistics that training images give the untrained encoder. One that
    /// starts trained keeps its own.
    /// @throws StopRequested
    void calibrate(const std::stop_token& stop);

    /// @throws StopRequested; Diverged before any weight is spoilt.
    StepResult step(const std::stop_token& stop);

    /// Called with some samples and their embeddings [samples, dimension], evaluated with the weights as they are.
    using Sink = std::function<void(std::span<const std::int32_t>, std::span<const float>)>;
    /// Block by block. Changes nothing in the trainer. @throws StopRequested
    void embed(std::span<const std::int32_t> samples, const std::stop_token& stop, const Sink& sink) const;

    /// What the schedule multiplies.
    void setLearningRate(double learningRate) { learningRate_ = learningRate; }
    /// Of the last step, or of the first one before it: what the schedule made of it.
    double effectiveLearningRate() const;
    /// A copy of what embed() embeds with.
    EncoderWeights weights() const;
    void setLossParameter(std::string_view id, double value) { loss_->setParameter(id, value); }
    void setMiner(const Choice& miner);
    /// Before every step; see BatchSampler. @throws StopRequested
    void follow(const EmbeddingBank& bank, std::int64_t step, const std::stop_token& stop) {
        if (sampler_) sampler_->follow(bank, step, stop);
    }
    std::optional<MiningReport> mining() const { return sampler_ ? sampler_->mining() : std::nullopt; }
    /// What the sampler cannot draw, or empty.
    std::string remark() const { return sampler_ ? sampler_->remark() : std::string(); }
    void setViewLossParameter(std::string_view id, double value) { views_->setParameter(id, value); }
    void setViewLossWeight(double weight) { viewLossWeight_ = weight; }
    /// Until the next call these samples count as labelled, besides those that are.
    void learnFrom(const PseudoLabels& guesses, int epoch);
    void setAugmentation(const Choice& augmentation);
    /// Replaces the loss and the added ones by those of `experiment`. @throws std::invalid_argument if the data do not
    /// allow it; then nothing has changed.
    void setLoss(const Experiment& experiment);

    /// Batches, miner, loss and optimiser begin as in a new run with these settings, and guessed labels are unknown
    /// again, so that nothing of what was left stays where load(), which comes next, finds no part to keep.
    void startOver(const Experiment& settings);

    /// Replaces what is marked by hand; training goes on with it. See trainer_marks.cpp.
    /// @throws std::exception with one sentence if these marks leave nothing to train on; then nothing has changed.
    void setMarks(Marks marks);
    const Marks& marks() const { return marks_; }

    /// The next step keeps what its miner chooses, for takeMined().
    void keepTuples() { tuplesWanted_ = true; }
    /// Of the last step that kept it. @param counts See sampleOf().
    MinedTuples takeMined(MinedCounts& counts);
    /// What the loss says of these triplets of the bank; without those whose samples it does not hold.
    std::vector<MinedTuple> judged(const std::vector<MinedTuple>& triplets, const EmbeddingBank& bank) const;
    /// All that decides the steps to come, but for the settings.
    void save(const StateWriter& state) const;
    /// The parts that are kept; the others stay as they were made.
    /// @throws std::runtime_error with one sentence if the state is of another run.
    void load(const StateReader& state, KeptParts kept);

    /// Images that pass through the encoder in a step: all labelled ones, and two views of each other one.
    std::int64_t imagesPerStep() const {
        return (sampler_ ? sampler_->batchSize() : 0) + (views_ ? 2 * views_->batchSize() : 0);
    }

    std::optional<Proxies> proxies() const { return loss_ ? loss_->proxies() : std::nullopt; }
    std::optional<MarginMark> marginMark(double similarMeanSquare) const {
        return loss_ ? loss_->marginMark(similarMeanSquare) : std::nullopt;
    }

private:
    Loss* lossOfTuples() const;
    void drawFrom(std::shared_ptr<const DataSet> labelled);
    std::unique_ptr<BatchSampler> newSampler(const DataSet& data, std::uint64_t seed) const;
    std::unique_ptr<Loss> newLoss(const Experiment& experiment) const;
    torch::Tensor images(std::span<const std::int32_t> samples) const;
    torch::Tensor onDevice(const torch::Tensor& made) const;
    torch::Tensor similarity() const;
    torch::Tensor views(std::span<const std::int32_t> samples, int count) const;
    torch::Tensor shared(std::span<const std::int32_t> samples, const Choice& augmentation, const Views& views,
                         const std::function<torch::Tensor()>& make) const;
    torch::Tensor labels(std::span<const std::int32_t> samples) const;
    std::int64_t labelledRows() const { return static_cast<std::int64_t>(batch_.size()); }
    std::vector<torch::Tensor> nextImages();
    torch::Tensor embed(const std::vector<torch::Tensor>& images, const std::stop_token& stop);
    /// What a step embeds: the rows of its images, and of what is marked besides.
    struct Embedded {
        torch::Tensor rows, marked;
    };
    Embedded embedWith(const MarkedPairs& marked, const std::vector<torch::Tensor>& images,
                       const std::stop_token& stop);
    LossValue evaluate(const std::vector<torch::Tensor>& images, const torch::Tensor& embeddings,
                       const std::stop_token& stop);
    LossValue evaluateLabelled(const torch::Tensor& embeddings);
    bool hasPairs() const;
    double moveWeights();
    Encoder& evaluated() const { return average_ ? average_->encoder() : *encoder_; }
    void keepEmbeddings(const torch::Tensor& embeddings);
    void update(StepResult& result);
    PseudoLabels loadedGuesses(const StateReader& state) const;
    [[noreturn]] void failDiverged(std::string_view what) const;

    std::shared_ptr<const DataSet> given_;
    std::shared_ptr<const DataSet> labelled_;  ///< As given, and with the marks.
    std::shared_ptr<const DataSet> data_;      ///< With guessed labels.
    PseudoLabels guesses_;                     ///< Those labels.
    int guessedAtEpoch_ = -1;                  ///< -1: never.
    torch::Device device_;
    std::uint64_t seed_;
    Choice encoderChoice_;
    Choice schedule_;
    int epochs_;
    double learningRate_;
    double gradientClip_;
    at::ScalarType type_;                ///< That the encoder computes in.
    std::vector<std::int64_t> classOf_;  ///< Label -> class of the training part, counted without gaps, or -1.
    PixelScale scale_;
    Choice augmentation_;  ///< With all its parameters.
    Augmenter augmenter_;
    Seat* seat_;
    std::uint64_t steps_ = 0;  ///< Begun.
    Choice samplerChoice_;
    std::filesystem::path pairsFile_;
    double viewLossWeight_;
    std::unique_ptr<BatchSampler> sampler_;  ///< Of labelled batches; null without labels, as loss_ is.
    std::unique_ptr<Encoder> encoder_;
    bool startsTrained_;                      ///< Its running statistics are those of training already.
    std::unique_ptr<WeightAverage> average_;  ///< Null: the encoder itself is evaluated.
    std::unique_ptr<Loss> loss_;
    std::unique_ptr<ViewTerm> views_;  ///< Null if only labels count.
    std::unique_ptr<Miner> miner_;
    std::unique_ptr<PartnerMemory> memory_;
    std::vector<WeightGroup> groups_;
    std::unique_ptr<Optimizer> optimizer_;
    std::int64_t stepsPerEpoch_ = 1;
    bool normalized_;
    Marks marks_;
    MarkTerm markTerm_;
    std::string lossId_;
    bool tuplesWanted_ = false;
    std::optional<MinedStep> mined_;  ///< Until it is taken.
    std::vector<std::int32_t> batch_;
    std::vector<float> batchEmbeddings_;
};

}  // namespace embedscope
