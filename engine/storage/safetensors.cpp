// The format of github.com/huggingface/safetensors: the length of a header as 8 bytes, the header in JSON, the numbers
// one tensor after the other.

#include "engine/storage/safetensors.h"

#include "engine/storage/atomic_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace embedscope {
namespace {

using Json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "Tensors are written as the memory lies");

constexpr const char* kMetadata = "__metadata__";
constexpr std::uint64_t kLongestHeader = 16 << 20;
constexpr std::uint64_t kLargestFile = std::uint64_t{4} << 30;
constexpr std::size_t kMostAxes = 8;
constexpr std::size_t kAlignment = 8;

constexpr std::pair<ElementType, std::string_view> kTypeNames[] = {{ElementType::Float32, "F32"},
                                                                   {ElementType::Float64, "F64"},
                                                                   {ElementType::Int32, "I32"},
                                                                   {ElementType::Int64, "I64"},
                                                                   {ElementType::UInt8, "U8"}};

std::string_view nameOf(ElementType type) {
    return std::ranges::find(kTypeNames, type, [](const auto& each) { return each.first; })->second;
}

std::optional<ElementType> typeOf(const Json& name) {
    for (const auto& [type, text] : kTypeNames)
        if (name == text) return type;
    return std::nullopt;
}

std::string headerOf(const std::map<std::string, std::string>& metadata, const std::vector<TensorView>& tensors) {
    Json header = {{kMetadata, metadata}};
    std::uint64_t begin = 0;
    for (const TensorView& tensor : tensors) {
        const std::uint64_t end = begin + tensor.bytes.size();
        header[tensor.name] = {{"dtype", nameOf(tensor.type)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
        begin = end;
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
    return text;
}

/// A file that is being read, for its sentences.
struct Source {
    const std::filesystem::path& file;
    const std::string& kind;
    [[noreturn]] void fail(const std::string& reason) const { failReading(file, kind, reason); }
};

/// A tensor as the header describes it.
struct Place {
    std::string name;
    ElementType type = ElementType::Float32;
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
        if (length > kLargestFile || (length != 0 && count > kLargestFile / length)) return std::nullopt;
        count *= length;
    }
    return count;
}

Place placeOf(const std::string& name, const Json& entry, std::uint64_t dataSize, const Source& source) {
    const auto wrong = [&](const std::string& reason) { source.fail("its tensor \"" + name + "\" " + reason); };
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
        wrong("is not described.");
    if (!entry["dtype"].is_string()) wrong("has no type.");
    const std::optional<ElementType> type = typeOf(entry["dtype"]);
    if (!type) wrong("is of type " + entry["dtype"].get<std::string>().substr(0, 40) + "; save it as float32 (F32).");
    const std::optional<std::uint64_t> count = countOf(entry["shape"]);
    if (!count) wrong("has a shape that cannot be.");
    const Json& offsets = entry["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
        wrong("does not say where it lies.");
    Place place{name, *type, entry["shape"].get<std::vector<std::int64_t>>(), offsets[0].get<std::uint64_t>(),
                offsets[1].get<std::uint64_t>()};
    if (place.begin > place.end || place.end > dataSize || place.end - place.begin != *count * sizeOf(*type))
        wrong("does not agree with the size of the file.");
    return place;
}

/// Of every tensor, in the order of the file. They must fill it without a gap or an overlap.
std::vector<Place> placesOf(const Json& header, std::uint64_t dataSize, const Source& source) {
    if (!header.is_object()) source.fail("its header is not understood.");
    std::vector<Place> places;
    for (const auto& [name, entry] : header.items())
        if (name != kMetadata) places.push_back(placeOf(name, entry, dataSize, source));
    std::ranges::stable_sort(places, {}, [](const Place& place) { return std::pair(place.begin, place.end); });
    std::uint64_t end = 0;
    for (const Place& place : places) {
        if (place.begin != end) source.fail("its tensor \"" + place.name + "\" overlaps another or leaves a gap.");
        end = place.end;
    }
    if (end != dataSize) source.fail("it holds more than its header describes.");
    return places;
}

/// What is no text is left out.
std::map<std::string, std::string> metadataOf(const Json& header) {
    std::map<std::string, std::string> metadata;
    if (!header.contains(kMetadata) || !header[kMetadata].is_object()) return metadata;
    for (const auto& [name, value] : header[kMetadata].items())
        if (value.is_string()) metadata[name] = value.get<std::string>();
    return metadata;
}

void readBytes(std::ifstream& input, void* target, std::uint64_t size, const Source& source) {
    if (!input.read(static_cast<char*>(target), static_cast<std::streamsize>(size))) source.fail("it ends too early.");
}

}  // namespace

void failReading(const std::filesystem::path& file, const std::string& kind, const std::string& reason) {
    throw std::runtime_error("\"" + file.string() + "\" cannot be read as " + kind + ": " + reason);
}

void writeSafeTensors(const std::filesystem::path& file, const std::map<std::string, std::string>& metadata,
                      const std::vector<TensorView>& tensors, Lasting lasting) {
    const std::string header = headerOf(metadata, tensors);
    std::array<char, sizeof(std::uint64_t)> length{};
    const std::uint64_t size = header.size();
    std::memcpy(length.data(), &size, sizeof size);
    AtomicFile output(file);
    output.write(std::string_view(length.data(), length.size()));
    output.write(header);
    for (const TensorView& tensor : tensors) output.write(tensor.bytes);
    lasting == Lasting::Yes ? output.commit() : output.publish();
}

namespace {

/// Open behind its header.
struct Opened {
    std::ifstream input;
    Json header;
    std::uint64_t dataSize = 0;
};

Opened openedAt(const std::filesystem::path& file, const Source& source) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) source.fail("there is no such file.");
    const std::uint64_t size = std::filesystem::file_size(file, error);
    std::ifstream input(file, std::ios::binary);
    if (error || !input) source.fail("it cannot be opened; check its permissions.");
    if (size > kLargestFile) source.fail("it is larger than 4 GiB.");
    std::uint64_t length = 0;
    readBytes(input, &length, sizeof length, source);
    if (length > kLongestHeader || length > size - sizeof length)
        source.fail("it does not begin like a safetensors file.");
    std::string text(length, '\0');
    readBytes(input, text.data(), length, source);
    return {std::move(input), Json::parse(text, nullptr, /*allow_exceptions=*/false), size - sizeof length - length};
}

}  // namespace

SafeTensors readSafeTensors(const std::filesystem::path& file, const std::string& kind) {
    const Source source{file, kind};
    Opened opened = openedAt(file, source);
    SafeTensors read;
    for (Place& place : placesOf(opened.header, opened.dataSize, source)) {
        TypedTensor tensor{std::move(place.name), place.type, std::move(place.shape),
                           std::vector<std::byte>(place.end - place.begin)};
        readBytes(opened.input, tensor.bytes.data(), tensor.bytes.size(), source);
        read.tensors.push_back(std::move(tensor));
    }
    read.metadata = metadataOf(opened.header);
    return read;
}

std::map<std::string, std::string> readSafeTensorsMetadata(const std::filesystem::path& file, const std::string& kind) {
    const Source source{file, kind};
    const Opened opened = openedAt(file, source);
    placesOf(opened.header, opened.dataSize, source);
    return metadataOf(opened.header);
}

}  // namespace embedscope
