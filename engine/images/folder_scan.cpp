#include "engine/images/folder_scan.h"

#include "engine/images/image_file.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
    for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return text;
}

std::optional<Split> splitNamed(const std::string& folder) {
    const std::string name = lower(folder);
    if (name == "train" || name == "training") return Split::Train;
    if (name == "val" || name == "valid" || name == "validation" || name == "test") return Split::HoldOut;
    return std::nullopt;
}

bool isHidden(const fs::path& path) {
    return path.filename().string().starts_with(".");
}

/// train/ and val/ or test/ above the classes: at least the training part must be there, else "test" is a class name.
bool hasSplitFolders(const fs::path& folder) {
    bool train = false;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        train |= entry.is_directory() && splitNamed(entry.path().filename().string()) == Split::Train;
    return train;
}

/// Class and split from the folders between the root and the file.
ImageSource sourceOf(const fs::path& relative, bool splits) {
    ImageSource source;
    source.path = relative.generic_string();
    std::vector<std::string> folders;
    for (const fs::path& part : relative.parent_path()) folders.push_back(part.string());
    std::size_t level = 0;
    if (splits && !folders.empty()) {
        source.split = splitNamed(folders[0]);
        if (source.split) ++level;
    }
    if (level < folders.size()) source.className = folders[level];
    return source;
}

bool leadsOut(const fs::path& link, const fs::path& root) {
    std::error_code error;
    const fs::path target = fs::canonical(link, error);
    if (error) return true;
    const fs::path inside = target.lexically_relative(fs::canonical(root));
    return inside.empty() || *inside.begin() == "..";
}

void checkIsFolder(const fs::path& folder) {
    std::error_code error;
    const fs::file_status status = fs::status(folder, error);
    if (!fs::exists(status)) throw std::runtime_error("\"" + folder.string() + "\" does not exist; check the path.");
    if (!fs::is_directory(status))
        throw std::runtime_error("\"" + folder.string() +
                                 "\" is no folder, no CSV manifest and no IDX file; open a folder of images.");
    fs::directory_iterator probe(folder, error);
    if (error)
        throw std::runtime_error("\"" + folder.string() + "\" cannot be opened (" + error.message() +
                                 "); check its permissions.");
}

}  // namespace

SourceList scanFolder(const fs::path& folder, const std::function<void(std::size_t)>& progress, std::stop_token stop) {
    checkIsFolder(folder);
    SourceList list;
    list.root = folder;
    const fs::path absolute = fs::absolute(folder).lexically_normal();
    list.name = absolute.has_filename() ? absolute.filename().string() : absolute.parent_path().filename().string();
    const bool splits = hasSplitFolders(folder);

    const auto options = fs::directory_options::skip_permission_denied;
    for (auto entry = fs::recursive_directory_iterator(folder, options); entry != fs::recursive_directory_iterator();
         ++entry) {
        if (stop.stop_requested()) return list;
        std::error_code error;
        if (isHidden(entry->path())) {
            if (entry->is_directory(error)) entry.disable_recursion_pending();
            continue;
        }
        const fs::path relative = entry->path().lexically_relative(folder);
        if (entry->is_symlink(error) && leadsOut(entry->path(), folder)) {
            list.skipped.push_back({relative.generic_string(), "it is a link that leads out of the folder"});
            continue;
        }
        if (!entry->is_regular_file(error) || !hasImageExtension(entry->path())) continue;
        list.images.push_back(sourceOf(relative, splits));
        const FileStamp stamp = stampOf(entry->path());
        list.images.back().bytes = stamp.bytes;
        list.images.back().modified = stamp.modified;
        if (list.images.size() % 512 == 0) progress(list.images.size());
    }
    if (list.images.empty())
        throw std::runtime_error("\"" + folder.string() +
                                 "\" holds no images; open a folder with pictures in it or in folders below it.");
    std::ranges::sort(list.images, {}, &ImageSource::path);
    progress(list.images.size());
    return list;
}

}  // namespace embedscope
