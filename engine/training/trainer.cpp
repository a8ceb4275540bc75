#include "engine/training/trainer.h"

#include "engine/encoders/calibration.h"
#include "engine/learning.h"
#include "engine/trace.h"
#include "engine/training/encoder_start.h"
#include "engine/training/pair_tuples.h"
#include "engine/training/proxy_frame.h"
#include "engine/training/random.h"
#include "engine/training/schedule.h"
#include "engine/training/step_memory.h"
#include "engine/training/weight_update.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

int countOf(const std::vector<std::int64_t>& classOf) {
    return static_cast<int>(std::ranges::count_if(classOf, [](std::int64_t number) { return number >= 0; }));
}

/// How many images have about so many pixels; 256 at most.
std::size_t imagesOf(std::size_t pixels, const ImageShape& shape) {
    return std::clamp<std::size_t>(pixels / (static_cast<std::size_t>(shape.height) * shape.width), 1, 256);
}

/// Images evaluated at once: as many as a small network keeps in the processor's cache, of large ones a few, as far as
/// memory is no matter.
std::size_t evaluationBlock(const ImageShape& shape) {
    return std::max(imagesOf(1 << 16, shape), std::min<std::size_t>(4, imagesOf(1 << 18, shape)));
}

constexpr std::size_t kCalibrationBatches = 4;
constexpr std::size_t kCalibrationPixels = 1 << 18;  // of a batch: its statistics want many images
/// A copy of all weights at every step would be felt.
constexpr std::uint64_t kUpdateMeasuredEvery = 5;

Choice withAllParameters(const Choice& augmentation) {
    const CatalogEntry& entry = entryOf(augmentationCatalog(), augmentation.id, "augmentation");
    return {augmentation.id, completed(entry, augmentation.parameters)};
}

WeightGroup encoderGroup(const Encoder& encoder) {
    WeightGroup group;
    for (const NamedTensor& weight : encoder.weights()) group.weights.push_back(weight.tensor);
    return group;
}

}  // namespace

Trainer::Trainer(const Experiment& experiment, std::shared_ptr<const DataSet> data, torch::Device device, Seat* seat)
    : given_(std::move(data)),
      labelled_(given_),
      data_(labelled_),
      device_(device),
      seed_(experiment.seed),
      encoderChoice_(experiment.encoder),
      schedule_(experiment.schedule),
      epochs_(experiment.epochs),
      learningRate_(experiment.learningRate),
      gradientClip_(experiment.gradientClip),
      type_(experiment.precision == Precision::BFloat16 ? torch::kBFloat16 : torch::kFloat),
      classOf_(classNumbers(*data_)),
      scale_(pixelScale(*data_)),
      augmentation_(withAllParameters(experiment.augmentation)),
      augmenter_(experiment.augmentation, data_->shape),
      seat_(seat),
      samplerChoice_(experiment.sampler),
      pairsFile_(experiment.pairsFile),
      viewLossWeight_(usesLabels(experiment) ? experiment.viewLossWeight : 1),
      startsTrained_(startsTrained(experiment)),
      normalized_(experiment.normalizeEmbeddings) {
    const auto makeOurEncoder = [&] { return startEncoder(experiment, data_->shape, device); };
    encoder_ = makeOurEncoder();
    if (experiment.weightAverage > 0)
        average_ = std::make_unique<WeightAverage>(*encoder_, makeOurEncoder(), experiment.weightAverage);
    groups_.push_back(encoderGroup(*encoder_));
    if (usesLabels(experiment)) {
        sampler_ = newSampler(*data_, seed_);
        loss_ = newLoss(experiment);
        lossId_ = experiment.loss.id;
        groups_.push_back({loss_->weights(), true});
    }
    if (usesViews(experiment)) {
        views_ = std::make_unique<ViewTerm>(experiment, *data_, *encoder_, makeOurEncoder, device);
        groups_.push_back(views_->group());
    }
    stepsPerEpoch_ = views_ ? views_->stepsPerEpoch() : sampler_->stepsPerEpoch();
    // A network of the user's own may remember what it was shown.
    if (device.is_cpu() && experiment.encoder.id != "torchscript")
        refuseTooLargeStep(*encoder_, data_->shape, type_, imagesPerStep(), availableMemory());
    memory_ = makeMemory(experiment.memory, {*encoder_, makeOurEncoder});
    optimizer_ = makeOptimizer(experiment.optimizer, groups_);
    setMiner(experiment.miner);
}

