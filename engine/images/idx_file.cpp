#include "engine/images/idx_file.h"

#include "engine/images/failure.h"
#include "engine/images/folder_scan.h"
#include "engine/images/idx_reader.h"
#include "engine/images/image_file.h"
#include "engine/images/image_shape.h"
#include "engine/images/memory_bound.h"
#include "engine/images/parallel.h"
#include "engine/images/source_list.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace embedscope {
namespace {

namespace fs = std::filesystem;
using Pixels = std::vector<std::uint8_t>;

constexpr std::uint32_t kImagesMagic = 0x803;
constexpr std::uint32_t kLabelsMagic = 0x801;
constexpr std::uint32_t kMaxSide = 512;
constexpr int kMaxClasses = 256;  // labels are bytes

/// How an images file ends and how the labels file beside it does.
struct Ending {
    std::string_view images;
    std::string_view labels;
};

constexpr std::array<Ending, 2> kEndings = {{
    {"images-idx3-ubyte", "labels-idx1-ubyte"},
    {"images.idx3-ubyte", "labels.idx1-ubyte"},
}};

std::string withoutGz(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
}

/// The labels beside an images file, plain or gzipped; empty if there are none.
fs::path labelsFileOf(const fs::path& imagesFile) {
    std::string name = withoutGz(imagesFile);
    for (const Ending& ending : kEndings)
        if (name.ends_with(ending.images))
            name.replace(name.size() - ending.images.size(), std::string::npos, ending.labels);
    for (const char* suffix : {"", ".gz"})
        if (const fs::path file = imagesFile.parent_path() / (name + suffix); fs::exists(file)) return file;
    return {};
}

Pixels readLabels(const fs::path& file, std::uint32_t count, const std::stop_token& stop) {
    IdxReader reader(file);
    if (reader.readNumber() != kLabelsMagic) fail(file, "is no IDX labels file.");
    if (reader.readNumber() != count) fail(file, "does not hold one label for each image.");
    Pixels labels;
    reader.append(labels, count, stop);
    return labels;
}

/// One load of one or more files into one data set.
class IdxLoad {
public:
    IdxLoad(const std::vector<fs::path>& files, const DataSettings& settings, LoadProgress& progress,
            std::stop_token stop)
        : files_(files), settings_(settings), progress_(progress), stop_(std::move(stop)) {}

    std::shared_ptr<const DataSet> run() {
        for (const fs::path& file : files_) append(file);
        if (data_->samples.empty()) fail(files_.front(), "holds no images.");
        nameClasses();
        const fs::path folder = fs::absolute(files_.front()).parent_path();
        data_->root = folder;
        data_->name = nameOfFolder(folder);
        bringToShape();
        data_->fingerprint = fingerprintOf(list_, data_->shape);
        return data_;
    }

private:
    void append(const fs::path& file) {
        IdxReader reader(file);
        if (reader.readNumber() != kImagesMagic) fail(file, "is no IDX images file.");
        const std::uint32_t count = reader.readNumber();
        const ImageShape shape = readShape(reader, file);
        const double claimed = static_cast<double>(count) * static_cast<double>(shape.bytes());
        const double atTheEnd =
            static_cast<double>(data_->samples.size() + count) * static_cast<double>(wantedShape(shape).bytes());
        checkFitsMemory(file,
                        static_cast<double>(own_.size()) + claimed + (wantedShape(shape) == shape ? 0 : atTheEnd));
        if (!data_->samples.empty() && shape != data_->shape)
            fail(file, "has images of another size than the file before it; open one of them.");
        data_->shape = shape;
        progress_.beginDecoding(data_->samples.size() + count);
        const std::size_t before = own_.size();
        std::size_t done = data_->samples.size();
        reader.append(own_, std::uint64_t{count} * shape.bytes(), stop_, [&](std::size_t bytes) {
            showPreviews(before, count, bytes);
            progress_.addDecoded(bytes / shape.bytes() - done);
            done = bytes / shape.bytes();
        });
        addSamples(file, count);
    }

    ImageShape readShape(IdxReader& reader, const fs::path& file) const {
        const std::uint32_t height = reader.readNumber();
        const std::uint32_t width = reader.readNumber();
        if (height == 0 || width == 0 || height > kMaxSide || width > kMaxSide)
            fail(file, "claims images of " + std::to_string(width) + "x" + std::to_string(height) +
                           " pixels; 1 to 512 work.");
        return {static_cast<int>(height), static_cast<int>(width), 1};
    }

