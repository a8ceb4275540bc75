#include "engine/images/idx_file.h"

#include "engine/images/image_file.h"
#include "engine/images/source_list.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <string>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kImagesMark = "-images-idx3-ubyte";
constexpr std::string_view kLabelsMark = "-labels-idx1-ubyte";
constexpr std::uint64_t kMaxBytes = 8ULL << 30;
constexpr std::uint32_t kMaxSide = 512;
constexpr int kMaxClasses = 256;

[[noreturn]] void fail(const fs::path& file, const std::string& why) {
    throw std::runtime_error("\"" + file.string() + "\" " + why);
}

/// Reads plain and gzip files alike.
class IdxReader {
public:
    explicit IdxReader(fs::path file) : file_(std::move(file)), stream_(gzopen(file_.c_str(), "rb")) {
        if (!stream_) fail(file_, "cannot be opened; check its permissions.");
        gzbuffer(stream_, 1U << 17);
    }
    ~IdxReader() { gzclose(stream_); }
    IdxReader(const IdxReader&) = delete;
    IdxReader& operator=(const IdxReader&) = delete;

    std::uint32_t readNumber() {
        std::array<std::uint8_t, 4> bytes{};
        if (read(bytes.data(), bytes.size()) != bytes.size()) fail(file_, "ends inside its header.");
        return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
    }

    /// Exactly `count` bytes. Memory grows with what the file really holds, never with what its header claims.
    std::vector<std::uint8_t> readBytes(std::uint64_t count, std::stop_token stop) {
        constexpr std::uint64_t kBlock = 4ULL << 20;
        std::vector<std::uint8_t> bytes;
        while (bytes.size() < count && !stop.stop_requested()) {
            const std::size_t before = bytes.size();
            const std::size_t wanted = std::min(kBlock, count - before);
            bytes.resize(before + wanted);
            if (read(bytes.data() + before, wanted) != wanted)
                fail(file_, "is shorter than its header says; copy or download it again.");
        }
        return bytes;
    }

private:
    std::size_t read(std::uint8_t* target, std::size_t count) {
        const int got = gzread(stream_, target, static_cast<unsigned>(count));
        if (got < 0) fail(file_, "is damaged; copy or download it again.");
        return static_cast<std::size_t>(got);
    }

    fs::path file_;
    gzFile stream_;
};

fs::path labelsFileOf(const fs::path& imagesFile) {
    std::string name = imagesFile.filename().string();
    name.replace(name.find(kImagesMark), kImagesMark.size(), kLabelsMark);
    fs::path labels = imagesFile.parent_path() / name;
    if (fs::exists(labels)) return labels;
    if (name.ends_with(".gz"))
        name.resize(name.size() - 3);
    else
        name += ".gz";
    return imagesFile.parent_path() / name;
}

std::vector<std::uint8_t> readLabels(const fs::path& imagesFile, std::uint32_t count, std::stop_token stop) {
    const fs::path file = labelsFileOf(imagesFile);
    if (!fs::exists(file)) return {};  // unlabelled
    IdxReader reader(file);
    if (reader.readNumber() != 0x801) fail(file, "is no IDX labels file.");
    if (reader.readNumber() != count) fail(file, "does not hold one label for each image.");
    return reader.readBytes(count, stop);
}

void appendFile(DataSet& data, std::vector<std::uint8_t>& pixels, const fs::path& file, bool several,
                std::stop_token stop) {
    IdxReader reader(file);
    if (reader.readNumber() != 0x803) fail(file, "is no IDX images file.");
    const std::uint32_t count = reader.readNumber();
    const std::uint32_t height = reader.readNumber();
    const std::uint32_t width = reader.readNumber();
    if (height == 0 || width == 0 || height > kMaxSide || width > kMaxSide)
        fail(file,
             "claims images of " + std::to_string(width) + "x" + std::to_string(height) + " pixels; 1 to 512 work.");
    const std::uint64_t bytes = std::uint64_t{count} * height * width;
    if (pixels.size() + bytes > kMaxBytes) fail(file, "claims more than 8 GiB of pixels.");
    const ImageShape shape{static_cast<int>(height), static_cast<int>(width), 1};
    if (!data.samples.empty() && shape != data.shape) fail(file, "has images of another size than the file before it.");
    data.shape = shape;

    const std::vector<std::uint8_t> images = reader.readBytes(bytes, stop);
    const std::vector<std::uint8_t> labels = readLabels(file, count, stop);
    pixels.insert(pixels.end(), images.begin(), images.end());
    const std::string name = file.filename().string();
    const Split split = name.starts_with("t10k") || name.starts_with("test") ? Split::HoldOut : Split::Train;
    for (std::uint32_t i = 0; i < count && !stop.stop_requested(); ++i) {
        const std::int32_t label = labels.empty() ? kUnlabelled : labels[i];
        data.samples.push_back({name + "#" + std::to_string(i), label, Split::Train});
        if (several) data.folderSplit.push_back(split);
    }
}

void nameClasses(DataSet& data) {
    std::int32_t highest = kUnlabelled;
    for (const Sample& sample : data.samples) highest = std::max(highest, sample.label);
    for (std::int32_t label = 0; label <= std::min(highest, kMaxClasses - 1); ++label)
        data.classNames.push_back(std::to_string(label));
}

}  // namespace

bool isIdxImages(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.ends_with(kImagesMark) || name.ends_with(std::string(kImagesMark) + ".gz");
}

std::vector<fs::path> idxImagesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
        if (entry.is_regular_file(error) && isIdxImages(entry.path())) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::shared_ptr<DataSet> readIdx(const std::vector<fs::path>& imagesFiles, std::stop_token stop) {
    auto data = std::make_shared<DataSet>();
    auto pixels = std::make_shared<std::vector<std::uint8_t>>();
    SourceList list;
    for (const fs::path& file : imagesFiles) {
        appendFile(*data, *pixels, file, imagesFiles.size() > 1, stop);
        const FileStamp stamp = stampOf(file);
        list.images.push_back({file.filename().string(), {}, {}, stamp.bytes, stamp.modified});
    }
    if (data->samples.empty() && !stop.stop_requested()) fail(imagesFiles.front(), "holds no images.");
    nameClasses(*data);
    const fs::path folder = fs::absolute(imagesFiles.front()).parent_path();
    data->root = folder;
    data->name = folder.filename().string();
    data->fingerprint = fingerprintOf(list, data->shape);
    data->pixels = std::move(pixels);
    return data;
}

}  // namespace embedscope