std::unique_ptr<Loss> Trainer::newLoss(const Experiment& experiment) const {
    return makeLoss(experiment.loss, experiment.addedLosses,
                    {.dimension = experiment.embeddingDimension,
                     .classes = countOf(classOf_),
                     .seed = seedOf(seed_, RandomStream::Loss),
                     .device = device_});
}

/// What the optimiser remembers of the encoder's weights lasts, unless a loss has weights of its own to come or go.
void Trainer::setLoss(const Experiment& experiment) {
    if (!loss_)
        throw std::invalid_argument(
            "Self-supervised training uses no loss on labels; choose another loss on views in a new run.");
    std::unique_ptr<Loss> next = newLoss(experiment);
    const bool owned = !loss_->weights().empty() || !next->weights().empty();
    loss_ = std::move(next);
    lossId_ = experiment.loss.id;
    if (!owned) return;
    groups_.at(1).weights = loss_->weights();
    optimizer_ = makeOptimizer(experiment.optimizer, groups_);
}

void Trainer::setMiner(const Choice& miner) {
    miner_ = makeMiner(miner, seedOf(seed_, RandomStream::Miner));
}

void Trainer::setAugmentation(const Choice& augmentation) {
    augmentation_ = withAllParameters(augmentation);
    augmenter_ = Augmenter(augmentation, data_->shape);
}

void Trainer::calibrate(const std::stop_token& stop) {
    if (startsTrained_) return;
    std::vector<std::int32_t> training;
    for (std::size_t i = 0; i < data_->size(); ++i)
        if (data_->samples[i].split == Split::Train) training.push_back(static_cast<std::int32_t>(i));
    const std::size_t block = std::clamp<std::size_t>(imagesOf(kCalibrationPixels, data_->shape), 1, training.size());
    const std::size_t batches = std::clamp<std::size_t>(training.size() / block, 1, kCalibrationBatches);
    // Every so many images of the whole: they are sorted by class, and a batch should hold all classes.
    const std::size_t stride = training.size() / (block * batches);
    const auto images = [&](int batch) {
        std::vector<std::int32_t> samples(block);
        for (std::size_t i = 0; i < block; ++i) samples[i] = training[(i * batches + batch) * stride];
        return this->images(samples);
    };
    calibrateStatistics(*encoder_, static_cast<int>(batches), images, stop);
    if (average_) average_->restart(*encoder_);
}

StepResult Trainer::step(const std::stop_token& stop) {
    const std::vector<torch::Tensor> images = nextImages();
    const MarkedPairs marked = markTerm_.draw(steps_, static_cast<std::size_t>(images.front().size(0)));
    const auto [embeddings, ofMarked] = traced("forward", [&] { return embedWith(marked, images, stop); });
    ++steps_;
    keepEmbeddings(embeddings);
    const LossValue value = evaluate(images, embeddings, stop);
    // What marks add is trained, but not told as the loss of the run, which runs without them have as well.
    const torch::Tensor trained =
        marked.empty() ? value.loss : value.loss + markTerm_.evaluate(marked, ofMarked, embeddings);

    StepResult result;
    result.loss = value.loss.item<double>();
    result.activeFraction = value.activeFraction;
    result.images = embeddings.size(0) + static_cast<std::int64_t>(marked.samples.size());
    result.rows = batchEmbeddings_;
    result.hasPairs = hasPairs();
    if (!views_) result.embeddings = batchEmbeddings_;
    if (!views_ && augmenter_.changesNothing()) result.samples = batch_;
    if (!std::isfinite(result.loss)) failDiverged("The loss");

    clearGradients(groups_);
    traced("backward", [&] { trained.backward(); });
    traced("optimiser", [&] { update(result); });
    if (sampler_) memory_->remember(images.front(), embeddings.slice(0, 0, labelledRows()), similarity(), stop);
    if (views_) views_->follow(*encoder_);
    return result;
}

/// The weights go along the gradient.
void Trainer::update(StepResult& result) {
    result.gradientNorm = gradientNorm(groups_).item<double>();
    if (!std::isfinite(result.gradientNorm)) failDiverged("The gradient");
    clipGradients(groups_, result.gradientNorm, gradientClip_);
    result.updateRatio = moveWeights();
    if (average_) average_->follow(*encoder_);
}

