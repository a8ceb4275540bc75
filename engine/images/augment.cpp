#include "engine/images/augment.h"

#include "engine/augmentation.h"
#include "engine/images/augment_draws.h"
#include "engine/images/augmentation_table.h"

#include <algorithm>
#include <cassert>

namespace embedscope {

Augmenter::Augmenter(const Choice& augmentation, const ImageShape& shape) : shape_(shape) {
    const CatalogEntry& entry = entryOf(augmentationCatalog(), augmentation.id, "augmentation");
    for (const auto& [id, value] : augmentation.parameters) parameterOf(entry, id);  // an unknown name must not pass
    if (entry.parameters.empty()) return;
    const ViewSettings settings = viewSettings(completed(entry, augmentation.parameters));
    place_ = settings.place;
    colour_ = settings.colour.on(shape.channels);
    blur_ = settings.blur;
}

void Augmenter::view(std::span<const std::uint8_t> image, std::uint64_t seed, std::span<std::uint8_t> out) const {
    assert(image.size() == shape_.bytes() && out.size() == shape_.bytes());
    if (place_.any())
        takePlace(image, shape_, drawPlace(place_, shape_, seed), out);
    else
        std::ranges::copy(image, out.begin());
    const Colouring colouring = drawColouring(colour_, seed);
    const double sigma = drawBlur(blur_, seed);
    if (!colouring.any() && sigma == 0) return;
    thread_local Planes planes;
    planes.load(out, shape_);
    colour(planes, colouring);
    if (sigma > 0) blur(planes, sigma);
    if (colouring.solarised) solarise(planes, static_cast<float>(colour_.solariseThreshold));
    planes.store(out);
}

std::uint64_t viewSeed(std::uint64_t stream, std::uint64_t step, std::uint64_t position, std::uint64_t view) {
    return mixed(mixed(mixed(stream ^ mixed(step)) ^ position) ^ view);
}

std::vector<Image> augmentedViews(const DataSet& data, std::size_t index, const Choice& augmentation,
                                  std::uint64_t seed, int count) {
    const Augmenter augmenter(augmentation, data.shape);
    std::vector<Image> views(static_cast<std::size_t>(count), {data.shape, {}});
    for (std::size_t i = 0; i < views.size(); ++i) {
        views[i].pixels.resize(data.shape.bytes());
        augmenter.view(data.image(index), viewSeed(seed, 0, index, i), views[i].pixels);
    }
    return views;
}

}  // namespace embedscope
