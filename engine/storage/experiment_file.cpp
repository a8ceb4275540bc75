#include "engine/experiment_file.h"

#include "engine/experiment.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace embedscope {
namespace {

constexpr std::uintmax_t kLargestExperimentFile = 1 << 20;

/// A sentence, if a run's file says that another version of the program wrote it; else nothing.
std::string otherVersionIn(const std::string& text) {
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    const auto version = json.is_object() ? json.find("program_version") : json.end();
    if (!json.is_object() || version == json.end() || !version->is_string() || *version == programVersion()) return {};
    constexpr std::size_t kMost = 20;
    return " It was written by version " + version->get<std::string>().substr(0, kMost) + ", and this is " +
           std::string(programVersion()) + "; open it with that version.";
}

}  // namespace

Experiment readExperiment(const std::filesystem::path& file) try {
    std::error_code unknown;
    const std::uintmax_t bytes = std::filesystem::file_size(file, unknown);
    std::ifstream stream(file, std::ios::binary);
    if (unknown || !stream) throw std::runtime_error("it cannot be read.");
    if (bytes > kLargestExperimentFile) throw std::runtime_error("it is too large for an experiment.");
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    try {
        return experimentFromJson(text);
    } catch (const std::runtime_error& wrong) {
        throw std::runtime_error(wrong.what() + otherVersionIn(text));
    }
} catch (const std::runtime_error& failure) {
    throw std::runtime_error("\"" + file.string() + "\": " + failure.what());
}

}  // namespace embedscope