/// Labelled images and views pass one after the other, each normalised by their own statistics, and only the labelled
/// ones, which look like those that are evaluated, enter the running statistics: C. Xie et al.: Adversarial Examples
/// Improve Image Recognition. CVPR 2020 (1911.09665), where two kinds of images share an encoder in the same way.
torch::Tensor Trainer::embed(const std::vector<torch::Tensor>& images, const std::stop_token& stop) {
    const Pass pass{Pass::Mode::Train, stop};
    if (images.size() == 1) return encoder_->embed(images.front(), pass);
    torch::Tensor ofViews;
    {
        const StatisticsKept kept(*encoder_);
        ofViews = encoder_->embed(images.back(), pass);
    }
    return torch::cat({encoder_->embed(images.front(), pass), ofViews});
}

/// @return How far, relative to the encoder's weights; NaN at most steps.
double Trainer::moveWeights() {
    std::optional<WeightUpdate> update;
    if (steps_ % kUpdateMeasuredEvery == 1) update.emplace(groups_.front());
    optimizer_->step(effectiveLearningRate());
    return update ? update->ratio() : std::numeric_limits<double>::quiet_NaN();
}

double Trainer::effectiveLearningRate() const {
    const std::int64_t step = steps_ > 0 ? static_cast<std::int64_t>(steps_) - 1 : 0;
    return learningRate_ * scheduleFactor(schedule_, {step, stepsPerEpoch(), epochs_});
}

EncoderWeights Trainer::weights() const {
    return weightsOf(evaluated(), encoderChoice_);
}

/// The labelled batch, if there is one, then both views of the images that are learned from without labels.
std::vector<torch::Tensor> Trainer::nextImages() {
    std::vector<torch::Tensor> images;
    if (sampler_) {
        traced("sample", [&] { sampler_->next(batch_); });
        images.push_back(views(batch_, 1));
    }
    if (views_) images.push_back(views(views_->next(), 2));
    return images;
}

/// One loss of both parts, so that one backward pass weighs them against each other.
LossValue Trainer::evaluate(const std::vector<torch::Tensor>& images, const torch::Tensor& embeddings,
                            const std::stop_token& stop) {
    if (!views_) return evaluateLabelled(embeddings);
    LossValue value = traced(
        "loss on views", [&] { return views_->evaluate(images.back(), embeddings.slice(0, labelledRows()), stop); });
    // 0 times an infinite loss is no number.
    value.loss = viewLossWeight_ == 0 ? embeddings.sum() * 0 : value.loss * viewLossWeight_;
    if (!sampler_) return value;
    const LossValue labelled = evaluateLabelled(embeddings.slice(0, 0, labelledRows()));
    return {labelled.loss + value.loss, labelled.activeFraction};
}

LossValue Trainer::evaluateLabelled(const torch::Tensor& embeddings) {
    const Partners partners = memory_->join(embeddings, similarity());
    const std::vector<GivenPair>* given = sampler_->pairs();
    const Tuples tuples =
        traced("miner", [&] { return given ? tuplesOf(*given, device_) : mineFor(partners, *miner_); });
    if (std::exchange(tuplesWanted_, false))
        mined_ = MinedStep{{partners.embeddings.detach(), partners.labels, partners.anchors}, batch_, tuples, steps_};
    return traced("loss", [&] { return loss_->evaluate(partners.embeddings, partners.labels, tuples); });
}

void Trainer::startOver(const Experiment& settings) {
    data_ = labelled_;
    guesses_ = {};
    guessedAtEpoch_ = -1;
    if (sampler_) sampler_ = newSampler(*data_, seed_);
    setMiner(settings.miner);
    if (loss_) {
        loss_ = newLoss(settings);
        groups_.at(1).weights = loss_->weights();
    }
    optimizer_ = makeOptimizer(settings.optimizer, groups_);
}

std::unique_ptr<BatchSampler> Trainer::newSampler(const DataSet& data, std::uint64_t seed) const {
    return makeSampler(samplerChoice_, data, seedOf(seed, RandomStream::Batches), pairsFile_);
}

void Trainer::learnFrom(const PseudoLabels& guesses, int epoch) {
    data_ = withGuesses(labelled_, guesses);
    guesses_ = guesses;
    guessedAtEpoch_ = epoch;
    const std::uint64_t ofEpoch = seed_ ^ (static_cast<std::uint64_t>(epoch) << 32);
    sampler_ = makeSampler(samplerChoice_, *data_, seedOf(ofEpoch, RandomStream::Batches));
}

