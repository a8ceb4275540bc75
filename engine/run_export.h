#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// What a kept run can be exported as.
struct ExportFormat {
    std::string id;     ///< "onnx"
    std::string label;  ///< "Encoder as ONNX"
    std::string help;
    std::string suffix;  ///< ".onnx"; empty: a folder is written.
};

const std::vector<ExportFormat>& exportFormats();

/// Embeddings are those of the newest complete epoch of a run folder, the encoder that of its newest checkpoint. Files
/// are written in full or not at all. Blocks.
/// @param out A file that is made anew, or a folder. @return A remark on what is missing in it, or nothing.
/// @throws std::invalid_argument naming the known formats; std::runtime_error naming the file that cannot be read or
/// written, or saying why this encoder cannot be exported so.
std::string exportRun(const std::filesystem::path& runFolder, std::string_view format,
                      const std::filesystem::path& out);

}  // namespace embedscope
