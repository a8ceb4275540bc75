#include "engine/exports/kept_encoder.h"

#include "engine/run_resume.h"
#include "engine/training/kept_pixels.h"

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace embedscope {
namespace {

/// Every tensor of the part by the encoder's own names.
std::vector<NamedValues> valuesOf(const Checkpoint& checkpoint, std::string_view part) {
    std::vector<NamedValues> values;
    for (const TypedTensor& tensor : checkpoint.state) {
        if (!tensor.name.starts_with(part) || tensor.type != ElementType::Float32) continue;
        NamedValues named{tensor.name.substr(part.size()), tensor.shape,
                          std::vector<float>(tensor.bytes.size() / sizeof(float))};
        if (!named.values.empty()) std::memcpy(named.values.data(), tensor.bytes.data(), tensor.bytes.size());
        values.push_back(std::move(named));
    }
    return values;
}

}  // namespace

KeptEncoder keptEncoder(const std::filesystem::path& runFolder) {
    const ResumePoint point = resumePointOf(runFolder);
    if (!point.checkpoint)
        throw std::runtime_error("The run \"" + runFolder.string() +
                                 "\" ended before its first checkpoint; train it for an epoch first.");
    const Checkpoint& checkpoint = *point.checkpoint;
    const StateReader state(checkpoint.state);
    KeptPixels pixels = loadPixels(state.part("pixels"));
    const CatalogEntry& entry = entryOf(encoderCatalog(), checkpoint.settings.encoder.id, "encoder");
    KeptEncoder kept{
        checkpoint.settings, pixels.shape, std::move(pixels.scale.factor), std::move(pixels.scale.offset), {}};
    kept.weights.encoder = {entry.id, completed(entry, checkpoint.settings.encoder.parameters)};
    kept.weights.tensors = valuesOf(checkpoint, state.has("average.steps") ? "average.encoder." : "encoder.");
    return kept;
}

}  // namespace embedscope
