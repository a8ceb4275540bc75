// Training without a window, end to end from JPEG files and from memory, beside the bare step and the convolution peak
// of the machine.
#include "engine/data_load.h"
#include "engine/image_cache.h"
#include "engine/machine.h"
#include "engine/run.h"
#include "engine/training/trainer.h"
#include "tests/bench/bell.h"
#include "tests/bench/benchmark.h"
#include "tests/bench/made_images.h"
#include "tests/bench/operation_count.h"

#include <ATen/Parallel.h>

#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace embedscope::bench {
namespace {

struct Options {
    Experiment experiment;
    std::vector<std::string> lossValues, minerValues, samplerValues, encoderValues;
    MadeImages made;
    std::int64_t steps = 0;
    int rounds = 3;
    bool bfloat16 = false;
};

void setValues(Choice& choice, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) throw std::runtime_error("\"" + text + "\" is not name=value.");
        choice.parameters[text.substr(0, equals)] = std::stod(text.substr(equals + 1));
    }
}

Experiment experimentOf(const Options& options) {
    Experiment experiment = options.experiment;
    setValues(experiment.encoder, options.encoderValues);
    setValues(experiment.loss, options.lossValues);
    setValues(experiment.miner, options.minerValues);
    setValues(experiment.sampler, options.samplerValues);
    if (options.bfloat16) experiment.precision = Precision::BFloat16;
    return experiment;
}

/// A training run to its end. @throws std::runtime_error with its sentence if it fails.
std::shared_ptr<const Snapshot> train(const Experiment& experiment, std::shared_ptr<const DataSet> data) {
    Bell bell;
    const auto run = startTrainingRun(
        {.runId = 1, .experiment = experiment, .data = std::move(data), .recorder = nullptr, .wakeUp = [&bell] {
             bell.ring();
         }});
    while (true) {
        const auto snapshot = run->latest();
        if (snapshot->phase == RunPhase::Failed) throw std::runtime_error(snapshot->message);
        if (snapshot->ended()) return snapshot;
        bell.wait();
    }
}

/// Images/s between the reports, without what is measured at the ends of epochs.
double imagesPerSecond(const Snapshot& last) {
    double seconds = 0, images = 0;
    for (const MetricsRow& row : *last.history) {
        if (std::isnan(row.imagesPerSecond)) continue;
        images += 1;
        seconds += 1 / row.imagesPerSecond;
    }
    return images / seconds;
}

double recallOf(const Snapshot& last) {
    double recall = MetricsRow::kNone;
    for (const MetricsRow& row : *last.history)
        if (!std::isnan(row.recallAt1)) recall = row.recallAt1;
    return recall;
}

struct Speed {
    double training = 0, evaluation = 0;  ///< Images/s.
};

/// Nothing but sampling, forward, backward and update; and embedding.
Speed bareSpeed(const Experiment& experiment, const std::shared_ptr<const DataSet>& data, std::int64_t steps) {
    Trainer trainer(experiment, data, torch::kCPU);
    constexpr int kWarmUp = 5;
    for (int i = 0; i < kWarmUp; ++i) trainer.step({});
    if (steps == 0) steps = trainer.stepsPerEpoch();
    const Clock::time_point start = Clock::now();
    for (std::int64_t i = 0; i < steps; ++i) trainer.step({});
    const double training = static_cast<double>(steps * trainer.batchSize()) / secondsSince(start);

    std::vector<std::int32_t> some(std::min<std::size_t>(data->size(), 4096));
    std::iota(some.begin(), some.end(), 0);
    const Clock::time_point evaluation = Clock::now();
    trainer.embed(some, {}, [](auto, auto) {});
    return {training, static_cast<double>(some.size()) / secondsSince(evaluation)};
}

double operationsPerImage(const Experiment& experiment, const ImageShape& shape) {
    EncoderSetting setting;
    setting.channels = shape.channels;
    setting.height = shape.height;
    setting.width = shape.width;
    setting.dimension = experiment.embeddingDimension;
    return trainingOperations(forwardOperations(*makeEncoder(experiment.encoder, setting), setting));
}

