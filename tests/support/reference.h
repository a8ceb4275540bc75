#pragma once

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace embedscope {

/// One file of expected values: tests/reference/, or the folder that EMBEDSCOPE_REFERENCE names.
inline nlohmann::json referenceFile(const std::string& name) {
    const char* other = std::getenv("EMBEDSCOPE_REFERENCE");
    const std::filesystem::path folder =
        other ? std::filesystem::path(other) : std::filesystem::path(EMBEDSCOPE_SOURCE_DIR) / "tests" / "reference";
    std::ifstream input(folder / name);
    if (!input) throw std::runtime_error("There is no reference file " + (folder / name).string());
    return nlohmann::json::parse(input);
}

}  // namespace embedscope