/// A miner finds nothing among numbers that are not finite and the loss would be a peaceful 0: looked for here.
void Trainer::keepEmbeddings(const torch::Tensor& embeddings) {
    const torch::Tensor rows = embeddings.detach().cpu().contiguous();
    const float* values = rows.data_ptr<float>();
    batchEmbeddings_.assign(values, values + rows.numel());
    const bool finite = std::ranges::all_of(batchEmbeddings_, [](float value) { return std::isfinite(value); });
    if (!finite) failDiverged("An embedding");
}

void Trainer::failDiverged(std::string_view what) const {
    std::ostringstream sentence;
    sentence << what << " is no longer a finite number at learning rate " << effectiveLearningRate()
             << "; choose a learning rate ten times lower, or turn on the normalisation of the embeddings.";
    throw Diverged(sentence.str());
}

/// Views and given pairs bring their own.
bool Trainer::hasPairs() const {
    if (views_ || sampler_->pairs()) return true;
    std::map<std::int32_t, int> counts;
    for (const std::int32_t sample : batch_)
        if (const std::int32_t label = data_->samples[sample].label; label != kUnlabelled) ++counts[label];
    return counts.size() > 1 && std::ranges::any_of(counts, [](const auto& count) { return count.second > 1; });
}

void Trainer::embed(std::span<const std::int32_t> samples, const std::stop_token& stop, const Sink& sink) const {
    const at::NoGradGuard noGradient;
    const std::size_t block = evaluationBlock(data_->shape);
    while (!samples.empty()) {
        const auto part = samples.first(std::min(block, samples.size()));
        samples = samples.subspan(part.size());
        const torch::Tensor rows =
            evaluated().embed(images(part), {Pass::Mode::Evaluate, stop}).to(torch::kCPU).contiguous();
        sink(part, std::span(rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())));
    }
}

torch::Tensor Trainer::images(std::span<const std::int32_t> samples) const {
    return onDevice(imageBatch(*data_, scale_, samples));
}

/// From page-locked memory the copy to a graphics card goes on while the next lines of ours run.
torch::Tensor Trainer::onDevice(const torch::Tensor& made) const {
    return device_.is_cuda() ? made.pin_memory().to(device_, type_, /*non_blocking=*/true) : made.to(device_, type_);
}

/// Classes of the batch. Where pairs say what is similar, each image is a class of its own, so that all take part.
torch::Tensor Trainer::similarity() const {
    if (!sampler_->pairs()) return labels(batch_);
    return torch::arange(static_cast<std::int64_t>(batch_.size()), torch::TensorOptions(torch::kLong).device(device_));
}

/// For training: random views, where the experiment asks for them; beside views of all images, labelled ones come
/// unchanged, because crops fit for views are too rough for the loss on labels. Row v * batch + i is view v of sample
/// i.
torch::Tensor Trainer::views(std::span<const std::int32_t> samples, int count) const {
    std::uint64_t stream = seedOf(seed_, RandomStream::Augmentation);
    if (count > 1) stream = seedOf(stream, RandomStream::ViewLoss);  // not the same crops as in the labelled batch
    const Views views{augmenter_, count, stream, steps_};
    const bool plain = count == 1 && (augmenter_.changesNothing() || views_);
    const Choice changes = plain ? Choice{"none", {}} : augmentation_;
    const torch::Tensor made = shared(samples, changes, views, [&] {
        return plain ? imageBatch(*data_, scale_, samples) : viewBatch(*data_, scale_, samples, views);
    });
    return onDevice(made);
}

/// What `make` makes, or what a twin has made of the same.
torch::Tensor Trainer::shared(std::span<const std::int32_t> samples, const Choice& augmentation, const Views& views,
                              const std::function<torch::Tensor()>& make) const {
    // A network of the user's may write into its input.
    if (!seat_ || encoderChoice_.id == "torchscript") return make();
    const BatchKind kind{data_->pixels, scale_.factor, scale_.offset, augmentation,
                         views.count,   views.stream,  samples.size()};
    return seat_->batch({kind, views.step, {samples.begin(), samples.end()}}, make);
}

torch::Tensor Trainer::labels(std::span<const std::int32_t> samples) const {
    const torch::Tensor classes = torch::empty({static_cast<std::int64_t>(samples.size())}, torch::kLong);
    auto* values = classes.data_ptr<std::int64_t>();
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::int32_t label = data_->samples[samples[i]].label;
        values[i] = label == kUnlabelled ? -1 : classOf_[label];
    }
    return classes.to(device_);
}

}  // namespace embedscope
