#include "engine/run_notes.h"

#include "engine/storage/atomic_file.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestNote = 10'000, kLongestTags = 1'000;
constexpr std::uintmax_t kLargestFile = 1 << 16;

fs::path fileOf(const fs::path& runFolder) {
    return runFolder / "notes.json";
}

std::string textIn(const nlohmann::json& notes, const char* key, std::size_t longest) {
    const auto found = notes.find(key);
    return found != notes.end() && found->is_string() ? found->get<std::string>().substr(0, longest) : std::string();
}

}  // namespace

RunNotes readRunNotes(const fs::path& runFolder) {
    std::error_code none;
    const std::uintmax_t bytes = fs::file_size(fileOf(runFolder), none);
    if (none || bytes > kLargestFile) return {};
    std::ifstream stream(fileOf(runFolder), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    const nlohmann::json notes = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!notes.is_object()) return {};
    return {textIn(notes, "note", kLongestNote), textIn(notes, "tags", kLongestTags)};
}

void writeRunNotes(const fs::path& runFolder, const RunNotes& notes) {
    if (notes.note.size() > kLongestNote) throw std::runtime_error("The note is longer than 10,000 bytes; shorten it.");
    if (notes.tags.size() > kLongestTags)
        throw std::runtime_error("The tags are longer than 1,000 bytes; leave some out.");
    AtomicFile file(fileOf(runFolder));
    file.write(nlohmann::json{{"note", notes.note}, {"tags", notes.tags}}.dump(
                   2, ' ', false, nlohmann::json::error_handler_t::replace) +
               "\n");
    file.commit();
}

}  // namespace embedscope
