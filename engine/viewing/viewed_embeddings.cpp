#include "engine/viewed_embeddings.h"

#include "engine/embedding_file.h"
#include "engine/picture_file.h"
#include "engine/storage/kept_epochs.h"
#include "engine/viewing/epoch_pace.h"
#include "engine/viewing/point_distances.h"
#include "engine/viewing/row_names.h"
#include "engine/viewing/tsv_lines.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr ImageShape kThumbnail{64, 64, 3};
constexpr std::uint8_t kGrey = 128;
constexpr double kMostPixelBytes = 2e9;

bool isThere(const fs::path& file) {
    std::error_code none;
    return fs::is_regular_file(file, none);
}

/// "<run>/samples.csv" for "<run>/epochs/epoch_3/embeddings.npy".
fs::path samplesOfRun(const fs::path& embeddings) {
    return embeddings.parent_path().parent_path().parent_path() / "samples.csv";
}

void refuse(const fs::path& file, const std::string& what) {
    throw std::runtime_error("\"" + file.string() + "\" " + what);
}

EmbeddingTable readTable(const fs::path& file) {
    EmbeddingTable table = file.extension() == ".tsv" ? readEmbeddingTsv(file) : readEmbeddings(file);
    if (table.count < 2 || table.dimension < 2)
        refuse(file, "is too small for a map: there must be two rows of two numbers at least.");
    const auto bad = std::ranges::find_if(table.rows, [](float value) { return !std::isfinite(value); });
    if (bad != table.rows.end())
        refuse(file, "holds a value that is no finite number in row " +
                         std::to_string((bad - table.rows.begin()) / table.dimension + 1) + "; leave such rows out.");
    return table;
}

RowNames namesFor(const ViewSource& source) {
    const fs::path file = source.labels.empty() ? labelsBeside(source.embeddings) : source.labels;
    if (file.empty()) return {};
    const fs::path index = source.embeddings.parent_path() / "index.npy";
    if (source.labels.empty() && file == samplesOfRun(source.embeddings)) return readRowNames(file, index);
    return readRowNames(file);
}

/// Names in order: numbers by their value, then the others by their letters. Mixed, "9" < "10" < "1a" < "9" would be no
/// order at all.
std::vector<std::string> classNames(const std::vector<std::string>& labels) {
    const auto before = [](const std::string& a, const std::string& b) {
        const auto isNumber = [](const std::string& text) {
            return text.size() < 10 && std::ranges::all_of(text, [](char each) { return each >= '0' && each <= '9'; });
        };
        if (isNumber(a) != isNumber(b)) return isNumber(a);
        if (isNumber(a) && a.size() != b.size()) return a.size() < b.size();
        return a < b;
    };
    std::vector<std::string> names;
    std::ranges::copy_if(labels, std::back_inserter(names), [](const std::string& label) { return !label.empty(); });
    std::ranges::sort(names, before);
    names.erase(std::ranges::unique(names).begin(), names.end());
    return names;
}

void fillSamples(DataSet& data, const RowNames& names, std::size_t rows) {
    data.classNames = classNames(names.labels);
    std::map<std::string, std::int32_t> labelOf;
    for (const std::string& name : data.classNames) labelOf.emplace(name, static_cast<std::int32_t>(labelOf.size()));
    for (std::size_t i = 0; i < rows; ++i) {
        const bool known = i < names.labels.size() && !names.labels[i].empty();
        data.samples.push_back({i < names.paths.size() ? names.paths[i] : "row " + std::to_string(i),
                                known ? labelOf.at(names.labels[i]) : kUnlabelled, Split::Train});
    }
}

bool areUnitLength(const BankFrame& bank) {
    for (std::size_t row = 0; row < bank.count(); ++row) {
        double square = 0;
        for (const float value : bank.row(row)) square += static_cast<double>(value) * value;
        if (std::abs(square - 1) > 1e-3) return false;
    }
    return true;
}

