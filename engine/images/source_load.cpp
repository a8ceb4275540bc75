#include "engine/images/source_load.h"

#include "engine/images/cache_read.h"
#include "engine/images/cache_write.h"
#include "engine/images/decode_all.h"
#include "engine/images/digest.h"
#include "engine/images/failure.h"
#include "engine/images/image_shape.h"
#include "engine/images/memory_bound.h"
#include "engine/trace.h"

#include <opencv2/core/version.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

namespace embedscope {
namespace {

/// What decides decoded pixels beside the shape. The time of change is in it, so that a file that was replaced by one
/// of the same size and given its old time is decoded anew; so is OpenCV, as versions round differently.
std::uint64_t cacheKeyOf(const SourceList& list) {
    Digest digest;
    digest.add(CV_VERSION);
    digest.add(std::filesystem::weakly_canonical(list.root).string());
    for (const ImageSource& image : list.images) {
        digest.add(image.path);
        digest.add(image.bytes);
        digest.add(static_cast<std::uint64_t>(image.modified));
        digest.add(static_cast<std::uint64_t>(image.changed));
    }
    return digest.value();
}

/// Decoded images and their shape, from wherever.
struct Decoded {
    ImageShape shape;
    SharedBytes pixels;
    std::vector<Unreadable> unreadable;
    bool fromCache = false;
};

/// Takes the unreadable images out of the list.
void dropUnreadable(SourceList& list, const std::vector<Unreadable>& unreadable) {
    std::size_t kept = 0;
    auto next = unreadable.begin();
    for (std::size_t i = 0; i < list.images.size(); ++i) {
        if (next != unreadable.end() && next->position == i) {
            list.skipped.push_back({std::move(list.images[i].path), sentence(next->reason)});
            ++next;
            continue;
        }
        if (kept != i) list.images[kept] = std::move(list.images[i]);
        ++kept;
    }
    list.images.resize(kept);
    std::ranges::stable_sort(list.skipped, {}, &SkippedFile::path);
}

class SourceLoad {
public:
    SourceLoad(SourceList list, const DataSettings& settings, const ImageCache& cache, LoadProgress& progress,
               std::stop_token stop)
        : list_(std::move(list)),
          settings_(settings),
          cache_(cache),
          progress_(progress),
          stop_(std::move(stop)),
          found_(list_.images.size()),
          key_(cache.enabled() ? cacheKeyOf(list_) : 0) {}

    std::shared_ptr<const DataSet> run() {
        std::optional<Decoded> decoded = fromCache();
        if (!decoded) decoded = decodedNow();
        if (decoded->unreadable.size() == found_)
            fail(settings_.folder, "holds no image that can be read. " + sentence(decoded->unreadable.front().reason));
        dropUnreadable(list_, decoded->unreadable);
        auto data = std::make_shared<DataSet>();
        fillSamples(list_, *data);
        data->shape = decoded->shape;
        data->fingerprint = fingerprintOf(list_, data->shape);
        data->pixels = std::move(decoded->pixels);
        data->fromCache = decoded->fromCache;
        if (data->fromCache) showPreviews(*data);
        return data;
    }

private:
    std::optional<Decoded> fromCache() {
        if (!cache_.enabled()) return std::nullopt;
        const TraceSpan span("read cache");
        auto images = readCached(cache_, key_, found_, settings_);
        if (!images) return std::nullopt;
        progress_.beginDecoding(found_);
        progress_.addDecoded(found_ - images->unreadable.size());
        return Decoded{images->shape, std::move(images->pixels), std::move(images->unreadable), true};
    }

    Decoded decodedNow() {
        progress_.beginDecoding(found_);
        const OwnLook own = lookAt(list_, progress_, stop_);
        const ImageShape shape = shapeFor(own, settings_);
        if (cache_.enabled()) {
            try {
                return throughCache(own, shape);
            } catch (const std::runtime_error& refusal) {
                progress_.remark(std::string("The decoded images are not kept for the next time: ") + refusal.what());
                progress_.restartDecoding();
            }
        }
        return intoMemory(shape);
    }

    /// Memory holds none of them but as the system's cache of files, which makes way where it is needed.
    Decoded throughCache(const OwnLook& own, const ImageShape& shape) {
        CacheWriter writer(cache_, {.key = key_, .shape = shape, .own = own, .found = found_});
        auto unreadable = decodeAll(
            list_, shape, [&](std::size_t i, auto pixels) { writer.put(i, pixels); }, progress_, stop_);
        if (unreadable.size() == found_) return {shape, {}, std::move(unreadable)};
        SharedBytes pixels = writer.finish(unreadable);
        return {shape, std::move(pixels), std::move(unreadable)};
    }

    Decoded intoMemory(const ImageShape& shape) {
        const std::size_t each = shape.bytes();
        checkFitsMemory(settings_.folder, static_cast<double>(found_) * static_cast<double>(each));
        auto pixels = std::make_shared<std::vector<std::uint8_t>>(found_ * each);
        auto unreadable = decodeAll(
            list_, shape, [&](std::size_t i, auto image) { std::ranges::copy(image, pixels->data() + i * each); },
            progress_, stop_);
        closeGaps(*pixels, each, unreadable);
        return {shape, SharedBytes(std::move(pixels)), std::move(unreadable)};
    }

    /// Each run of images behind a gap moves up by the gaps before it.
    void closeGaps(std::vector<std::uint8_t>& pixels, std::size_t each, const std::vector<Unreadable>& gaps) const {
        for (std::size_t i = 0; i < gaps.size(); ++i) {
            const std::size_t first = gaps[i].position + 1;
            const std::size_t last = i + 1 < gaps.size() ? gaps[i + 1].position : found_;
            std::memmove(pixels.data() + (first - i - 1) * each, pixels.data() + first * each, (last - first) * each);
        }
        pixels.resize((found_ - gaps.size()) * each);
    }

    void showPreviews(const DataSet& data) {
        const std::size_t places = std::min(kPreviewImages, data.size());
        for (std::size_t place = 0; place < places; ++place) {
            const auto pixels = data.image(place * data.size() / places);
            progress_.addPreview(place, {data.shape, {pixels.begin(), pixels.end()}});
        }
    }

    SourceList list_;
    const DataSettings& settings_;
    const ImageCache& cache_;
    LoadProgress& progress_;
    const std::stop_token stop_;
    const std::size_t found_;
    const std::uint64_t key_;
};

}  // namespace

std::shared_ptr<const DataSet> loadSources(SourceList list, const DataSettings& settings, const ImageCache& cache,
                                           LoadProgress& progress, std::stop_token stop) {
    return SourceLoad(std::move(list), settings, cache, progress, std::move(stop)).run();
}

}  // namespace embedscope
