#include "engine/data_set.h"

#include <array>
#include <stdexcept>

namespace embedscope {

std::filesystem::path bundledSampleFolder() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const std::array<std::filesystem::path, 3> places = {
        program / "../share/embedscope/samples/fashion-mnist",
        program / "resources/samples/fashion-mnist",
        std::filesystem::path(EMBEDSCOPE_RESOURCES) / "samples/fashion-mnist",
    };
    std::string searched;
    for (const std::filesystem::path& place : places) {
        if (std::filesystem::is_directory(place, error)) return place.lexically_normal();
        searched += (searched.empty() ? "" : ", ") + place.lexically_normal().string();
    }
    throw std::runtime_error("The bundled sample is missing; it was looked for in " + searched + ".");
}

}  // namespace embedscope