/// @return What is missing, or nothing.
std::string fillPictures(DataSet& data, const ViewSource& source, const RowNames& names, const std::stop_token& stop) {
    if (source.images.empty() || names.paths.empty()) {
        data.shape = {1, 1, 1};
        data.pixels = std::make_shared<const std::vector<std::uint8_t>>(data.size(), kGrey);
        if (source.images.empty()) return {};
        return "The table of labels names no paths, so the points have no pictures; add a column \"path\".";
    }
    const double bytes = static_cast<double>(kThumbnail.bytes()) * static_cast<double>(data.size());
    if (bytes > kMostPixelBytes)
        refuse(source.images, "holds more pictures than fit into memory here; open the embeddings without them.");
    data.shape = kThumbnail;
    PictureList pictures = readPictures(source.images, names.paths, kThumbnail, stop);
    data.pixels = std::make_shared<const std::vector<std::uint8_t>>(std::move(pictures.pixels));
    data.skipped = std::move(pictures.unreadable);
    if (data.skipped.empty()) return {};
    return std::to_string(data.skipped.size()) + " of " + std::to_string(data.size()) +
           " pictures could not be read; the first is \"" + data.skipped.front().path + "\".";
}

}  // namespace

bool areEmbeddings(const fs::path& place) {
    std::error_code none;
    if (fs::is_directory(place, none)) return !fs::exists(place / "experiment.json", none) && newestEpoch(place) >= 0;
    return place.extension() == ".npy" || place.extension() == ".tsv";
}

fs::path labelsBeside(const fs::path& embeddings) {
    std::error_code none;
    if (fs::is_directory(embeddings, none)) {
        for (const char* name : {"labels.npy", "labels.csv", "metadata.tsv"})
            if (isThere(embeddings / name)) return embeddings / name;
        return labelsBeside(embeddingsFile(embeddings, newestEpoch(embeddings)));
    }
    const fs::path folder = embeddings.parent_path();
    if (isThere(folder / "index.npy") && isThere(samplesOfRun(embeddings))) return samplesOfRun(embeddings);
    const fs::path metadata = folder / "metadata.tsv";
    if (embeddings.filename() == "tensors.tsv" && isThere(metadata)) return metadata;
    const fs::path table = fs::path(embeddings).replace_extension(".csv");
    return isThere(table) ? table : fs::path();
}

namespace {

/// The newest epoch, and those before it.
ViewedEmbeddings openEpochs(const ViewSource& folder, const std::stop_token& stop) {
    const std::vector<std::int64_t> epochs = keptEpochs(folder.embeddings);
    if (epochs.empty()) refuse(folder.embeddings, "holds no epochs/epoch_<k>/embeddings.npy; choose another folder.");
    ViewSource newest = folder;
    newest.embeddings = embeddingsFile(folder.embeddings, epochs.back());
    if (newest.labels.empty()) newest.labels = labelsBeside(folder.embeddings);
    ViewedEmbeddings viewed = openEmbeddings(newest, stop);
    viewed.bank->step = epochs.back();
    for (const std::int64_t epoch : epochsOnTheWay(epochs, kMostOnTheWay))
        viewed.before.push_back({epoch, embeddingsFile(folder.embeddings, epoch)});
    return viewed;
}

}  // namespace

ViewedEmbeddings openEmbeddings(const ViewSource& source, const std::stop_token& stop) {
    std::error_code none;
    if (fs::is_directory(source.embeddings, none)) return openEpochs(source, stop);
    EmbeddingTable table = readTable(source.embeddings);
    const RowNames names = namesFor(source);
    if (!names.labels.empty() && names.labels.size() != table.count)
        refuse(source.labels.empty() ? labelsBeside(source.embeddings) : source.labels,
               "names " + std::to_string(names.labels.size()) + " rows, but \"" + source.embeddings.string() +
                   "\" has " + std::to_string(table.count) + "; they must be as many.");
    auto data = std::make_shared<DataSet>();
    data->root = source.images;
    data->name = source.embeddings.filename().string();
    fillSamples(*data, names, table.count);
    ViewedEmbeddings viewed;
    viewed.remark = fillPictures(*data, source, names, stop);
    auto samples = std::make_shared<std::vector<std::int32_t>>(table.count);
    std::iota(samples->begin(), samples->end(), 0);
    auto bank = std::make_shared<BankFrame>();
    bank->dimension = table.dimension;
    bank->samples = std::move(samples);
    bank->embeddings = std::move(table.rows);
    bank->computedAtStep.assign(table.count, 0);
    bank->exact = true;
    viewed.distances =
        std::make_shared<const DistanceStatistics>(pointDistances(*data, *bank, /*seed=*/1, areUnitLength(*bank)));
    viewed.data = std::move(data);
    viewed.bank = std::move(bank);
    return viewed;
}

}  // namespace embedscope
