#include "engine/run_export.h"

#include "engine/exports/kept_encoder.h"
#include "engine/exports/onnx.h"
#include "engine/exports/table_exports.h"
#include "engine/exports/torchscript.h"
#include "engine/storage/atomic_file.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace embedscope {
namespace {

namespace fs = std::filesystem;

std::string writeWhole(const fs::path& out, const std::string& bytes) {
    AtomicFile file(out);
    file.write(bytes);
    file.commit();
    return {};
}

std::string exportTorchScript(const fs::path& runFolder, const fs::path& out) {
    return writeWhole(out, torchScriptOf(keptEncoder(runFolder)));
}

std::string exportOnnx(const fs::path& runFolder, const fs::path& out) {
    return writeWhole(out, onnxOf(keptEncoder(runFolder)));
}

std::string exportSafeTensors(const fs::path& runFolder, const fs::path& out) {
    writeWeights(out, keptEncoder(runFolder).weights);
    return {};
}

struct Format {
    ExportFormat row;
    std::string (*write)(const fs::path& runFolder, const fs::path& out);
};

const std::vector<Format>& formats() {
    static const std::vector<Format> kFormats = {
        {{"csv", "Embeddings as CSV", "One file: index, path, label, split and the numbers of each embedding.", ".csv"},
         exportCsv},
        {{"npy", "Embeddings as NumPy", "float32 [rows, dimension], with a CSV table of path and label beside it.",
          ".npy"},
         exportNpy},
        {{"projector", "Embedding Projector",
          "A folder with tensors.tsv, metadata.tsv, sprite.png and a config, to load at projector.tensorflow.org or in "
          "TensorBoard.",
          ""},
         exportProjector},
        {{"tensorboard", "Metrics for TensorBoard", "A folder with an event file of all columns of metrics.csv.", ""},
         exportTensorBoard},
        {{"torchscript", "Encoder as TorchScript",
          "Loads with torch.jit.load and as this program's TorchScript encoder. embed(pixels) takes bytes from 0 to "
          "255, forward(images) pixels of mean 0 and deviation 1.",
          ".pt"},
         exportTorchScript},
        {{"onnx", "Encoder as ONNX",
          "Loads in ONNX Runtime and in OpenCV's dnn module. It takes RGB or grey pixels from 0 to 255.", ".onnx"},
         exportOnnx},
        {{"safetensors", "Weights as safetensors", "The encoder's weights by name, float32.", ".safetensors"},
         exportSafeTensors}};
    return kFormats;
}

}  // namespace

const std::vector<ExportFormat>& exportFormats() {
    static const std::vector<ExportFormat> kRows = [] {
        std::vector<ExportFormat> rows;
        for (const Format& format : formats()) rows.push_back(format.row);
        return rows;
    }();
    return kRows;
}

std::string exportRun(const fs::path& runFolder, std::string_view format, const fs::path& out) {
    std::string known;
    for (const Format& each : formats()) {
        if (each.row.id == format) return each.write(runFolder, out);
        known += (known.empty() ? "" : ", ") + each.row.id;
    }
    throw std::invalid_argument("There is no export format \"" + std::string(format) + "\"; choose one of: " + known +
                                ".");
}

}  // namespace embedscope
