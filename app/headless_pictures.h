#pragma once

#include "engine/projection.h"
#include "engine/run_recorder.h"

#include <QImage>
#include <QSize>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace embedscope {

/// How the pictures of a run without a window look.
struct PictureStyle {
    QSize size{1200, 900};
    bool dark = false;
};

/// Fonts need a QGuiApplication, which needs no display on the "offscreen" platform. Call on the main thread before
/// the first picture; does nothing where there is one already.
void prepareHeadlessPictures();

/// Draws the embeddings of the bank at once. @throws std::runtime_error naming the file.
void writePicture(const std::filesystem::path& file, std::shared_ptr<const BankFrame> bank, const DataSet& data,
                  const PictureStyle& style);

/// @throws std::runtime_error naming the file.
void savePicture(const std::filesystem::path& file, const QImage& picture);

/// The bytes of a PNG file with this layout. @throws std::runtime_error if it cannot be made.
std::vector<std::uint8_t> pictureBytes(const Layout& layout, const DataSet& data, const PictureStyle& style);

/// Passes everything on to `inner` (which may be null) and draws every epoch into folder/epoch_<k>.png. Its axes
/// follow from picture to picture, as in the window.
/// @throws std::runtime_error if the folder cannot be made.
std::unique_ptr<RunRecorder> withPictures(std::unique_ptr<RunRecorder> inner, const std::filesystem::path& folder,
                                          std::shared_ptr<const DataSet> data, const PictureStyle& style);

}  // namespace embedscope
