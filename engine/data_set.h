#pragma once

#include "engine/experiment.h"
#include "engine/shared_bytes.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace embedscope {

inline constexpr std::int32_t kUnlabelled = -1;

enum class Split : std::uint8_t { Train, HoldOut };

struct Sample {
    std::string path;                  ///< Relative to the data set's root, UTF-8; "name#17" inside an IDX file.
    std::int32_t label = kUnlabelled;  ///< Index into DataSet::classNames, or kUnlabelled.
    Split split = Split::Train;
};

struct ImageShape {
    int height = 0;
    int width = 0;
    int channels = 0;  ///< 1 grey, 3 RGB.
    std::size_t bytes() const { return static_cast<std::size_t>(height) * width * channels; }
    bool operator==(const ImageShape&) const = default;
};

/// A small picture of its own: row-major, interleaved, RGB or grey.
struct Image {
    ImageShape shape;
    std::vector<std::uint8_t> pixels;  ///< [height, width, channels]
};

struct SkippedFile {
    std::string path;
    std::string reason;  ///< One sentence.
};

/// Decoded images and what is known of them. Immutable once published; safe to read from any thread.
struct DataSet {
    std::filesystem::path root;
    std::string name;  ///< For people: the folder's name.
    std::vector<std::string> classNames;
    std::vector<Sample> samples;
    ImageShape shape;    ///< All images share it.
    SharedBytes pixels;  ///< [N, height, width, channels], shared by variants.
    std::vector<SkippedFile> skipped;
    std::vector<Split> folderSplit;  ///< [N] the folder's own split, or empty if it has none.
    std::string fingerprint;         ///< Hex digest of paths, sizes, times and the image shape.
    bool fromCache = false;          ///< The pixels were decoded when the folder was opened before.

    std::size_t size() const { return samples.size(); }
    std::span<const std::uint8_t> image(std::size_t index) const {
        return pixels.view().subspan(index * shape.bytes(), shape.bytes());
    }
};

/// The same images with the hold-out that `settings` asks for; pixels are shared, not copied. The choice of samples
/// depends only on the seed and the order of the samples. Unlabelled samples stay in training unless the folder says
/// else.
/// @throws std::runtime_error with the cure, e.g. FolderSplit on a folder without one.
std::shared_ptr<const DataSet> withHoldOut(const DataSet& data, const DataSettings& settings, std::uint64_t seed);

/// Why this data cannot be trained on, one sentence each (no labels, one class, nothing but hold-out ...), or empty.
std::vector<std::string> problems(const DataSet& data, const Experiment& experiment);

/// The sample's own picture at most `maxSide` pixels on its longer side, read from its file anew; inside an IDX file it
/// is what `data` holds.
/// @throws std::runtime_error naming the file if it cannot be read any more.
Image originalImage(const DataSet& data, std::size_t index, int maxSide);

/// The bundled Fashion-MNIST sample: looked for beside the program, then in the source tree.
/// @throws std::runtime_error naming the places searched.
std::filesystem::path bundledSampleFolder();

/// Writes decoded pixels as a PNG, for headless pictures. @throws std::runtime_error naming the file.
void writePng(const std::filesystem::path& file, const Image& image);

}  // namespace embedscope
