#include "engine/storage/checkpoint_file.h"

#include "engine/storage/safetensors.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

const std::string kKind = "a checkpoint";
/// Changes whenever an older program could not go on from it.
constexpr std::string_view kFormat = "1";
constexpr std::string_view kEpochPrefix = "epoch_", kSuffix = ".safetensors";

template <typename T>
std::optional<T> numberOf(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string textOf(double value) {
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    return {text, end};
}

/// CRC-32 over the numbers of all tensors, in the file's order.
std::string checksumOf(const std::vector<TypedTensor>& tensors) {
    uLong crc = ::crc32_z(0, nullptr, 0);
    for (const TypedTensor& tensor : tensors)
        crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(tensor.bytes.data()), tensor.bytes.size());
    return std::to_string(crc);
}

/// The texts beside the tensors, with their sentences.
class Metadata {
public:
    Metadata(const fs::path& file, std::map<std::string, std::string> texts) : file_(file), texts_(std::move(texts)) {}

    const std::string& text(const std::string& name) const {
        const auto found = texts_.find(name);
        if (found == texts_.end()) fail("it says nothing of \"" + name + "\".");
        return found->second;
    }
    template <typename T>
    T number(const std::string& name, T least, T most = std::numeric_limits<T>::max()) const {
        const std::optional<T> value = numberOf<T>(text(name));
        if (!value || !(*value >= least && *value <= most)) fail("its \"" + name + "\" is out of range.");
        return *value;
    }
    bool has(const std::string& name) const { return texts_.contains(name); }
    [[noreturn]] void fail(const std::string& reason) const { failReading(file_, kKind, reason); }

private:
    const fs::path& file_;
    std::map<std::string, std::string> texts_;
};

Experiment settingsOf(const Metadata& metadata) try {
    return experimentFromJson(metadata.text("experiment"));
} catch (const std::runtime_error& wrong) {
    metadata.fail(std::string("its settings are not understood: ") + wrong.what());
}

}  // namespace

void writeCheckpoint(const fs::path& file, const Checkpoint& checkpoint, std::uint64_t metricsBytes,
                     std::uint64_t eventsBytes) {
    const std::map<std::string, std::string> metadata{{"program", "embedscope"},
                                                      {"program_version", std::string(programVersion())},
                                                      {"checkpoint_format", std::string(kFormat)},
                                                      {"experiment", toJson(checkpoint.settings)},
                                                      {"data_fingerprint", checkpoint.dataFingerprint},
                                                      {"samples", std::to_string(checkpoint.samples)},
                                                      {"step", std::to_string(checkpoint.step)},
                                                      {"steps_per_epoch", std::to_string(checkpoint.stepsPerEpoch)},
                                                      {"seconds", textOf(checkpoint.seconds)},
                                                      {"metrics_bytes", std::to_string(metricsBytes)},
                                                      {"events_bytes", std::to_string(eventsBytes)},
                                                      {"crc32", checksumOf(checkpoint.state)}};
    std::vector<TensorView> views;
    for (const TypedTensor& tensor : checkpoint.state)
        views.push_back({tensor.name, tensor.type, tensor.shape, tensor.bytes});
    writeSafeTensors(file, metadata, views);
}

SavedCheckpoint readCheckpoint(const fs::path& file) {
    SafeTensors read = readSafeTensors(file, kKind);
    const Metadata metadata(file, std::move(read.metadata));
    if (const std::string& format = metadata.text("checkpoint_format"); format != kFormat)
        metadata.fail("it is of format \"" + format.substr(0, 20) + "\", written by version " +
                      metadata.text("program_version").substr(0, 20) +
                      "; go on with that version, or start a new run from the weights in weights.safetensors.");
    // Older ones have none.
    if (metadata.has("crc32") && metadata.text("crc32") != checksumOf(read.tensors))
        metadata.fail("its checksum does not fit its numbers: it was damaged after it was written.");
    SavedCheckpoint saved;
    Checkpoint& checkpoint = saved.checkpoint;
    checkpoint.settings = settingsOf(metadata);
    checkpoint.dataFingerprint = metadata.text("data_fingerprint");
    checkpoint.samples = metadata.number<std::size_t>("samples", 0);
    checkpoint.step = metadata.number<std::int64_t>("step", 0);
    checkpoint.stepsPerEpoch = metadata.number<std::int64_t>("steps_per_epoch", 1);
    checkpoint.seconds = metadata.number<double>("seconds", 0, 1e10);
    saved.metricsBytes = metadata.number<std::uint64_t>("metrics_bytes", 0);
    saved.eventsBytes = metadata.number<std::uint64_t>("events_bytes", 0);
    checkpoint.state = std::move(read.tensors);
    return saved;
}

CheckpointPlace readCheckpointPlace(const fs::path& file) {
    const Metadata metadata(file, readSafeTensorsMetadata(file, kKind));
    return {metadata.number<std::int64_t>("step", 0), metadata.number<std::uint64_t>("metrics_bytes", 0),
            metadata.number<std::uint64_t>("events_bytes", 0)};
}

fs::path pausedFile(const fs::path& runFolder) {
    return runFolder / "checkpoints" / "paused.safetensors";
}

fs::path checkpointFile(const fs::path& runFolder, std::int64_t epoch) {
    std::string name(kEpochPrefix);
    name += std::to_string(epoch);
    return runFolder / "checkpoints" / (name += kSuffix);
}

fs::path checkpointFile(const fs::path& runFolder, const Checkpoint& checkpoint) {
    if (!checkpoint.endsEpoch()) return pausedFile(runFolder);
    return checkpointFile(runFolder, checkpoint.step / checkpoint.stepsPerEpoch);
}

std::vector<std::int64_t> savedEpochs(const fs::path& runFolder) {
    std::vector<std::int64_t> epochs;
    std::error_code none;
    for (fs::directory_iterator at(runFolder / "checkpoints", none), end; !none && at != end; at.increment(none)) {
        const std::string name = at->path().filename().string();
        if (!name.starts_with(kEpochPrefix) || !name.ends_with(kSuffix)) continue;
        const std::size_t length = name.size() - kEpochPrefix.size() - kSuffix.size();
        if (const auto epoch = numberOf<std::int64_t>(std::string_view(name).substr(kEpochPrefix.size(), length)))
            epochs.push_back(*epoch);
    }
    std::ranges::sort(epochs);
    return epochs;
}

std::vector<std::int64_t> passingEpochs(const std::vector<std::int64_t>& epochs, std::size_t most) {
    constexpr std::size_t kAlways = 2;
    if (epochs.size() <= kAlways) return {};
    const std::span older(epochs.begin(), epochs.end() - kAlways);
    std::int64_t every = 1;
    const auto passes = [&every](std::int64_t epoch) { return epoch % every != 0; };
    const auto kept = [&] { return older.size() - static_cast<std::size_t>(std::ranges::count_if(older, passes)); };
    while (kept() > most && every <= epochs.back()) every *= 2;
    std::vector<std::int64_t> passing;
    for (const std::int64_t epoch : older)
        if (most == 0 || passes(epoch)) passing.push_back(epoch);
    return passing;
}

}  // namespace embedscope
