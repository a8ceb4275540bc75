// Trains without a window and prints one JSON line per epoch and one at the end:
//   embedscope_bench_train FOLDER [--epochs N] [--loss ID] [--set margin=0.2] [--miner ID] … [--plain-step]
// --plain-step trains the same steps once more before the run with nothing but sampling, forward, backward and update,
// and gives the share of images/s that bank, refresh, reports and snapshots cost.

#include "engine/data_load.h"
#include "engine/machine.h"
#include "engine/run.h"
#include "engine/training/stopwatch.h"
#include "engine/training/trainer.h"

#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

using namespace embedscope;

namespace {

struct Options {
    Experiment experiment;
    std::vector<std::string> lossValues, minerValues, samplerValues, encoderValues;
    bool plainStep = false;
    std::int64_t plainSteps = 0;
};

void setValues(Choice& choice, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) throw std::runtime_error("\"" + text + "\" is not name=value.");
        choice.parameters[text.substr(0, equals)] = std::stod(text.substr(equals + 1));
    }
}

Options parse(int argc, char** argv) {
    Options options;
    Experiment& experiment = options.experiment;
    experiment.epochs = 2;
    CLI::App app("Trains without a window and prints JSON lines.");
    app.add_option("folder", experiment.data.folder)->required();
    app.add_option("--epochs", experiment.epochs);
    app.add_option("--encoder", experiment.encoder.id);
    app.add_option("--encoder-set", options.encoderValues, "width=32");
    app.add_option("--dimension", experiment.embeddingDimension);
    app.add_option("--loss", experiment.loss.id);
    app.add_option("--set", options.lossValues, "margin=0.2");
    app.add_option("--miner", experiment.miner.id);
    app.add_option("--miner-set", options.minerValues);
    app.add_option("--sampler", experiment.sampler.id);
    app.add_option("--sampler-set", options.samplerValues, "batch_size=128");
    app.add_option("--optimizer", experiment.optimizer.id);
    app.add_option("--learning-rate", experiment.learningRate);
    app.add_option("--seed", experiment.seed);
    app.add_option("--threads", experiment.threads);
    app.add_option("--tracked", experiment.trackedSamples);
    app.add_option("--refresh-share", experiment.refreshShare);
    app.add_flag("--plain-step", options.plainStep);
    app.add_option("--plain-steps", options.plainSteps, "Steps of --plain-step; 0: one epoch.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    setValues(experiment.encoder, options.encoderValues);
    setValues(experiment.loss, options.lossValues);
    setValues(experiment.miner, options.minerValues);
    setValues(experiment.sampler, options.samplerValues);
    return options;
}

struct PlainSpeed {
    double training = 0, evaluation = 0;  ///< Images/s.
};

/// The bare step, and embedding without a step.
PlainSpeed plainStep(const Options& options, const std::shared_ptr<const DataSet>& data) {
    at::get_num_threads();
    at::set_num_threads(options.experiment.threads > 0 ? options.experiment.threads : availableCores());
    Trainer trainer(options.experiment, data, torch::kCPU);
    constexpr int kWarmUp = 5;
    for (int i = 0; i < kWarmUp; ++i) trainer.step({});
    const std::int64_t steps = options.plainSteps > 0 ? options.plainSteps : trainer.stepsPerEpoch();
    Stopwatch watch;
    watch.start();
    for (std::int64_t i = 0; i < steps; ++i) trainer.step({});
    const double training = static_cast<double>(steps * trainer.batchSize()) / watch.seconds();

    std::vector<std::int32_t> some(std::min<std::size_t>(data->size(), 4096));
    std::iota(some.begin(), some.end(), 0);
    Stopwatch evaluation;
    evaluation.start();
    trainer.embed(some, {}, [](auto, auto) {});
    return {training, static_cast<double>(some.size()) / evaluation.seconds()};
}

/// Mean of the reports with a value.
double meanImagesPerSecond(const std::vector<MetricsRow>& rows) {
    double seconds = 0, images = 0;
    for (const MetricsRow& row : rows) {
        if (std::isnan(row.imagesPerSecond)) continue;
        images += 1;
        seconds += 1 / row.imagesPerSecond;
    }
    return images / seconds;
}

/// Prints the epoch ends that were not printed yet.
class EpochPrinter {
public:
    void print(const Snapshot& snapshot) {
        for (const MetricsRow& row : *snapshot.history) {
            if (row.step <= last_ || row.step % snapshot.stepsPerEpoch != 0) continue;
            last_ = row.step;
            const nlohmann::json line = {{"epoch", row.epoch},
                                         {"step", row.step},
                                         {"seconds", row.seconds},
                                         {"recall_at_1", row.recallAt1},
                                         {"loss", row.loss},
                                         {"active", row.activeFraction},
                                         {"similar", row.similarMean},
                                         {"dissimilar", row.dissimilarMean},
                                         {"gradient", row.gradientNorm},
                                         {"images_per_second", row.imagesPerSecond}};
            std::cout << line << std::endl;
        }
    }

private:
    std::int64_t last_ = -1;
};

std::shared_ptr<const Snapshot> train(const Options& options, std::shared_ptr<const DataSet> data) {
    std::mutex mutex;
    std::condition_variable woken;
    bool news = true;
    const auto run = startTrainingRun(
        {.runId = 1, .experiment = options.experiment, .data = std::move(data), .recorder = nullptr, .wakeUp = [&] {
             std::lock_guard lock(mutex);
             news = true;
             woken.notify_one();
         }});
    EpochPrinter printer;
    while (true) {
        std::unique_lock lock(mutex);
        woken.wait(lock, [&] { return std::exchange(news, false); });
        lock.unlock();
        const auto snapshot = run->latest();
        printer.print(*snapshot);
        if (snapshot->ended()) return snapshot;
    }
}

}  // namespace

int main(int argc, char** argv) try {
    const Options options = parse(argc, argv);
    prepareProcess();
    const auto loaded = loadDataSet(options.experiment.data);
    const auto data = withHoldOut(*loaded, options.experiment.data, options.experiment.seed);
    nlohmann::json summary = {
        {"images", data->size()}, {"loss_id", options.experiment.loss.id}, {"seed", options.experiment.seed}};
    PlainSpeed plain;
    if (options.plainStep) {
        plain = plainStep(options, data);
        summary["plain_images_per_second"] = plain.training;
        summary["evaluated_images_per_second"] = plain.evaluation;
    }
    const auto last = train(options, data);
    if (last->phase == RunPhase::Failed) throw std::runtime_error(last->message);
    const double live = meanImagesPerSecond(*last->history);
    summary["seconds"] = last->seconds;
    summary["images_per_second"] = live;
    if (options.plainStep) summary["overhead"] = 1 - live / plain.training;
    summary["resident_megabytes"] = residentBytes() >> 20;
    std::cout << summary << std::endl;
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
