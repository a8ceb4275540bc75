#include "engine/images/source_load.h"

#include "engine/images/failure.h"
#include "engine/images/image_file.h"
#include "engine/images/image_shape.h"
#include "engine/images/memory_bound.h"
#include "engine/images/parallel.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

namespace embedscope {
namespace {

/// Empty, or why the image cannot be used.
std::string decodeInto(const std::filesystem::path& file, const ImageShape& shape, std::uint8_t* target) try {
    writeShaped(decodeImage(file, std::max(shape.width, shape.height)).pixels, shape, target);
    return {};
} catch (const std::bad_alloc&) {
    return "it needs more memory than is free";
} catch (const cv::Exception& refused) {
    return "OpenCV cannot convert it (" + refused.err + ")";
} catch (const std::runtime_error& unreadable) {
    return unreadable.what();
}

/// Takes the unreadable images out of the list and closes their gaps in the pixels.
void dropUnreadable(SourceList& list, std::vector<std::uint8_t>& pixels, std::size_t bytes,
                    const std::vector<std::string>& reasons) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < list.images.size(); ++i) {
        if (!reasons[i].empty()) {
            list.skipped.push_back({list.images[i].path, sentence(reasons[i])});
            continue;
        }
        if (kept != i) {
            std::memcpy(pixels.data() + kept * bytes, pixels.data() + i * bytes, bytes);
            list.images[kept] = std::move(list.images[i]);
        }
        ++kept;
    }
    list.images.resize(kept);
    pixels.resize(kept * bytes);
    std::ranges::stable_sort(list.skipped, {}, &SkippedFile::path);
}

}  // namespace

std::shared_ptr<const DataSet> loadSources(SourceList list, const DataSettings& settings, LoadProgress& progress,
                                           std::stop_token stop) {
    const std::size_t found = list.images.size();
    progress.beginDecoding(found);
    const ImageShape shape = chooseShape(list, settings, progress, stop);
    checkFitsMemory(settings.folder, static_cast<double>(found) * static_cast<double>(shape.bytes()));

    auto pixels = std::make_shared<std::vector<std::uint8_t>>(found * shape.bytes());
    std::vector<std::string> reasons(found);
    forEachIndex(found, stop, [&](std::size_t i) {
        reasons[i] = decodeInto(list.root / list.images[i].path, shape, pixels->data() + i * shape.bytes());
        if (reasons[i].empty())
            progress.addDecoded(1);
        else
            progress.addSkipped();
    });
    throwIfStopped(stop);

    dropUnreadable(list, *pixels, shape.bytes(), reasons);
    if (list.images.empty()) fail(settings.folder, "holds no image that can be read. " + list.skipped.front().reason);
    auto data = std::make_shared<DataSet>();
    fillSamples(list, *data);
    data->shape = shape;
    data->fingerprint = fingerprintOf(list, shape);
    data->pixels = std::move(pixels);
    return data;
}

}  // namespace embedscope
