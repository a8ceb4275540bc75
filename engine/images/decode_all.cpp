#include "engine/images/decode_all.h"

#include "engine/images/image_file.h"
#include "engine/images/parallel.h"
#include "engine/trace.h"

#include <algorithm>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

constexpr std::size_t kAtOnce = 16;  ///< A span of a trace for each image would be longer than the image's file.

/// Nothing, or why the image cannot be used.
std::optional<Unreadable> decodeInto(const std::filesystem::path& file, const ImageShape& shape,
                                     std::uint8_t* target) try {
    writeShaped(decodeImage(file, std::max(shape.width, shape.height)).pixels, shape, target);
    return std::nullopt;
} catch (const std::bad_alloc&) {
    return Unreadable{0, "it needs more memory than is free", true};
} catch (const cv::Exception& refused) {
    return Unreadable{0, "OpenCV cannot convert it (" + refused.err + ")", refused.code == cv::Error::StsNoMem};
} catch (const PassingFailure& passing) {
    return Unreadable{0, passing.what(), true};
} catch (const std::runtime_error& unreadable) {
    return Unreadable{0, unreadable.what()};
}

}  // namespace

std::vector<Unreadable> decodeAll(const SourceList& list, const ImageShape& shape, const ImageSink& sink,
                                  LoadProgress& progress, const std::stop_token& stop) {
    const std::size_t count = list.images.size();
    std::mutex mutex;
    std::vector<Unreadable> unreadable;
    const auto decode = [&](std::size_t i, std::vector<std::uint8_t>& pixels) {
        std::optional<Unreadable> failure = decodeInto(list.root / list.images[i].path, shape, pixels.data());
        if (!failure) {
            sink(i, pixels);
            return progress.addDecoded(1);
        }
        failure->position = i;
        progress.addSkipped();
        const std::lock_guard lock(mutex);
        unreadable.push_back(std::move(*failure));
    };
    forEachIndex((count + kAtOnce - 1) / kAtOnce, stop, [&](std::size_t block) {
        const TraceSpan span("decode");
        std::vector<std::uint8_t> pixels(shape.bytes());
        const std::size_t end = std::min(count, (block + 1) * kAtOnce);
        for (std::size_t i = block * kAtOnce; i < end && !stop.stop_requested(); ++i) decode(i, pixels);
    });
    throwIfStopped(stop);
    std::ranges::sort(unreadable, {}, &Unreadable::position);
    return unreadable;
}

}  // namespace embedscope
