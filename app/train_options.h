#pragma once

#include "engine/image_cache.h"
#include "engine/run_resume.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {

/// What `embedscope train` was told; an absent option leaves the experiment as it is.
struct TrainOptions {
    std::string folder;
    bool sample = false;
    std::filesystem::path experimentFile;

    std::optional<std::string> name, encoder, loss, miner, memory, sampler, optimizer, schedule, augmentation;
    std::optional<std::filesystem::path> pairs;  ///< Chooses the sampler and the miner too, where none was named.
    std::optional<std::string> viewLoss, head, pseudoLabels;
    std::optional<Learning> learning;
    std::optional<double> labelledShare, viewLossWeight;
    std::vector<std::string> addedLosses;  ///< "supcon:0.5"
    std::vector<std::string> settings;     ///< "margin=0.5"
    std::optional<int> dimension, epochs, threads, tracked, imageSize;
    std::optional<double> learningRate, gradientClip, weightAverage, holdOutShare, refreshShare;
    std::optional<std::uint64_t> seed;
    std::optional<Channels> channels;
    std::optional<HoldOut> holdOut;
    std::optional<Device> device;
    std::optional<Precision> precision;
    std::optional<std::filesystem::path> encoderFile, initialWeights;
    std::optional<bool> normalize;

    bool noCache = false;
    std::optional<double> cacheLimit;  ///< GiB.

    std::filesystem::path resume;  ///< The folder of a run to go on with; empty: a new run.
    std::filesystem::path out;     ///< Empty: nothing is stored.
    bool json = false;
    bool quiet = false;
    std::filesystem::path picture;   ///< The last picture; empty: none.
    std::filesystem::path pictures;  ///< A folder for a picture per epoch; empty: none.
    std::filesystem::path record;    ///< A folder for the frames of a film; empty: none.
    std::string projection = "pca";  ///< What they show.
    std::pair<int, int> pictureSize{1200, 900};
    bool dark = false;
    std::filesystem::path trace;  ///< Where the time goes; empty: nothing is recorded.
};

void addTrainOptions(CLI::App& command, TrainOptions& options);
/// Those that decide the experiment, without what is done with its results.
void addExperimentOptions(CLI::App& command, TrainOptions& options);

/// The experiment file or the standard values, with the options laid over it and checked.
/// @throws std::invalid_argument with every problem's sentence, std::runtime_error for a file that cannot be read.
Experiment experimentOf(const TrainOptions& options);

/// The user's cache of decoded images, as the options leave it. @throws std::invalid_argument
ImageCache imageCacheOf(const TrainOptions& options);

/// `experiment` with the options laid over it; unchecked, but for what the command line says wrongly.
/// @throws std::invalid_argument
Experiment laidOver(Experiment experiment, const TrainOptions& options);

/// The settings of a kept run with the few options that may be given beside --resume.
/// @throws std::invalid_argument if there is nothing left to do.
Experiment resumedExperiment(const TrainOptions& options, const ResumePoint& point);

}  // namespace embedscope
