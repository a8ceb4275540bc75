#include "engine/images/manifest.h"

#include "engine/images/csv_line.h"
#include "engine/images/failure.h"
#include "engine/images/folder_scan.h"
#include "engine/images/image_file.h"
#include "engine/images/split_name.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

struct Columns {
    int path = 0, label = 1, split = 2;
};

struct Heading {
    std::string_view name;
    int Columns::*column;
};

constexpr std::array<Heading, 10> kHeadings = {{
    {"path", &Columns::path},
    {"file", &Columns::path},
    {"filename", &Columns::path},
    {"file_name", &Columns::path},
    {"image", &Columns::path},
    {"image_path", &Columns::path},
    {"label", &Columns::label},
    {"class", &Columns::label},
    {"split", &Columns::split},
    {"subset", &Columns::split},
}};

/// The columns that a heading line names; nothing if the line is none.
std::optional<Columns> columnsNamedBy(const std::vector<std::string>& fields) {
    Columns columns{-1, -1, -1};
    for (int i = 0; i < static_cast<int>(fields.size()); ++i)
        for (const Heading& heading : kHeadings)
            if (lowerCase(fields[i]) == heading.name && columns.*heading.column < 0) columns.*heading.column = i;
    if (columns.path < 0) return std::nullopt;
    return columns;
}

std::string fieldAt(const std::vector<std::string>& fields, int column) {
    return column >= 0 && column < static_cast<int>(fields.size()) ? fields[column] : std::string();
}

class ManifestReader {
public:
    explicit ManifestReader(const fs::path& file) : lines_(file) {
        list_.root = file.has_parent_path() ? file.parent_path() : fs::path(".");
        list_.name = lowerCase(file.stem().string()) == "manifest" ? nameOfFolder(list_.root) : file.stem().string();
        realRoot_ = fs::weakly_canonical(list_.root);
    }

    SourceList read(const std::function<void(std::size_t)>& progress, std::stop_token stop) {
        Columns columns;
        std::vector<std::string> fields;
        for (bool first = true; !stop.stop_requested() && lines_.next(fields); first = false) {
            if (first)
                if (const auto named = columnsNamedBy(fields)) {
                    columns = *named;
                    continue;
                }
            add(fields, columns);
            if (list_.images.size() % 256 == 0) progress(list_.images.size());
        }
        return std::move(list_);
    }

private:
    void add(const std::vector<std::string>& fields, const Columns& columns) {
        const fs::path written = fieldAt(fields, columns.path);
        if (written.empty()) lines_.fail("the path is missing.");
        if (const std::string why = refusal(written); !why.empty()) {
            list_.skipped.push_back({written.string(), sentence(why)});
            return;
        }
        ImageSource source;
        source.path = written.lexically_normal().generic_string();
        source.className = fieldAt(fields, columns.label);
        if (source.className == "-1") source.className.clear();
        source.split = splitOf(fieldAt(fields, columns.split));
        const FileStamp stamp = stampOf(list_.root / source.path);
        source.bytes = stamp.bytes;
        source.modified = stamp.modified;
        source.changed = stamp.changed;
        list_.images.push_back(std::move(source));
    }

    std::optional<Split> splitOf(const std::string& name) const {
        if (name.empty()) return std::nullopt;
        const std::optional<Split> split = splitNamed(name);
        if (!split) lines_.fail(inQuotes(name) + " is no split; write train, val or test.");
        return split;
    }

    /// Empty if the path stays inside the manifest's folder, else why it is refused.
    std::string refusal(const fs::path& written) {
        if (written.is_absolute()) return "its path is absolute; write it relative to the manifest";
        const fs::path inside = written.lexically_normal();
        if (inside.empty() || *inside.begin() == "..") return "its path leads out of the manifest's folder";
        // Resolving a path costs a system call for each of its folders, so that is done once a folder.
        const auto [known, isNew] = folderStaysInside_.try_emplace(inside.parent_path().string(), false);
        if (isNew) known->second = staysInside(list_.root / inside.parent_path());
        std::error_code error;
        const fs::path file = list_.root / inside;
        if (!known->second || (fs::is_symlink(file, error) && !staysInside(file)))
            return "a link in its path leads out of the manifest's folder";
        return {};
    }

    bool staysInside(const fs::path& path) const {
        std::error_code error;
        const fs::path real = fs::weakly_canonical(path, error).lexically_relative(realRoot_);
        return !error && !real.empty() && *real.begin() != "..";
    }

    CsvLines lines_;
    fs::path realRoot_;
    std::map<std::string, bool, std::less<>> folderStaysInside_;
    SourceList list_;
};

/// Sorted by path; of lines that name the same file the first counts.
void sortAndDropRepeats(SourceList& list) {
    std::ranges::stable_sort(list.images, {}, &ImageSource::path);
    std::vector<ImageSource> once;
    for (ImageSource& image : list.images)
        if (once.empty() || once.back().path != image.path)
            once.push_back(std::move(image));
        else
            list.skipped.push_back({image.path, "The manifest names it more than once; its first line counts."});
    list.images = std::move(once);
    std::ranges::stable_sort(list.skipped, {}, &SkippedFile::path);
}

}  // namespace

bool isManifest(const fs::path& file) {
    return lowerCase(file.extension().string()) == ".csv";
}

fs::path manifestIn(const fs::path& folder) {
    std::error_code error;
    const fs::path file = folder / "manifest.csv";
    return fs::is_regular_file(file, error) ? file : fs::path();
}

std::vector<bool> knownColumns(const std::vector<std::string>& heading) {
    const auto columns = columnsNamedBy(heading);
    if (!columns) return {};
    std::vector<bool> known(heading.size(), false);
    for (const int column : {columns->path, columns->label, columns->split})
        if (column >= 0) known[static_cast<std::size_t>(column)] = true;
    return known;
}

std::size_t pathColumnOf(const std::vector<std::string>& heading) {
    return static_cast<std::size_t>(columnsNamedBy(heading)->path);
}

SourceList readManifest(const fs::path& file, const std::function<void(std::size_t)>& progress, std::stop_token stop) {
    SourceList list = ManifestReader(file).read(progress, stop);
    if (stop.stop_requested()) return list;
    sortAndDropRepeats(list);
    if (list.images.empty())
        fail(file, "names no image that can be used" +
                       (list.skipped.empty()
                            ? std::string("; ")
                            : " (" + inQuotes(list.skipped.front().path) + ": " + list.skipped.front().reason + "); ") +
                       "write lines such as cats/07.png,cat with paths relative to it.");
    progress(list.images.size());
    return list;
}

}  // namespace embedscope
