#include "engine/storage/kept_epochs.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "epoch_";

fs::path folderOf(const fs::path& runFolder, std::int64_t epoch) {
    return runFolder / "epochs" / (std::string(kPrefix) + std::to_string(epoch));
}

}  // namespace

fs::path embeddingsFile(const fs::path& folder, std::int64_t epoch) {
    return folderOf(folder, epoch) / "embeddings.npy";
}

std::vector<std::int64_t> keptEpochs(const fs::path& folder) {
    std::vector<std::int64_t> epochs;
    std::error_code none;
    for (fs::directory_iterator at(folder / "epochs", none), end; !none && at != end; at.increment(none)) {
        const std::string name = at->path().filename().string();
        if (!name.starts_with(kPrefix)) continue;
        std::int64_t epoch = 0;
        const char* last = name.data() + name.size();
        const auto [parsed, error] = std::from_chars(name.data() + kPrefix.size(), last, epoch);
        std::error_code unknown;
        // Written last: where they are, the epoch is complete.
        if (error == std::errc{} && parsed == last && epoch >= 0 && fs::exists(at->path() / "embeddings.npy", unknown))
            epochs.push_back(epoch);
    }
    std::ranges::sort(epochs);
    return epochs;
}

std::int64_t newestEpoch(const fs::path& folder) {
    const std::vector<std::int64_t> epochs = keptEpochs(folder);
    return epochs.empty() ? -1 : epochs.back();
}

std::vector<std::int64_t> epochsOnTheWay(const std::vector<std::int64_t>& epochs, std::size_t most) {
    if (epochs.empty()) return {};
    const std::size_t before = epochs.size() - 1, count = std::min(before, most);
    std::vector<std::int64_t> some;
    for (std::size_t i = 0; i < count; ++i) some.push_back(epochs[i * before / count]);
    return some;
}

KeptEpoch readEpoch(const fs::path& runFolder, std::int64_t epoch, std::size_t samples) {
    const fs::path folder = folderOf(runFolder, epoch);
    KeptEpoch kept{epoch, readEmbeddings(folder / "embeddings.npy"), readLabels(folder / "index.npy")};
    const std::string index = "\"" + (folder / "index.npy").string() + "\"";
    if (kept.samples.size() != kept.table.count)
        throw std::runtime_error(index + " names " + std::to_string(kept.samples.size()) + " samples, but there are " +
                                 std::to_string(kept.table.count) + " embeddings; the run folder is damaged.");
    for (const std::int32_t each : kept.samples)
        if (each < 0 || static_cast<std::size_t>(each) >= samples)
            throw std::runtime_error(index + " names a sample that samples.csv has not; the run folder is damaged.");
    return kept;
}

}  // namespace embedscope
