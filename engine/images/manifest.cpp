#include "engine/images/manifest.h"

#include "engine/images/image_file.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <stdexcept>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxBytes = 1ULL << 30;
constexpr std::size_t kMaxField = 4096;  // PATH_MAX

struct Columns {
    int path = 0, label = 1, split = 2;
};

[[noreturn]] void fail(const fs::path& file, std::size_t line, const std::string& why) {
    throw std::runtime_error("\"" + file.string() + "\", line " + std::to_string(line) + ": " + why);
}

/// One line's fields. Quoted fields may hold commas and doubled quotes, not line breaks: no path has any.
std::vector<std::string> fieldsOf(const std::string& line, const fs::path& file, std::size_t number) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char letter = line[i];
        if (letter == '"') {
            if (quoted && i + 1 < line.size() && line[i + 1] == '"')
                fields.back() += line[++i];
            else
                quoted = !quoted;
        } else if (letter == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += letter;
        }
        if (fields.back().size() > kMaxField) fail(file, number, "a field is longer than 4,096 characters.");
    }
    if (quoted) fail(file, number, "a quote is not closed.");
    return fields;
}

std::string lower(std::string text) {
    for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return text;
}

/// True if the line names columns; then `columns` is set from it.
bool readHeading(const std::vector<std::string>& fields, Columns& columns) {
    Columns named{-1, -1, -1};
    for (int i = 0; i < static_cast<int>(fields.size()); ++i) {
        const std::string name = lower(fields[i]);
        if (name == "path" || name == "file" || name == "image") named.path = i;
        if (name == "label" || name == "class") named.label = i;
        if (name == "split") named.split = i;
    }
    if (named.path < 0) return false;
    columns = named;
    return true;
}

std::string fieldAt(const std::vector<std::string>& fields, int column) {
    return column >= 0 && column < static_cast<int>(fields.size()) ? fields[column] : std::string();
}

std::optional<Split> splitOf(const std::string& text, const fs::path& file, std::size_t line) {
    const std::string name = lower(text);
    if (name.empty()) return std::nullopt;
    if (name == "train" || name == "training") return Split::Train;
    if (name == "val" || name == "valid" || name == "validation" || name == "test" || name == "holdout" ||
        name == "hold-out")
        return Split::HoldOut;
    fail(file, line, "\"" + text + "\" is no split; write train, val or test.");
}

/// Empty if the path stays inside the manifest's folder, else why it is refused.
std::string refusal(const fs::path& root, const fs::path& relative) {
    if (relative.is_absolute()) return "its path is absolute; write it relative to the manifest";
    const fs::path inside = relative.lexically_normal();
    if (inside.empty() || *inside.begin() == "..") return "its path leads out of the manifest's folder";
    std::error_code error;
    const fs::path target = fs::weakly_canonical(root / inside, error);
    const fs::path real = target.lexically_relative(fs::weakly_canonical(root));
    if (error || real.empty() || *real.begin() == "..") return "a link in its path leads out of the manifest's folder";
    return {};
}

void addLine(SourceList& list, const std::vector<std::string>& fields, const Columns& columns, const fs::path& file,
             std::size_t line) {
    ImageSource source;
    const fs::path relative = fieldAt(fields, columns.path);
    if (relative.empty()) fail(file, line, "the path is missing.");
    source.path = relative.lexically_normal().generic_string();
    source.className = fieldAt(fields, columns.label);
    if (source.className == "-1") source.className.clear();
    source.split = splitOf(fieldAt(fields, columns.split), file, line);
    if (const std::string why = refusal(list.root, relative); !why.empty()) {
        list.skipped.push_back({relative.string(), why});
        return;
    }
    const FileStamp stamp = stampOf(list.root / relative);
    source.bytes = stamp.bytes;
    source.modified = stamp.modified;
    list.images.push_back(std::move(source));
}

}  // namespace

SourceList readManifest(const fs::path& file, std::stop_token stop) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(file, error);
    std::ifstream stream(file, std::ios::binary);
    if (error || !stream)
        throw std::runtime_error("\"" + file.string() + "\" cannot be opened; check its permissions.");
    if (bytes > kMaxBytes) throw std::runtime_error("\"" + file.string() + "\" is larger than 1 GiB; split it.");

    SourceList list;
    list.root = file.has_parent_path() ? file.parent_path() : fs::path(".");
    list.name = file.stem().string();
    Columns columns;
    std::string line;
    for (std::size_t number = 1; std::getline(stream, line) && !stop.stop_requested(); ++number) {
        if (number == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        const std::vector<std::string> fields = fieldsOf(line, file, number);
        if (number == 1 && readHeading(fields, columns)) continue;
        addLine(list, fields, columns, file, number);
    }
    if (list.images.empty() && !stop.stop_requested())
        throw std::runtime_error("\"" + file.string() + "\" names no image that can be used; write lines such as " +
                                 "cats/07.png,cat with paths relative to it.");
    std::ranges::stable_sort(list.images, {}, &ImageSource::path);
    return list;
}

}  // namespace embedscope
