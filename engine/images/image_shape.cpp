#include "engine/images/image_shape.h"

#include "engine/images/failure.h"
#include "engine/images/image_file.h"
#include "engine/images/parallel.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <new>
#include <stdexcept>

namespace embedscope {
namespace {

constexpr std::size_t kMostLookedAt = 200;
constexpr std::size_t kFewestLookedAt = 24;
constexpr std::uint64_t kBytesLookedAt = 200ULL << 20;  // a few seconds of decoding when the files are photographs
constexpr int kSmallestOwnSide = 8;
constexpr int kLargestOwnSide = 64;
constexpr int kSmallSide = 32;

struct Look {
    int side = 0;  ///< 0: unreadable.
    bool grey = false;
    std::string reason;
};

bool isGrey(const cv::Mat& image) {
    if (image.channels() == 1) return true;
    for (int y = 0; y < image.rows; ++y) {
        const auto* row = image.ptr<cv::Vec3b>(y);
        for (int x = 0; x < image.cols; ++x)
            if (row[x][0] != row[x][1] || row[x][1] != row[x][2]) return false;
    }
    return true;
}

std::size_t lookedAt(const SourceList& list) {
    if (list.images.empty()) return 0;
    std::uint64_t bytes = 1;
    for (const ImageSource& image : list.images) bytes += image.bytes;
    const std::uint64_t affordable = kBytesLookedAt / std::max<std::uint64_t>(1, bytes / list.images.size());
    const std::size_t wanted = std::clamp<std::uint64_t>(affordable, kFewestLookedAt, kMostLookedAt);
    return std::min(list.images.size(), wanted);
}

std::vector<Look> lookAtImages(const SourceList& list, LoadProgress& progress, const std::stop_token& stop) {
    std::vector<Look> looks(lookedAt(list));
    const std::size_t places = std::min(looks.size(), kPreviewImages);
    forEachIndex(looks.size(), stop, [&](std::size_t i) {
        const ImageSource& source = list.images[i * list.images.size() / looks.size()];
        try {
            const DecodedImage image = decodeImage(list.root / source.path, kLargestOwnSide);
            looks[i].side = image.ownSide;
            looks[i].grey = isGrey(image.pixels);
            const std::size_t place = i * places / looks.size();
            const bool firstOfPlace = i == 0 || (i - 1) * places / looks.size() != place;
            if (firstOfPlace) progress.addPreview(place, pictureOf(image.pixels, kLargestOwnSide));
        } catch (const std::bad_alloc&) {
            looks[i].reason = "it needs more memory than is free";
        } catch (const std::exception& unreadable) {  // OpenCV's own are no runtime_error
            looks[i].reason = unreadable.what();      // it is counted and listed when all are decoded
        }
    });
    return looks;
}

}  // namespace

int automaticSide(std::vector<int> shorterSides) {
    if (shorterSides.empty()) return kLargestOwnSide;
    std::ranges::sort(shorterSides);
    const int smallest = shorterSides.front();
    if (smallest == shorterSides.back() && smallest >= kSmallestOwnSide && smallest <= kLargestOwnSide) return smallest;
    const int median = shorterSides[shorterSides.size() / 2];
    return median < (kSmallSide + kLargestOwnSide) / 2 ? kSmallSide : kLargestOwnSide;
}

OwnLook lookAt(const SourceList& list, LoadProgress& progress, std::stop_token stop) {
    const std::vector<Look> looks = lookAtImages(list, progress, stop);
    throwIfStopped(stop);
    std::vector<int> sides;
    bool grey = true;
    for (const Look& look : looks) {
        if (look.side == 0) continue;
        sides.push_back(look.side);
        grey = grey && look.grey;
    }
    if (sides.empty())
        fail(list.root, "cannot be opened: none of the " + grouped(looks.size()) + " images looked at can be read. " +
                            "The first is " + inQuotes(list.images.front().path) + "; " + looks.front().reason + ".");
    return {automaticSide(std::move(sides)), grey};
}

ImageShape shapeFor(const OwnLook& own, const DataSettings& settings) {
    const int side = settings.imageSize > 0 ? settings.imageSize : own.side;
    const bool wantsGrey = settings.channels == Channels::Automatic ? own.grey : settings.channels == Channels::Grey;
    return {side, side, wantsGrey ? 1 : 3};
}

}  // namespace embedscope
