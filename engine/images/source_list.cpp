#include "engine/images/source_list.h"

#include "engine/images/digest.h"

#include <map>
#include <set>
#include <string_view>

namespace embedscope {
void fillSamples(const SourceList& list, DataSet& data) {
    std::set<std::string> names;
    bool anySplit = false;
    for (const ImageSource& image : list.images) {
        if (!image.className.empty()) names.insert(image.className);
        anySplit |= image.split.has_value();
    }
    data.classNames.assign(names.begin(), names.end());
    std::map<std::string_view, std::int32_t> labels;
    for (const std::string& name : data.classNames) labels.emplace(name, static_cast<std::int32_t>(labels.size()));

    data.samples.reserve(list.images.size());
    for (const ImageSource& image : list.images) {
        const std::int32_t label = image.className.empty() ? kUnlabelled : labels.at(image.className);
        data.samples.push_back({image.path, label, Split::Train});
        if (anySplit) data.folderSplit.push_back(image.split.value_or(Split::Train));
    }
    data.root = list.root;
    data.name = list.name;
    data.skipped = list.skipped;
}

std::string fingerprintOf(const SourceList& list, const ImageShape& shape) {
    Digest digest;
    digest.add(static_cast<std::uint64_t>(shape.height));
    digest.add(static_cast<std::uint64_t>(shape.width));
    digest.add(static_cast<std::uint64_t>(shape.channels));
    for (const ImageSource& image : list.images) {
        digest.add(image.path);
        digest.add(image.className);
        digest.add(image.split ? 1 + static_cast<std::uint64_t>(*image.split) : 0);
        digest.add(image.bytes);
        digest.add(static_cast<std::uint64_t>(image.modified));
    }
    return digest.hex();
}

}  // namespace embedscope
