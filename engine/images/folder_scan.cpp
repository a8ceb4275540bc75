#include "engine/images/folder_scan.h"

#include "engine/images/failure.h"
#include "engine/images/image_file.h"
#include "engine/images/image_header.h"
#include "engine/images/split_name.h"
#include "engine/images/utf8.h"

#include <algorithm>
#include <utility>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

/// A folder still to be read, and what its place says of the images in it.
struct Folder {
    std::string relative;  ///< Empty: the root.
    std::string className;
    std::optional<Split> split;
};

/// "train" is also a class of vehicles: it means a split only beside val or test, or if no other folder is there.
bool splitFoldersIn(const fs::path& root) {
    bool train = false, holdOut = false, other = false;
    std::error_code error;
    for (auto entry = fs::directory_iterator(root, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        std::error_code unknown;
        if (name.starts_with('.') || !entry->is_directory(unknown)) continue;
        const std::optional<Split> split = splitNamed(name);
        train |= split == Split::Train;
        holdOut |= split == Split::HoldOut;
        other |= !split;
    }
    return train && (holdOut || !other);
}

class FolderScan {
public:
    FolderScan(const fs::path& root, const std::function<void(std::size_t)>& progress, std::stop_token stop)
        : root_(root),
          realRoot_(fs::canonical(root)),
          progress_(progress),
          stop_(std::move(stop)),
          splits_(splitFoldersIn(root)) {
        list_.root = root;
        list_.name = nameOfFolder(root);
    }

    SourceList run() {
        pending_.push_back({});
        while (!pending_.empty() && !stop_.stop_requested()) {
            const Folder folder = std::move(pending_.back());
            pending_.pop_back();
            read(folder);
        }
        return std::move(list_);
    }

private:
    void read(const Folder& folder) {
        std::error_code error;
        auto entry = fs::directory_iterator(root_ / folder.relative, error);
        for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
            if (stop_.stop_requested()) return;
            take(folder, *entry);
        }
        if (error)
            skip(folder.relative, "the folder cannot be opened (" + error.message() + "); check its permissions");
    }

    void take(const Folder& folder, const fs::directory_entry& entry) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with('.')) return;
        const std::string relative = folder.relative.empty() ? name : folder.relative + "/" + name;
        std::error_code error;
        const bool isFolder = entry.is_directory(error);
        if (!isFolder && !hasImageExtension(name)) return;
        if (!isUtf8(name)) return skip(asciiOf(relative), "its name is not valid UTF-8; rename it");
        if (entry.is_symlink(error)) {
            if (const std::string why = refusalOfLink(entry.path()); !why.empty()) return skip(relative, why);
            if (isFolder) return;  // what it leads to lies inside and is found there
        }
        if (isFolder)
            pending_.push_back(below(folder, name, relative));
        else if (entry.is_regular_file(error))
            add(folder, relative, entry.path());
    }

    void add(const Folder& folder, const std::string& relative, const fs::path& file) {
        const FileStamp stamp = stampOf(file);
        list_.images.push_back({relative, folder.className, folder.split, stamp.bytes, stamp.modified, stamp.changed});
        if (list_.images.size() % 256 == 0) progress_(list_.images.size());
    }

    Folder below(const Folder& folder, const std::string& name, const std::string& relative) const {
        if (splits_ && folder.relative.empty())
            if (const auto split = splitNamed(name)) return {relative, {}, split};
        return {relative, folder.className.empty() ? name : folder.className, folder.split};
    }

    std::string refusalOfLink(const fs::path& link) const {
        std::error_code error;
        const fs::path target = fs::canonical(link, error);
        if (error) return "it is a link that leads nowhere";
        const fs::path inside = target.lexically_relative(realRoot_);
        if (inside.empty() || *inside.begin() == "..")
            return "it is a link that leads out of the folder; such links are not followed";
        return {};
    }

    void skip(const std::string& relative, const std::string& reason) {
        list_.skipped.push_back({relative, sentence(reason)});
    }

    const fs::path root_;
    const fs::path realRoot_;
    const std::function<void(std::size_t)>& progress_;
    const std::stop_token stop_;
    const bool splits_;
    SourceList list_;
    std::vector<Folder> pending_;
};

void checkIsFolder(const fs::path& folder) {
    std::error_code error;
    const fs::file_status status = fs::status(folder, error);
    if (status.type() == fs::file_type::not_found) fail(folder, "does not exist; check the path.");
    if (!error && !fs::is_directory(status))
        fail(folder, "is no folder, no CSV manifest and no IDX file; open a folder of images.");
    const fs::directory_iterator probe(folder, error);
    if (error) fail(folder, "cannot be opened (" + error.message() + "); check its permissions.");
}

[[noreturn]] void failEmpty(const SourceList& list) {
    if (list.skipped.empty())
        fail(list.root, "holds no images; open a folder with pictures in it or in folders below it.");
    const SkippedFile& first = list.skipped.front();
    fail(list.root, "holds no images that can be used: " + grouped(list.skipped.size()) +
                        " entries were skipped, the first is " + inQuotes(first.path) + ". " + first.reason);
}

}  // namespace

SourceList scanFolder(const fs::path& folder, const std::function<void(std::size_t)>& progress, std::stop_token stop) {
    checkIsFolder(folder);
    SourceList list = FolderScan(folder, progress, stop).run();
    if (stop.stop_requested()) return list;
    std::ranges::sort(list.skipped, {}, &SkippedFile::path);
    if (list.images.empty()) failEmpty(list);
    std::ranges::sort(list.images, {}, &ImageSource::path);
    progress(list.images.size());
    return list;
}

std::string nameOfFolder(const fs::path& folder) {
    const fs::path absolute = fs::absolute(folder).lexically_normal();
    return (absolute.has_filename() ? absolute : absolute.parent_path()).filename().string();
}

}  // namespace embedscope
