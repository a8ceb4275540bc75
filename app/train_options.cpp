#include "app/train_options.h"

#include "app/setting_text.h"
#include "engine/data_set.h"
#include "engine/experiment_file.h"
#include "engine/learning.h"
#include "engine/machine.h"

#include <map>
#include <set>
#include <stdexcept>

namespace embedscope {
namespace {

// The names that experiment.json uses.
const std::map<std::string, Channels> kChannels{
    {"automatic", Channels::Automatic}, {"grey", Channels::Grey}, {"colour", Channels::Colour}};
const std::map<std::string, HoldOut> kHoldOuts{{"automatic", HoldOut::Automatic},
                                               {"folder_split", HoldOut::FolderSplit},
                                               {"images", HoldOut::Images},
                                               {"classes", HoldOut::Classes},
                                               {"none", HoldOut::None}};
const std::map<std::string, Learning> kLearnings{{"supervised", Learning::Supervised},
                                                 {"self_supervised", Learning::SelfSupervised},
                                                 {"semi_supervised", Learning::SemiSupervised}};
const std::map<std::string, Device> kDevices{
    {"automatic", Device::Automatic}, {"cpu", Device::Cpu}, {"cuda", Device::Cuda}};
const std::map<std::string, Precision> kPrecisions{{"float32", Precision::Float32}, {"bfloat16", Precision::BFloat16}};

template <typename Enum>
void addNamed(CLI::App& command, const std::string& option, std::optional<Enum>& value,
              const std::map<std::string, Enum>& names, const std::string& help) {
    std::string listed;
    for (const auto& [name, each] : names) listed += (listed.empty() ? "" : ", ") + name;
    const auto parse = [&value, &names, option, listed](const std::string& text) {
        const auto found = names.find(text);
        if (found == names.end())
            throw CLI::ValidationError(option, "\"" + text + "\" is unknown; choose one of: " + listed + ".");
        value = found->second;
    };
    command.add_option_function<std::string>(option, parse, help + ": " + listed)->type_name("NAME");
}

void addData(CLI::App& command, TrainOptions& options) {
    command.add_option("folder", options.folder, "A folder of images, a CSV manifest or an IDX images file")
        ->type_name("FOLDER");
    command.add_flag("--sample", options.sample, "Train on the bundled sample instead of a folder");
    command.add_option("--image-size", options.imageSize, "Side of the images in pixels; 0 chooses it");
    addNamed(command, "--channels", options.channels, kChannels, "Grey or colour images");
    addNamed(command, "--hold-out", options.holdOut, kHoldOuts, "Which images are kept away from training");
    command.add_option("--hold-out-share", options.holdOutShare, "Share of images or classes held out");
    command.add_flag("--no-cache", options.noCache, "Decode the images anew, into memory, and keep none of them");
    command
        .add_option("--cache-limit", options.cacheLimit,
                    "Decoded images of folders that are kept for the next time, in GiB of all together; standard: 16")
        ->type_name("GIB");
}

void addModel(CLI::App& command, TrainOptions& options) {
    command.add_option("--experiment", options.experimentFile, "Start from the settings of this experiment.json")
        ->type_name("FILE");
    command.add_option("--name", options.name, "Name of the experiment");
    command.add_option("--encoder", options.encoder, "See: embedscope list encoders")->type_name("ID");
    command
        .add_option("--encoder-file", options.encoderFile,
                    "TorchScript, for the encoder torchscript; it is run: open only files that you trust")
        ->type_name("FILE");
    command
        .add_option("--initial-weights", options.initialWeights, "Start from the weights.safetensors of another run")
        ->type_name("FILE");
    command.add_option("--dimension", options.dimension, "Numbers in an embedding");
    command.add_flag_callback(
        "--normalize", [&options] { options.normalize = true; }, "Embeddings of length 1");
    command.add_flag_callback(
        "--no-normalize", [&options] { options.normalize = false; }, "Embeddings as they come");
    command.add_option("--loss", options.loss, "See: embedscope list losses")->type_name("ID");
    command
        .add_option("--add-loss", options.addedLosses,
                    "A further loss on the same batches and its weight, e.g. supcon:0.5; up to four times")
        ->type_name("ID[:WEIGHT]")
        ->allow_extra_args(false);
    command.add_option("--miner", options.miner, "See: embedscope list miners")->type_name("ID");
    command.add_option("--memory", options.memory, "Past batches as partners; see: embedscope list memories")
        ->type_name("ID");
    command.add_option("--sampler", options.sampler, "See: embedscope list samplers")->type_name("ID");
    command
        .add_option("--pairs", options.pairs,
                    "Train on the pairs of this CSV instead of labels: first,second,y with y 0 similar, 1 not")
        ->type_name("FILE");
    command.add_option("--optimizer", options.optimizer, "See: embedscope list optimizers")->type_name("ID");
    command.add_option("--augmentation", options.augmentation, "See: embedscope list augmentations")->type_name("ID");
    command.add_option("--lr", options.learningRate, "Learning rate");
    command.add_option("--schedule", options.schedule, "What becomes of it; see: embedscope list schedules")
        ->type_name("ID");
    command.add_option("--gradient-clip", options.gradientClip, "Largest norm of the gradient; 0 leaves it");
    command.add_option("--weight-average", options.weightAverage,
                       "Decay of a moving average of the weights that is shown and measured, e.g. 0.999; 0: none");
    command.add_option("--set", options.settings, "A parameter of one of these: margin=0.5, or loss.margin=0.5")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
}

void addLearning(CLI::App& command, TrainOptions& options) {
    addNamed(command, "--learning", options.learning, kLearnings,
             "Learn from labels, from views of images, or from both; sets sampler, augmentation and head to suit");
    command.add_option("--labelled-share", options.labelledShare,
                       "Share of the training labels that are used, the same of every class");
    command.add_option("--view-loss", options.viewLoss, "See: embedscope list view-losses")->type_name("ID");
    command.add_option("--view-loss-weight", options.viewLossWeight, "How much it counts beside the loss on labels");
    command.add_option("--head", options.head, "See: embedscope list heads")->type_name("ID");
    command.add_option("--pseudo-labels", options.pseudoLabels, "See: embedscope list pseudo-labels")->type_name("ID");
}

void addRun(CLI::App& command, TrainOptions& options) {
    command.add_option("--epochs", options.epochs, "Times that the training images are gone through");
    command.add_option("--seed", options.seed, "The same seed and thread count give the same bytes");
    command.add_option("--threads", options.threads, "Threads to compute with; 0: all cores");
    addNamed(command, "--device", options.device, kDevices, "Where to compute");
    addNamed(command, "--precision", options.precision, kPrecisions,
             hasFastBFloat16() ? "What the encoder computes in; bfloat16 is fast on this processor"
                               : "What the encoder computes in; bfloat16 is slow on this processor");
    command.add_option("--tracked", options.tracked, "At most so many images are embedded, stored and drawn");
    command.add_option("--refresh-share", options.refreshShare, "Share of the time spent on renewing old embeddings");
}

void addOutput(CLI::App& command, TrainOptions& options) {
    command
        .add_option(
            "--marks", options.marks,
            "What was marked by hand, a marks.csv of a run or of the window: similar, dissimilar, relabelled and "
            "ignored images")
        ->type_name("FILE");
    command.add_option("--out", options.out, "Folder for settings, metrics and embeddings")->type_name("DIR");
    command.add_flag("--json", options.json, "Print the result as one line of JSON");
    command.add_flag("--quiet", options.quiet, "No progress on standard error");
    command.add_option("--picture", options.picture, "Draw the embeddings into this PNG at the end")->type_name("FILE");
    command.add_option("--pictures", options.pictures, "Draw them after every epoch into this folder")
        ->type_name("DIR");
    CLI::Option* record =
        command
            .add_option("--record", options.record,
                        "Draw the live map into numbered frames in this folder, four a second, from the first step on")
            ->type_name("DIR");
    command
        .add_option("--projection", options.projection,
                    "The map that --record follows; see: embedscope list projections")
        ->type_name("ID")
        ->needs(record);
    command.add_option("--picture-size", options.pictureSize, "Width and height in pixels");
    command.add_flag("--dark", options.dark, "Pictures on dark ground");
    command
        .add_option("--trace", options.trace,
                    "Record where the time goes, thread by thread; opens in chrome://tracing and ui.perfetto.dev")
        ->type_name("FILE");
}

/// The settings are those of the run: a run with others is another one.
void addResume(CLI::App& command, TrainOptions& options) {
    const std::set<std::string> kAllowed{"folder",     "--epochs",      "--threads",  "--device",       "--json",
                                         "--quiet",    "--picture",     "--pictures", "--picture-size", "--dark",
                                         "--no-cache", "--cache-limit", "--trace",    "--record",       "--projection"};
    const std::vector<CLI::Option*> others = command.get_options();
    CLI::Option* resume =
        command
            .add_option("--resume", options.resume,
                        "Go on with the run in this folder from its last checkpoint, bit for bit on as many threads; "
                        "--epochs trains it longer, FOLDER says where its images are now")
            ->type_name("RUN");
    for (CLI::Option* other : others)
        if (!kAllowed.contains(other->get_name())) resume->excludes(other);
}

/// Another entry brings its own parameters; the same one keeps those of the file.
void choose(Choice& choice, const std::optional<std::string>& id) {
    if (id && *id != choice.id) choice = {*id, {}};
}

template <typename Field, typename Value>
void lay(Field& field, const std::optional<Value>& value) {
    if (value) field = *value;
}

void layChoices(Experiment& experiment, const TrainOptions& options) {
    choose(experiment.encoder, options.encoder);
    choose(experiment.loss, options.loss);
    choose(experiment.miner, options.miner);
    choose(experiment.memory, options.memory);
    choose(experiment.sampler, options.sampler);
    choose(experiment.optimizer, options.optimizer);
    choose(experiment.schedule, options.schedule);
    choose(experiment.augmentation, options.augmentation);
    if (options.pairs) {
        experiment.pairsFile = *options.pairs;
        if (!options.sampler) choose(experiment.sampler, "pairs");
        if (!options.miner) choose(experiment.miner, "all");
    }
    choose(experiment.viewLoss, options.viewLoss);
    choose(experiment.head, options.head);
    choose(experiment.pseudoLabels, options.pseudoLabels);
    if (!options.addedLosses.empty()) experiment.addedLosses.clear();
    for (const std::string& added : options.addedLosses) experiment.addedLosses.push_back(addedLoss(added));
    for (const std::string& setting : options.settings) applySetting(experiment, setting);
}

void layValues(Experiment& experiment, const TrainOptions& options) {
    lay(experiment.name, options.name);
    lay(experiment.embeddingDimension, options.dimension);
    lay(experiment.normalizeEmbeddings, options.normalize);
    lay(experiment.labelledShare, options.labelledShare);
    lay(experiment.viewLossWeight, options.viewLossWeight);
    lay(experiment.learningRate, options.learningRate);
    lay(experiment.gradientClip, options.gradientClip);
    lay(experiment.weightAverage, options.weightAverage);
    lay(experiment.precision, options.precision);
    lay(experiment.encoderFile, options.encoderFile);
    lay(experiment.initialWeights, options.initialWeights);
    lay(experiment.epochs, options.epochs);
    lay(experiment.seed, options.seed);
    lay(experiment.threads, options.threads);
    lay(experiment.device, options.device);
    lay(experiment.trackedSamples, options.tracked);
    lay(experiment.refreshShare, options.refreshShare);
    lay(experiment.data.imageSize, options.imageSize);
    lay(experiment.data.channels, options.channels);
    lay(experiment.data.holdOut, options.holdOut);
    lay(experiment.data.holdOutShare, options.holdOutShare);
}

}  // namespace

void addExperimentOptions(CLI::App& command, TrainOptions& options) {
    addData(command, options);
    addModel(command, options);
    addLearning(command, options);
    addRun(command, options);
}

void addTrainOptions(CLI::App& command, TrainOptions& options) {
    addExperimentOptions(command, options);
    addOutput(command, options);
    addResume(command, options);
}

ImageCache imageCacheOf(const TrainOptions& options) {
    if (options.noCache && options.cacheLimit)
        throw std::invalid_argument("Both --no-cache and --cache-limit were given; leave one out.");
    ImageCache cache = options.noCache ? ImageCache{} : userImageCache();
    if (!options.cacheLimit) return cache;
    constexpr double kMostGib = 1 << 20;
    if (!(*options.cacheLimit > 0 && *options.cacheLimit <= kMostGib))
        throw std::invalid_argument("--cache-limit must be above 0; --no-cache keeps nothing.");
    cache.mostBytes = static_cast<std::uint64_t>(*options.cacheLimit * (1 << 30));
    return cache;
}

Experiment laidOver(Experiment experiment, const TrainOptions& options) {
    if (options.sample && !options.folder.empty())
        throw std::invalid_argument("Both a folder and --sample were given; leave one out.");
    if (options.sample) experiment.data.folder = bundledSampleFolder();
    if (!options.folder.empty()) experiment.data.folder = options.folder;
    if (experiment.data.folder.empty())
        throw std::invalid_argument("There is nothing to train on; name a folder, or --sample.");
    if (options.learning && *options.learning != experiment.learning)
        experiment = suitedTo(*options.learning, std::move(experiment));
    if (options.viewLoss && !usesViews(experiment))
        throw std::invalid_argument(
            "--view-loss is not read where training learns from labels alone; add --learning self_supervised or "
            "semi_supervised.");
    layChoices(experiment, options);
    layValues(experiment, options);
    return experiment;
}

Experiment experimentOf(const TrainOptions& options) {
    Experiment experiment =
        laidOver(options.experimentFile.empty() ? Experiment{} : readExperiment(options.experimentFile), options);
    std::string wrong;
    for (const std::string& problem : problems(experiment)) wrong += (wrong.empty() ? "" : "\n") + problem;
    if (!wrong.empty()) throw std::invalid_argument(wrong);
    return experiment;
}

Experiment resumedExperiment(const TrainOptions& options, const ResumePoint& point) {
    Experiment experiment = point.settings;
    lay(experiment.epochs, options.epochs);
    lay(experiment.threads, options.threads);
    lay(experiment.device, options.device);
    if (!options.folder.empty()) experiment.data.folder = options.folder;
    if (!point.checkpoint) return experiment;
    std::string wrong;
    for (const std::string& problem : problems(*point.checkpoint, experiment))
        wrong += (wrong.empty() ? "" : "\n") + problem;
    if (wrong.empty() && point.checkpoint->epoch() >= experiment.epochs)
        wrong = "The run in \"" + options.resume.string() + "\" is finished; --epochs " +
                std::to_string(2 * experiment.epochs) + " would train it longer.";
    if (!wrong.empty()) throw std::invalid_argument(wrong);
    return experiment;
}

}  // namespace embedscope
