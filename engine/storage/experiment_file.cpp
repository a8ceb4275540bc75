#include "engine/experiment_file.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace embedscope {
namespace {

constexpr std::uintmax_t kLargestExperimentFile = 1 << 20;

}  // namespace

Experiment readExperiment(const std::filesystem::path& file) try {
    std::error_code unknown;
    const std::uintmax_t bytes = std::filesystem::file_size(file, unknown);
    std::ifstream stream(file, std::ios::binary);
    if (unknown || !stream) throw std::runtime_error("it cannot be read.");
    if (bytes > kLargestExperimentFile) throw std::runtime_error("it is too large for an experiment.");
    return experimentFromJson(std::string(std::istreambuf_iterator<char>(stream), {}));
} catch (const std::runtime_error& failure) {
    throw std::runtime_error("\"" + file.string() + "\": " + failure.what());
}

}  // namespace embedscope