    /// Those of the pictures spread over the current file that have been read by now.
    void showPreviews(std::size_t fileBegin, std::uint32_t count, std::size_t bytes) {
        const std::size_t places = std::min<std::size_t>(count, kPreviewImages / files_.size());
        for (; previewsOfFile_ < places; ++previewsOfFile_) {
            const std::size_t at = fileBegin + previewsOfFile_ * count / places * data_->shape.bytes();
            if (at + data_->shape.bytes() > bytes) return;
            const auto first = own_.begin() + static_cast<std::ptrdiff_t>(at);
            progress_.addPreview(previews_++,
                                 {data_->shape, {first, first + static_cast<std::ptrdiff_t>(data_->shape.bytes())}});
        }
    }

    void addSamples(const fs::path& file, std::uint32_t count) {
        const std::string name = file.filename().string();
        const bool holdOut = name.starts_with("t10k") || name.starts_with("test");
        const fs::path labelsFile = labelsFileOf(file);
        Pixels labels;
        if (labelsFile.empty())
            progress_.remark("No labels were found beside \"" + name + "\", so its images are unlabelled.");
        else
            labels = readLabels(labelsFile, count, stop_);
        for (std::uint32_t i = 0; i < count; ++i) {
            data_->samples.push_back(
                {name + "#" + std::to_string(i), labels.empty() ? kUnlabelled : labels[i], Split::Train});
            if (files_.size() > 1) data_->folderSplit.push_back(holdOut ? Split::HoldOut : Split::Train);
        }
        for (const fs::path& part : {file, labelsFile}) {
            const FileStamp stamp = stampOf(part);
            list_.images.push_back({part.filename().string(), {}, {}, stamp.bytes, stamp.modified, stamp.changed});
        }
        previewsOfFile_ = 0;
    }

    /// IDX has numbers for names; a number that no image has keeps its place.
    void nameClasses() {
        const auto highest = std::ranges::max(data_->samples, {}, &Sample::label).label;
        for (std::int32_t label = 0; label <= std::min(highest, kMaxClasses - 1); ++label)
            data_->classNames.push_back(std::to_string(label));
    }

    ImageShape wantedShape(const ImageShape& own) const {
        const int side =
            settings_.imageSize > 0 ? settings_.imageSize : automaticSide({std::min(own.height, own.width)});
        return {side, side, settings_.channels == Channels::Colour ? 3 : 1};
    }

    void bringToShape() {
        const ImageShape own = data_->shape;
        const ImageShape wanted = wantedShape(own);
        if (wanted == own) {
            data_->pixels = std::make_shared<const Pixels>(std::move(own_));
            return;
        }
        auto pixels = std::make_shared<Pixels>(data_->size() * wanted.bytes());
        forEachIndex(data_->size(), stop_, [&](std::size_t i) {
            const cv::Mat image(own.height, own.width, CV_8UC1, own_.data() + i * own.bytes());
            writeShaped(image, wanted, pixels->data() + i * wanted.bytes());
        });
        throwIfStopped(stop_);
        data_->shape = wanted;
        data_->pixels = std::move(pixels);
    }

    const std::vector<fs::path>& files_;
    const DataSettings& settings_;
    LoadProgress& progress_;
    const std::stop_token stop_;
    std::shared_ptr<DataSet> data_ = std::make_shared<DataSet>();
    Pixels own_;       ///< As the files hold them.
    SourceList list_;  ///< The files, for the fingerprint.
    std::size_t previews_ = 0;
    std::size_t previewsOfFile_ = 0;
};

}  // namespace

bool isIdxImages(const fs::path& file) {
    const std::string name = withoutGz(file);
    return std::ranges::any_of(kEndings, [&](const Ending& ending) { return name.ends_with(ending.images); });
}

std::vector<fs::path> idxImagesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error))
        if (std::error_code unknown; entry->is_regular_file(unknown) && isIdxImages(entry->path()))
            files.push_back(entry->path());
    std::ranges::sort(files);
    const auto repeated = std::ranges::unique(files, {}, withoutGz);  // "a" sorts right before "a.gz"
    files.erase(repeated.begin(), repeated.end());
    return files;
}

std::shared_ptr<const DataSet> loadIdx(const std::vector<fs::path>& imagesFiles, const DataSettings& settings,
                                       LoadProgress& progress, std::stop_token stop) {
    return IdxLoad(imagesFiles, settings, progress, std::move(stop)).run();
}

}  // namespace embedscope