/// From closed files, decoded anew, to the end of the last epoch; all that a run does is in it.
void measureFromFiles(const Experiment& experiment) {
    const Clock::time_point start = Clock::now();
    const auto loaded = loadDataSet(experiment.data);
    const double opened = secondsSince(start);
    const auto last = train(experiment, withHoldOut(*loaded, experiment.data, experiment.seed));
    const double seconds = secondsSince(start);
    std::size_t trained = 0;
    for (const Sample& sample : withHoldOut(*loaded, experiment.data, experiment.seed)->samples)
        trained += sample.split == Split::Train;
    const double images = static_cast<double>(trained) * experiment.epochs;
    print({{"bench", "train"},
           {"case", "from_files"},
           {"images", loaded->size()},
           {"epochs", experiment.epochs},
           {"seconds_opening", rounded(opened)},
           {"seconds", rounded(seconds)},
           {"images_per_second", std::llround(images / seconds)},
           {"images_per_second_to_last_step", std::llround(images / (opened + images / imagesPerSecond(*last)))},
           {"images_per_second_of_steps", std::llround(imagesPerSecond(*last))},
           {"recall_at_1", rounded(recallOf(*last))}});
}

void measure(const Options& options) {
    Experiment experiment = experimentOf(options);
    std::optional<MadeFolder> made;
    if (experiment.data.folder.empty()) experiment.data.folder = made.emplace(options.made).path();
    at::get_num_threads();
    at::set_num_threads(experiment.threads > 0 ? experiment.threads : availableCores());
    measureFromFiles(experiment);

    const auto data = withHoldOut(*loadDataSet(experiment.data), experiment.data, experiment.seed);
    const double operations = operationsPerImage(experiment, data->shape);
    const at::ScalarType type = options.bfloat16 ? at::kBFloat16 : at::kFloat;
    for (int round = 0; round < options.rounds; ++round) {  // in turns, as the machine's own speed wanders
        const double peak = convolutionPeak(type);
        const Speed bare = bareSpeed(experiment, data, options.steps);
        const auto last = train(experiment, data);
        const double live = imagesPerSecond(*last);
        print({{"bench", "train"},
               {"case", "in_memory"},
               {"round", round},
               {"threads", at::get_num_threads()},
               {"precision", options.bfloat16 ? "bfloat16" : "float32"},
               {"images_per_second", std::llround(live)},
               {"bare_step_images_per_second", std::llround(bare.training)},
               {"overhead", rounded(1 - live / bare.training)},
               {"evaluated_images_per_second", std::llround(bare.evaluation)},
               {"peak_gflops", std::llround(peak * 1e-9)},
               {"step_gflops", std::llround(bare.training * operations * 1e-9)},
               {"share_of_peak", rounded(bare.training * operations / peak)},
               {"recall_at_1", rounded(recallOf(*last))},
               {"resident_megabytes", residentBytes() >> 20}});
    }
}

Measurement prepare(CLI::App& command) {
    const auto options = std::make_shared<Options>();
    Experiment& experiment = options->experiment;
    experiment.epochs = 2;
    command.add_option("folder", experiment.data.folder, "Of images; made for the purpose if none");
    command.add_option("--images", options->made.count, "Made ones");
    command.add_option("--width", options->made.width, "Of made ones, in pixels");
    command.add_option("--height", options->made.height);
    command.add_option("--image-size", experiment.data.imageSize, "That the encoder sees; 0: chosen");
    command.add_option("--threads", experiment.threads, "0: all cores");
    command.add_option("--epochs", experiment.epochs);
    command.add_option("--steps", options->steps, "Of the bare step; 0: one epoch");
    command.add_option("--rounds", options->rounds, "Lines in memory");
    command.add_flag("--bfloat16", options->bfloat16);
    command.add_option("--encoder", experiment.encoder.id);
    command.add_option("--encoder-set", options->encoderValues, "width=32");
    command.add_option("--dimension", experiment.embeddingDimension);
    command.add_option("--loss", experiment.loss.id);
    command.add_option("--set", options->lossValues, "margin=0.2");
    command.add_option("--miner", experiment.miner.id);
    command.add_option("--miner-set", options->minerValues);
    command.add_option("--sampler", experiment.sampler.id);
    command.add_option("--sampler-set", options->samplerValues, "batch_size=128");
    command.add_option("--augmentation", experiment.augmentation.id);
    command.add_option("--optimizer", experiment.optimizer.id);
    command.add_option("--learning-rate", experiment.learningRate);
    command.add_option("--seed", experiment.seed);
    command.add_option("--tracked", experiment.trackedSamples);
    command.add_option("--refresh-share", experiment.refreshShare);
    return [options] { measure(*options); };
}

}  // namespace

Benchmark trainBenchmark() {
    return {"train", "Training, from JPEG files and from memory, and its share of the machine's peak", prepare};
}

}  // namespace embedscope::bench
