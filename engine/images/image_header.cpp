#include "engine/images/image_header.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <utility>

namespace embedscope {
namespace {

using Bytes = std::span<const std::uint8_t>;
using Size = std::pair<std::uint64_t, std::uint64_t>;  // width, height; 0, 0: not found

constexpr std::size_t kTextHeader = 4096;  // the headers that are text end long before

/// `count` bytes at `at` as a number; 0 beyond the end.
std::uint64_t big(Bytes file, std::size_t at, std::size_t count) {
    if (at > file.size() || count > file.size() - at) return 0;
    std::uint64_t value = 0;
    for (const std::uint8_t byte : file.subspan(at, count)) value = value << 8 | byte;
    return value;
}

std::uint64_t little(Bytes file, std::size_t at, std::size_t count) {
    if (at > file.size() || count > file.size() - at) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | file[at + i];
    return value;
}

bool holds(Bytes file, std::size_t at, std::string_view text) {
    return at <= file.size() && text.size() <= file.size() - at &&
           std::equal(text.begin(), text.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char wanted, std::uint8_t byte) { return static_cast<std::uint8_t>(wanted) == byte; });
}

Size pngSize(Bytes file) {
    return {big(file, 16, 4), big(file, 20, 4)};
}

/// Walks the segments up to the frame header: SOF0 to SOF15 without DHT, JPG and DAC, which lie between them.
Size jpegSize(Bytes file) {
    std::size_t at = 2;
    while (at + 9 <= file.size()) {
        const std::uint8_t marker = file[at + 1];
        if (file[at] != 0xff || marker == 0xff || marker == 0) {  // fill bytes and strays, which decoders pass over too
            ++at;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {  // TEM and RST have no length
            at += 2;
            continue;
        }
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
            return {big(file, at + 7, 2), big(file, at + 5, 2)};
        at += 2 + big(file, at + 2, 2);
    }
    return {};
}

/// A negative height means rows from top to bottom.
Size bmpSize(Bytes file) {
    if (little(file, 14, 4) == 12) return {little(file, 18, 2), little(file, 20, 2)};
    const auto height = static_cast<std::int32_t>(little(file, 22, 4));
    return {little(file, 18, 4), static_cast<std::uint64_t>(std::abs(static_cast<std::int64_t>(height)))};
}

Size gifSize(Bytes file) {
    return {little(file, 6, 2), little(file, 8, 2)};
}

Size webpSize(Bytes file) {
    if (holds(file, 12, "VP8X")) return {little(file, 24, 3) + 1, little(file, 27, 3) + 1};
    if (holds(file, 12, "VP8 ")) return {little(file, 26, 2) & 0x3fff, little(file, 28, 2) & 0x3fff};
    if (!holds(file, 12, "VP8L")) return {};
    const std::uint64_t bits = little(file, 21, 4);
    return {(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
}

/// Tags 256 and 257 of the first directory. Of types other than SHORT and LONG the value may lie elsewhere, where
/// decoders find it.
template <auto number>
Size tiffSize(Bytes file) {
    Size size{};
    const std::uint64_t directory = number(file, 4, 4);
    const std::uint64_t entries = number(file, directory, 2);
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + 12 * i;
        const std::uint64_t tag = number(file, at, 2), type = number(file, at + 2, 2);
        if (tag != 256 && tag != 257) continue;
        if (type != 3 && type != 4) return {};
        const std::uint64_t value = number(file, at + 8, type == 3 ? 2 : 4);
        if (tag == 256 && size.first == 0) size.first = value;  // of a tag given twice the first counts
        if (tag == 257 && size.second == 0) size.second = value;
    }
    return size;
}

Size rasterSize(Bytes file) {
    return {big(file, 4, 4), big(file, 8, 4)};
}

std::string textHeader(Bytes file) {
    const auto end = file.begin() + static_cast<std::ptrdiff_t>(std::min(file.size(), kTextHeader));
    return {file.begin(), end};
}

/// The number after `mark`, leading blanks skipped; 0 if there is none.
std::uint64_t numberAfter(const std::string& text, std::string_view mark) {
    std::size_t at = text.find(mark);
    if (at == std::string::npos) return 0;
    at = text.find_first_not_of(" \t", at + mark.size());
    std::uint64_t value = 0;
    if (at != std::string::npos) std::from_chars(text.data() + at, text.data() + text.size(), value);
    return value;
}

/// "P6 # a remark", then width and height, in any white space.
Size pnmSize(Bytes file) {
    const std::string text = textHeader(file);
    std::array<std::uint64_t, 2> numbers{};
    std::size_t at = 2;
    for (std::uint64_t& value : numbers) {
        while (at < text.size() && !std::isdigit(static_cast<unsigned char>(text[at])))
            at = text[at] == '#' ? text.find('\n', at) : at + 1;
        if (at >= text.size()) return {};
        const auto end = std::from_chars(text.data() + at, text.data() + text.size(), value).ptr;
        at = static_cast<std::size_t>(end - text.data());
    }
    return {numbers[0], numbers[1]};
}

/// At the beginning of a line: a remark may say anything.
Size pamSize(Bytes file) {
    const std::string text = textHeader(file);
    return {numberAfter(text, "\nWIDTH"), numberAfter(text, "\nHEIGHT")};
}

/// In the line behind the first empty one.
Size radianceSize(Bytes file) {
    const std::string text = textHeader(file);
    const std::size_t at = text.find("\n\n");
    if (at == std::string::npos) return {};
    const std::string line = text.substr(at + 2, text.find('\n', at + 2) - at - 2);
    return {numberAfter(line, "+X"), numberAfter(line, "-Y")};
}

/// The bare codestream, without the boxes of a .jp2 file.
Size codestreamSize(Bytes file) {
    return {big(file, 8, 4), big(file, 12, 4)};
}

/// That of the codestream, which is what is decoded, whatever the header box says.
Size jpeg2000Size(Bytes file) {
    for (std::size_t at = 0; at + 8 <= file.size();) {
        const std::uint64_t stated = big(file, at, 4);
        const std::uint64_t length = stated == 1 ? big(file, at + 8, 8) : stated == 0 ? file.size() - at : stated;
        const std::size_t content = at + (stated == 1 ? 16 : 8);
        if (content > file.size()) return {};
        if (holds(file, at + 4, "jp2c")) return codestreamSize(file.subspan(content));
        if (length < content - at || length > file.size() - at) return {};
        at += length;
    }
    return {};
}

Size heifSize(Bytes file) {
    const std::size_t at = textHeader(file).find("ispe");
    if (at == std::string::npos) return {};
    return {big(file, at + 8, 4), big(file, at + 12, 4)};
}

/// The corners of the attribute dataWindow, both inside.
Size exrSize(Bytes file) {
    constexpr std::string_view kName("dataWindow\0box2i\0\x10\0\0\0", 21);
    const std::size_t at = textHeader(file).find(kName);
    if (at == std::string::npos) return {};
    const auto corner = [&](std::size_t number) {
        return static_cast<std::int64_t>(static_cast<std::int32_t>(little(file, at + kName.size() + 4 * number, 4)));
    };
    const std::int64_t width = corner(2) - corner(0) + 1, height = corner(3) - corner(1) + 1;
    if (width < 1 || height < 1) return {};
    return {static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height)};
}

struct Format {
    std::string_view name;
    std::size_t at;         ///< Where the mark is.
    std::string_view mark;  ///< What the file begins with.
    Size (*sizeOf)(Bytes);
};

using namespace std::string_view_literals;

/// What is handed to OpenCV at all.
constexpr std::array kFormats = {
    Format{"PNG", 0, "\x89PNG\r\n\x1a\n"sv, pngSize},
    Format{"JPEG", 0, "\xff\xd8\xff"sv, jpegSize},
    Format{"BMP", 0, "BM"sv, bmpSize},
    Format{"GIF", 0, "GIF8"sv, gifSize},
    Format{"WebP", 8, "WEBP"sv, webpSize},
    Format{"TIFF", 0, "II*\0"sv, tiffSize<little>},
    Format{"TIFF", 0, "MM\0*"sv, tiffSize<big>},
    Format{"JPEG 2000", 4, "jP  "sv, jpeg2000Size},
    Format{"JPEG 2000", 0, "\xff\x4f\xff\x51"sv, codestreamSize},
    Format{"PNM", 0, "P1"sv, pnmSize},
    Format{"PNM", 0, "P2"sv, pnmSize},
    Format{"PNM", 0, "P3"sv, pnmSize},
    Format{"PNM", 0, "P4"sv, pnmSize},
    Format{"PNM", 0, "P5"sv, pnmSize},
    Format{"PNM", 0, "P6"sv, pnmSize},
    Format{"PAM", 0, "P7"sv, pamSize},
    Format{"PFM", 0, "PF"sv, pnmSize},
    Format{"PFM", 0, "Pf"sv, pnmSize},
    Format{"Sun raster", 0, "\x59\xa6\x6a\x95"sv, rasterSize},
    Format{"Radiance", 0, "#?"sv, radianceSize},
    Format{"OpenEXR", 0, "\x76\x2f\x31\x01"sv, exrSize},
    Format{"AVIF", 4, "ftypavi"sv, heifSize},
    Format{"HEIC", 4, "ftyphei"sv, heifSize},
    Format{"HEIC", 4, "ftypmif1"sv, heifSize},
};

// A format that this OpenCV does not read is listed too: its files are then reported, not passed over in silence.
constexpr std::array kExtensions = {".jpg"sv,  ".jpeg"sv, ".jpe"sv,  ".jfif"sv, ".png"sv,  ".bmp"sv,  ".dib"sv,
                                    ".webp"sv, ".tif"sv,  ".tiff"sv, ".pbm"sv,  ".pgm"sv,  ".ppm"sv,  ".pnm"sv,
                                    ".pam"sv,  ".pxm"sv,  ".pfm"sv,  ".jp2"sv,  ".j2k"sv,  ".sr"sv,   ".ras"sv,
                                    ".hdr"sv,  ".pic"sv,  ".exr"sv,  ".gif"sv,  ".avif"sv, ".heic"sv, ".heif"sv};

}  // namespace

ImageHeader headerOf(std::span<const std::uint8_t> file) {
    const auto format =
        std::ranges::find_if(kFormats, [&](const Format& row) { return holds(file, row.at, row.mark); });
    if (format == kFormats.end()) return {};
    const auto [width, height] = format->sizeOf(file);
    return {format->name, width, height};
}

bool hasImageExtension(const std::filesystem::path& file) {
    std::string extension = file.extension().string();
    for (char& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

}  // namespace embedscope
