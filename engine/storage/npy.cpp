#include "engine/storage/npy.h"

#include "engine/storage/atomic_file.h"
#include "engine/storage/npy_header.h"

#include <bit>
#include <cassert>
#include <fstream>
#include <stdexcept>
#include <string>

namespace embedscope {
namespace {

static_assert(std::endian::native == std::endian::little, "NumPy files are written as the memory lies");

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLongestHeader = 64 * 1024;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& reason) {
    throw std::runtime_error("\"" + file.string() + "\" cannot be read as a NumPy array: " + reason);
}

template <typename Number>
void writeArray(const std::filesystem::path& file, std::string_view type, std::span<const Number> values,
                const std::vector<std::size_t>& shape) {
    assert(elementCount(shape) == values.size());
    std::string header = npyHeaderText(type, shape);
    const std::size_t unpadded = kMagic.size() + 4 + header.size() + 1;
    header.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
    header += '\n';
    AtomicFile output(file);
    output.write(std::string(kMagic) + '\1' + '\0' + static_cast<char>(header.size() & 0xff) +
                 static_cast<char>(header.size() >> 8) + header);
    output.write(std::as_bytes(values));
    output.commit();
}

/// Reads exactly `size` bytes into `target`.
void readBytes(std::ifstream& input, char* target, std::size_t size, const std::filesystem::path& file) {
    if (!input.read(target, static_cast<std::streamsize>(size))) fail(file, "it ends too early.");
}

/// The header's text; `input` stands at the first element afterwards.
std::string readHeader(std::ifstream& input, const std::filesystem::path& file) {
    std::string start(kMagic.size() + 2, '\0');
    readBytes(input, start.data(), start.size(), file);
    if (!start.starts_with(kMagic)) fail(file, "it does not begin like one.");
    const int version = static_cast<unsigned char>(start[kMagic.size()]);
    if (version < 1 || version > 3) fail(file, "its format " + std::to_string(version) + " is not known (1 to 3 are).");
    std::string length(version == 1 ? 2 : 4, '\0');
    readBytes(input, length.data(), length.size(), file);
    std::size_t size = 0;
    for (std::size_t i = 0; i < length.size(); ++i)
        size |= std::size_t{static_cast<unsigned char>(length[i])} << (8 * i);
    if (size > kLongestHeader) fail(file, "its header claims " + std::to_string(size) + " bytes.");
    std::string text(size, '\0');
    readBytes(input, text.data(), size, file);
    return text;
}

template <typename Number>
std::vector<Number> readValues(std::ifstream& input, const NpyHeader& header, const std::filesystem::path& file) {
    const auto begin = static_cast<std::uintmax_t>(input.tellg());
    const std::uintmax_t there = std::filesystem::file_size(file) - begin;
    const auto count = elementCount(header.shape);
    if (!count || *count > there / sizeof(Number) || *count * sizeof(Number) != there)
        fail(file, "its header claims a shape that does not agree with its size; write it anew.");
    std::vector<Number> values(*count);
    if (!values.empty()) readBytes(input, reinterpret_cast<char*>(values.data()), there, file);
    return values;
}

}  // namespace

void writeNpy(const std::filesystem::path& file, std::span<const float> values, std::vector<std::size_t> shape) {
    writeArray(file, "<f4", values, shape);
}

void writeNpy(const std::filesystem::path& file, std::span<const std::int32_t> values, std::vector<std::size_t> shape) {
    writeArray(file, "<i4", values, shape);
}

NpyArray readNpy(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) fail(file, "there is no such file.");
    std::ifstream input(file, std::ios::binary);
    if (!input) fail(file, "it cannot be opened; check its permissions.");
    const std::optional<NpyHeader> header = parseNpyHeader(readHeader(input, file));
    if (!header) fail(file, "its header is not understood.");
    if (header->fortranOrder) fail(file, "it is in Fortran order; save numpy.ascontiguousarray(x).");

    NpyArray array{header->shape, {}};
    if (header->type == "<f4")
        array.values = readValues<float>(input, *header, file);
    else if (header->type == "<f8")
        array.values = readValues<double>(input, *header, file);
    else if (header->type == "<i4")
        array.values = readValues<std::int32_t>(input, *header, file);
    else if (header->type == "<i8")
        array.values = readValues<std::int64_t>(input, *header, file);
    else
        fail(file, "its numbers are \"" + header->type + "\"; save them as float32, float64, int32 or int64.");
    return array;
}

}  // namespace embedscope
