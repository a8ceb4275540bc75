#pragma once

#include "engine/catalog.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace embedscope {

/// A row of a catalogue with the values of its parameters.
struct Choice {
    std::string id;
    ParameterValues parameters;
    bool operator==(const Choice&) const = default;
};

/// Which samples are kept away from training and serve the retrieval metrics.
enum class HoldOut {
    Automatic,    ///< The folder's own split if it has one, else stratified images.
    FolderSplit,  ///< val/ and test/ of the folder, or the manifest's split column.
    Images,       ///< The same share of every class.
    Classes,      ///< Whole classes: the metric-learning norm, tests unseen classes.
    None,
};

/// Where the training gets its similar and dissimilar samples from.
enum class Learning {
    Supervised,      ///< Labels: `loss` on what `miner` chooses.
    SelfSupervised,  ///< Two random views of each image: `viewLoss`; labels only measure.
    SemiSupervised,  ///< `loss` on the labelled part and `viewLoss` on everything, in one step.
};

/// A further loss on the same batch and the same mined tuples.
struct AddedLoss {
    Choice loss;
    double weight = 1;  ///< 0..1000.
    bool operator==(const AddedLoss&) const = default;
};

enum class Precision {
    Float32,
    BFloat16,  ///< The encoder's passes in bfloat16, weights and losses in float32.
};

enum class Channels { Automatic, Grey, Colour };
enum class Device { Automatic, Cpu, Cuda };

struct DataSettings {
    std::filesystem::path folder;             ///< A folder, a CSV manifest or an IDX images file.
    int imageSize = 0;                        ///< Side in pixels, 8..512; 0: chosen from the images.
    Channels channels = Channels::Automatic;  ///< Automatic: grey stays grey.
    HoldOut holdOut = HoldOut::Automatic;
    double holdOutShare = 0.2;  ///< Share of images or classes held out, 0.01..0.9; unused with FolderSplit and None.
    bool operator==(const DataSettings&) const = default;
};

/// Everything that decides a run: plain values, copied into it. Same Experiment, same thread count, same bytes.
struct Experiment {
    std::string name;
    DataSettings data;

    Learning learning = Learning::Supervised;
    double labelledShare = 1;  ///< Share of the training labels that are used, the same of every class, 0.001..1.
    Choice pseudoLabels{"none", {}};  ///< SemiSupervised: labels for the unlabelled part.

    Choice encoder{"small_cnn", {}};
    std::filesystem::path encoderFile;     ///< TorchScript, for the encoder that reads one.
    std::filesystem::path initialWeights;  ///< Saved by this program; empty: drawn from the seed.
    int embeddingDimension = 64;           ///< 2..512.
    bool normalizeEmbeddings = true;       ///< L2-normalise the encoder's output: points on the unit sphere.
    Choice head{"none", {}};               ///< Between the embedding and `viewLoss`; thrown away after training.

    Choice loss{"triplet_margin", {}};
    std::vector<AddedLoss> addedLosses;  ///< At most 4.
    Choice viewLoss{"simclr", {}};
    double viewLossWeight = 0.5;  ///< SemiSupervised, 0..1000; 0.5 was best on CIFAR-10 with a tenth of the labels.
    Choice augmentation{"none", {}};
    Choice miner{"semi_hard", {}};
    Choice memory{"none", {}};  ///< Embeddings of past batches as further partners.
    Choice sampler{"p_by_k", {}};
    std::filesystem::path pairsFile;  ///< CSV of image pairs with Y, for the sampler that reads one.

    Choice optimizer{"adam", {}};
    double learningRate = 1e-3;
    Choice schedule{"constant", {}};  ///< What the learning rate is multiplied with over the run.
    double gradientClip = 0;          ///< Largest Euclidean norm of the gradient; 0: not clipped.
    double weightAverage = 0;         ///< Decay of a moving average of the weights, 0..0.9999; 0: none.
    Precision precision = Precision::Float32;

    int epochs = 20;  ///< 1..100,000.
    std::uint64_t seed = 1;
    Device device = Device::Automatic;
    int threads = 0;              ///< Intra-op threads; 0: all cores.
    int trackedSamples = 10'000;  ///< Upper bound of the embedding bank; the picture shows these samples.
    double refreshShare = 0.05;   ///< Share of training time spent on re-embedding the stalest tracked samples.
    bool operator==(const Experiment&) const = default;
};

/// One sentence per setting that cannot work, each naming the setting and the cure. Empty: the experiment can run.
std::vector<std::string> problems(const Experiment& experiment);

/// The experiment as JSON text, every setting written out, and back; the experiment.json of a run folder is read too.
/// @throws std::runtime_error naming the key for text that is no experiment; unknown keys are errors.
std::string toJson(const Experiment& experiment);
Experiment experimentFromJson(std::string_view text);

/// "0.1.0", as in experiment.json.
std::string_view programVersion();

}  // namespace embedscope
