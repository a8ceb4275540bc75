#include "engine/run_export.h"

#include "engine/embedding_file.h"
#include "engine/images/csv_line.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/csv.h"
#include "engine/storage/npy.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

struct NamedSample {
    std::string index, path, label, split;
};

/// Embeddings and whose they are.
struct Exported {
    EmbeddingTable table;
    std::vector<NamedSample> samples;  ///< [count]
};

std::int64_t newestEpoch(const fs::path& folder) {
    std::int64_t newest = -1;
    std::error_code none;
    for (fs::directory_iterator at(folder / "epochs", none), end; !none && at != end; at.increment(none)) {
        const std::string name = at->path().filename().string();
        constexpr std::string_view kPrefix = "epoch_";
        std::int64_t epoch = 0;
        const char* end_ = name.data() + name.size();
        if (!name.starts_with(kPrefix)) continue;
        const auto [parsed, error] = std::from_chars(name.data() + kPrefix.size(), end_, epoch);
        std::error_code unknown;
        // Written last: where they are, the epoch is complete.
        if (error == std::errc{} && parsed == end_ && fs::exists(at->path() / "embeddings.npy", unknown))
            newest = std::max(newest, epoch);
    }
    if (newest < 0)
        throw std::runtime_error("\"" + folder.string() + "\" holds no complete epoch of a run; name a run folder.");
    return newest;
}

std::vector<NamedSample> samplesOf(const fs::path& file) {
    CsvLines lines(file);
    std::vector<std::string> fields;
    std::vector<NamedSample> samples;
    for (bool header = true; lines.next(fields); header = false) {
        if (fields.size() != 4) lines.fail("there must be four fields: index,path,label,split.");
        if (!header) samples.push_back({fields[0], fields[1], fields[2], fields[3]});
    }
    return samples;
}

Exported newestOf(const fs::path& folder) {
    const fs::path epoch = folder / "epochs" / ("epoch_" + std::to_string(newestEpoch(folder)));
    Exported all{readEmbeddings(epoch / "embeddings.npy"), {}};
    const std::vector<std::int32_t> index = readLabels(epoch / "index.npy");
    const std::vector<NamedSample> samples = samplesOf(folder / "samples.csv");
    if (index.size() != all.table.count)
        throw std::runtime_error("\"" + (epoch / "index.npy").string() + "\" names " + std::to_string(index.size()) +
                                 " samples, but there are " + std::to_string(all.table.count) +
                                 " embeddings; the run folder is damaged.");
    for (const std::int32_t each : index) {
        if (each < 0 || static_cast<std::size_t>(each) >= samples.size())
            throw std::runtime_error("\"" + (epoch / "index.npy").string() +
                                     "\" names a sample that samples.csv has not; the run folder is damaged.");
        all.samples.push_back(samples[static_cast<std::size_t>(each)]);
    }
    return all;
}

/// The row's numbers with something between them.
std::string numbersOf(const EmbeddingTable& table, std::size_t row, char between) {
    std::string text;
    for (int i = 0; i < table.dimension; ++i) {
        if (i > 0) text += between;
        text += csvNumber(table.rows[row * static_cast<std::size_t>(table.dimension) + static_cast<std::size_t>(i)]);
    }
    return text;
}

void writeCsv(const Exported& all, const fs::path& out) {
    AtomicFile file(out);
    std::string header = "index,path,label,split";
    for (int i = 0; i < all.table.dimension; ++i) header += ",x" + std::to_string(i);
    file.write(header + '\n');
    for (std::size_t row = 0; row < all.samples.size(); ++row) {
        const NamedSample& sample = all.samples[row];
        file.write(csvLine({sample.index, csvText(sample.path), csvText(sample.label), sample.split,
                            numbersOf(all.table, row, ',')}) +
                   '\n');
    }
    file.commit();
}

/// Tabs and line ends would end the field.
std::string tsvText(std::string text) {
    std::ranges::replace_if(
        text, [](char each) { return each == '\t' || each == '\n' || each == '\r'; }, ' ');
    return text;
}

/// Its format: https://www.tensorflow.org/tensorboard/tensorboard_projector_plugin; tensors.tsv has no header.
void writeProjector(const Exported& all, const fs::path& out) {
    createFolder(out);
    AtomicFile tensors(out / "tensors.tsv"), metadata(out / "metadata.tsv"), config(out / "projector_config.pbtxt");
    metadata.write("label\tpath\tsplit\n");
    for (std::size_t row = 0; row < all.samples.size(); ++row) {
        const NamedSample& sample = all.samples[row];
        tensors.write(numbersOf(all.table, row, '\t') + '\n');
        metadata.write(tsvText(sample.label) + '\t' + tsvText(sample.path) + '\t' + sample.split + '\n');
    }
    config.write(
        "embeddings {\n  tensor_name: \"embedscope\"\n  tensor_path: \"tensors.tsv\"\n  metadata_path: "
        "\"metadata.tsv\"\n}\n");
    tensors.commit();
    metadata.commit();
    config.commit();
}

struct Format {
    CatalogEntry entry;
    void (*write)(const Exported& all, const fs::path& out);
};

CatalogEntry entryFor(std::string id, std::string label, std::string help) {
    CatalogEntry entry;
    entry.id = std::move(id);
    entry.label = std::move(label);
    entry.help = std::move(help);
    return entry;
}

const std::vector<Format>& formats() {
    static const std::vector<Format> kFormats = {
        {entryFor("csv", "CSV", "One file: index, path, label, split and the numbers of each embedding."), writeCsv},
        {entryFor("projector", "Embedding Projector",
                  "A folder with tensors.tsv, metadata.tsv and a config, to load at projector.tensorflow.org or in "
                  "TensorBoard."),
         writeProjector}};
    return kFormats;
}

}  // namespace

const Catalog& exportCatalog() {
    static const Catalog kCatalog = [] {
        Catalog entries;
        for (const Format& format : formats()) entries.push_back(format.entry);
        return entries;
    }();
    return kCatalog;
}

void exportRun(const fs::path& runFolder, std::string_view format, const fs::path& out) {
    const CatalogEntry& entry = entryOf(exportCatalog(), format, "export format");
    const auto index = static_cast<std::size_t>(&entry - exportCatalog().data());
    formats()[index].write(newestOf(runFolder), out);
}

}  // namespace embedscope
