// The format of the Embedding Projector: https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin;
// tensors.tsv has no header, and the sprite holds the pictures of the rows, line by line, in as many columns as lines.

#include "engine/data_load.h"
#include "engine/exports/exported_rows.h"
#include "engine/exports/table_exports.h"
#include "engine/storage/atomic_file.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestSprite = 8192;  ///< Pixels in width that a browser still draws.

/// Tabs and line ends would end the field.
std::string tsvText(std::string text) {
    std::ranges::replace_if(
        text, [](char each) { return each == '\t' || each == '\n' || each == '\r'; }, ' ');
    return text;
}

/// Every so many pixels of the picture, so that all fit.
void copyInto(Image& sprite, std::span<const std::uint8_t> picture, const ImageShape& from, const ImageShape& cell,
              std::size_t column, std::size_t line) {
    const auto channels = static_cast<std::size_t>(from.channels);
    for (int y = 0; y < cell.height; ++y)
        for (int x = 0; x < cell.width; ++x) {
            const auto source = (static_cast<std::size_t>(y * from.height / cell.height) * from.width +
                                 static_cast<std::size_t>(x * from.width / cell.width)) *
                                channels;
            const auto target =
                ((line * cell.height + y) * static_cast<std::size_t>(sprite.shape.width) + column * cell.width + x) *
                channels;
            std::copy_n(picture.begin() + static_cast<std::ptrdiff_t>(source), channels,
                        sprite.pixels.begin() + static_cast<std::ptrdiff_t>(target));
        }
}

struct Sprite {
    Image image;
    ImageShape cell;
};

Sprite spriteOf(const ExportedRows& rows, const DataSet& images) {
    const auto side = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(rows.count()))));
    const int most = static_cast<int>(std::max<std::size_t>(1, kLargestSprite / std::max<std::size_t>(1, side)));
    const ImageShape& own = images.shape;
    Sprite sprite{{}, {std::min(own.height, most), std::min(own.width, most), own.channels}};
    sprite.image.shape = {static_cast<int>(side) * sprite.cell.height, static_cast<int>(side) * sprite.cell.width,
                          own.channels};
    sprite.image.pixels.resize(sprite.image.shape.bytes());
    for (std::size_t row = 0; row < rows.count(); ++row)
        copyInto(sprite.image, images.image(static_cast<std::size_t>(rows.epoch.samples[row])), own, sprite.cell,
                 row % side, row / side);
    return sprite;
}

/// Null if they are not those of the run any more; `why` says so.
std::shared_ptr<const DataSet> imagesOf(const ExportedRows& rows, std::string& why) try {
    const RunDescription& run = rows.run;
    std::shared_ptr<const DataSet> images = loadDataSet(run.dataSettings(), userImageCache());
    const auto there = [&](std::int32_t sample) { return static_cast<std::size_t>(sample) < images->size(); };
    if (images->fingerprint == run.dataFingerprint && std::ranges::all_of(rows.epoch.samples, there)) return images;
    why = "The images in \"" + run.settings.data.folder.string() +
          "\" are not those of the run any more, so the points have no pictures.";
    return nullptr;
} catch (const std::exception& gone) {
    why = std::string("The points have no pictures: ") + gone.what();
    return nullptr;
}

void writeNames(const ExportedRows& rows, AtomicFile& tensors, AtomicFile& metadata) {
    metadata.write("label\tpath\tsplit\n");
    for (std::size_t row = 0; row < rows.count(); ++row) {
        const NamedSample& sample = rows.samples[row];
        tensors.write(rows.numbers(row, '\t') + '\n');
        metadata.write(tsvText(sample.label) + '\t' + tsvText(sample.path) + '\t' + sample.split + '\n');
    }
}

}  // namespace

std::string exportProjector(const fs::path& runFolder, const fs::path& out) {
    const ExportedRows rows = newestRows(runFolder);
    createFolder(out);
    AtomicFile tensors(out / "tensors.tsv"), metadata(out / "metadata.tsv"), config(out / "projector_config.pbtxt");
    writeNames(rows, tensors, metadata);
    std::string remark, pictures;
    if (const std::shared_ptr<const DataSet> images = imagesOf(rows, remark)) {
        const Sprite sprite = spriteOf(rows, *images);
        writePng(out / "sprite.png", sprite.image);
        pictures =
            "  sprite {\n    image_path: \"sprite.png\"\n    single_image_dim: " + std::to_string(sprite.cell.width) +
            "\n    single_image_dim: " + std::to_string(sprite.cell.height) + "\n  }\n";
    }
    config.write(
        "embeddings {\n  tensor_name: \"embedscope\"\n  tensor_path: \"tensors.tsv\"\n  metadata_path: "
        "\"metadata.tsv\"\n" +
        pictures + "}\n");
    tensors.commit();
    metadata.commit();
    config.commit();
    return remark;
}

}  // namespace embedscope
