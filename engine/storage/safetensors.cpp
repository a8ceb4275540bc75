// The format of github.com/huggingface/safetensors: the length of a header as 8 bytes, the header in JSON, the numbers
// one tensor after the other.

#include "engine/encoder_weights.h"
#include "engine/storage/atomic_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "Weights are written as the memory lies");

constexpr const char* kMetadata = "__metadata__";
constexpr std::uint64_t kLongestHeader = 16 << 20;
constexpr std::uint64_t kLargestFile = std::uint64_t{4} << 30;
constexpr std::size_t kMostAxes = 8;
constexpr std::size_t kAlignment = 8;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& reason) {
    throw std::runtime_error("\"" + file.string() + "\" cannot be read as saved weights: " + reason);
}

std::string headerOf(const EncoderWeights& weights) {
    Json metadata = {{"program", "embedscope"}, {"encoder", weights.encoder.id}};
    for (const auto& [id, value] : weights.encoder.parameters) metadata["encoder." + id] = Json(value).dump();
    Json header = {{kMetadata, metadata}};
    std::uint64_t begin = 0;
    for (const NamedValues& tensor : weights.tensors) {
        const std::uint64_t end = begin + tensor.values.size() * sizeof(float);
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
        begin = end;
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
    return text;
}

/// A tensor as the header describes it.
struct Place {
    std::string name;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;
};

/// Numbers in a tensor of this shape; empty if it cannot be one.
std::optional<std::uint64_t> countOf(const Json& shape) {
    if (!shape.is_array() || shape.size() > kMostAxes) return std::nullopt;
    std::uint64_t count = 1;
    for (const Json& axis : shape) {
        if (!axis.is_number_unsigned()) return std::nullopt;
        const auto length = axis.get<std::uint64_t>();
        if (length != 0 && count > kLargestFile / length) return std::nullopt;
        count *= length;
    }
    return count;
}

Place placeOf(const std::string& name, const Json& entry, std::uint64_t dataSize, const std::filesystem::path& file) {
    const auto wrong = [&](const std::string& reason) { fail(file, "its tensor \"" + name + "\" " + reason); };
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
        wrong("is not described.");
    if (!entry["dtype"].is_string()) wrong("has no type.");
    if (entry["dtype"] != "F32")
        wrong("is of type " + entry["dtype"].get<std::string>() + "; save it as float32 (F32).");
    const std::optional<std::uint64_t> count = countOf(entry["shape"]);
    if (!count) wrong("has a shape that cannot be.");
    const Json& offsets = entry["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
        wrong("does not say where it lies.");
    Place place{name, entry["shape"].get<std::vector<std::int64_t>>(), offsets[0].get<std::uint64_t>(),
                offsets[1].get<std::uint64_t>()};
    if (place.begin > place.end || place.end > dataSize || place.end - place.begin != *count * sizeof(float))
        wrong("does not agree with the size of the file.");
    return place;
}

/// Of every tensor, in the order of the file. They must fill it without a gap or an overlap.
std::vector<Place> placesOf(const Json& header, std::uint64_t dataSize, const std::filesystem::path& file) {
    if (!header.is_object()) fail(file, "its header is not understood.");
    std::vector<Place> places;
    for (const auto& [name, entry] : header.items())
        if (name != kMetadata) places.push_back(placeOf(name, entry, dataSize, file));
    std::ranges::stable_sort(places, {}, [](const Place& place) { return std::pair(place.begin, place.end); });
    std::uint64_t end = 0;
    for (const Place& place : places) {
        if (place.begin != end) fail(file, "its tensor \"" + place.name + "\" overlaps another or leaves a gap.");
        end = place.end;
    }
    if (end != dataSize) fail(file, "it holds more than its header describes.");
    return places;
}

std::string encoderOf(const Json& header) {
    if (!header.contains(kMetadata) || !header[kMetadata].is_object()) return "";
    const Json& metadata = header[kMetadata];
    return metadata.contains("encoder") && metadata["encoder"].is_string() ? metadata["encoder"].get<std::string>()
                                                                           : "";
}

void readBytes(std::ifstream& input, void* target, std::uint64_t size, const std::filesystem::path& file) {
    if (!input.read(static_cast<char*>(target), static_cast<std::streamsize>(size))) fail(file, "it ends too early.");
}

}  // namespace

void writeWeights(const std::filesystem::path& file, const EncoderWeights& weights) {
    const std::string header = headerOf(weights);
    std::array<char, sizeof(std::uint64_t)> length{};
    const std::uint64_t size = header.size();
    std::memcpy(length.data(), &size, sizeof size);
    AtomicFile output(file);
    output.write(std::string_view(length.data(), length.size()));
    output.write(header);
    for (const NamedValues& tensor : weights.tensors) output.write(std::as_bytes(std::span(tensor.values)));
    output.commit();
}

EncoderWeights readWeights(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) fail(file, "there is no such file.");
    const std::uint64_t size = std::filesystem::file_size(file, error);
    std::ifstream input(file, std::ios::binary);
    if (error || !input) fail(file, "it cannot be opened; check its permissions.");
    if (size > kLargestFile) fail(file, "it is larger than 4 GiB.");
    std::uint64_t length = 0;
    readBytes(input, &length, sizeof length, file);
    if (length > kLongestHeader || length > size - sizeof length)
        fail(file, "it does not begin like a safetensors file.");
    std::string text(length, '\0');
    readBytes(input, text.data(), length, file);
    const Json header = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    const std::vector<Place> places = placesOf(header, size - sizeof length - length, file);

    EncoderWeights weights;
    weights.encoder.id = encoderOf(header);
    for (const Place& place : places) {
        NamedValues tensor{place.name, place.shape, std::vector<float>((place.end - place.begin) / sizeof(float))};
        readBytes(input, tensor.values.data(), place.end - place.begin, file);
        weights.tensors.push_back(std::move(tensor));
    }
    return weights;
}

}  // namespace embedscope
